import { parseArgs } from 'node:util';

export type OutputFormat = 'yaml' | 'json' | 'diff';

export interface PreviewArguments {
  readonly paths: readonly string[];
  readonly output: OutputFormat;
  readonly cluster: string | undefined;
  readonly fleet: string | undefined;
  readonly bookkeeping: boolean;
  readonly fluxVersion: string | undefined;
  readonly karmadaVersion: string | undefined;
  readonly namespace: string | undefined;
}

export const usage = `Shows what each Karmada member cluster gets, before anything is pushed.

Usage: karmada-preview preview PATH… [options]

PATH is a YAML file, a folder, or - for standard input, as in
  kustomize build . | karmada-preview preview -

Options
  -o, --output FORMAT      yaml (default), json or diff
      --cluster NAME       only what this cluster gets
      --fleet FILE         the clusters, as "kubectl get clusters -o yaml" prints them
      --bookkeeping        with the labels and annotations that Karmada adds
      --flux-version V     the Flux release of the fleet, such as 2.9
      --karmada-version V  the Karmada release of the control plane
  -n, --namespace NAME     for documents that name none (default: default)
  -h, --help               this text

Exit status: 0 shown; 1 an override fails or an object would be refused; 2 misuse.
`;

const versionOptions = [
  ['flux-version', '2.9'],
  ['karmada-version', '1.18'],
] as const;

/** The arguments, or a sentence that says what is wrong with them. */
export function parseArguments(
  argv: readonly string[],
):
  | { type: 'preview'; value: PreviewArguments }
  | { type: 'help' }
  | { type: 'misuse'; text: string } {
  let parsed;
  try {
    parsed = parseArgs({
      args: [...argv],
      allowPositionals: true,
      options: {
        output: { type: 'string', short: 'o', default: 'yaml' },
        cluster: { type: 'string' },
        fleet: { type: 'string' },
        bookkeeping: { type: 'boolean', default: false },
        'flux-version': { type: 'string' },
        'karmada-version': { type: 'string' },
        namespace: { type: 'string', short: 'n' },
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
  } catch (error) {
    return misuse(error instanceof Error ? firstSentence(error.message) : String(error));
  }
  const { values, positionals } = parsed;
  if (values.help) return { type: 'help' };
  const [command, ...paths] = positionals;
  if (command === undefined) return misuse('No command given; "preview" is the one there is.');
  if (command !== 'preview')
    return misuse(`"${command}" is no command; "preview" is the one there is.`);
  if (paths.length === 0) return misuse('No file or folder given; use - for standard input.');
  const { output } = values;
  if (output !== 'yaml' && output !== 'json' && output !== 'diff') {
    return misuse(`"${output}" is no output format; use yaml, json or diff.`);
  }
  for (const [option, example] of versionOptions) {
    const version = values[option];
    if (version !== undefined && !/^v?\d+\.\d+/.test(version)) {
      return misuse(`"${version}" is no version for --${option}; use one such as ${example}.`);
    }
  }
  return {
    type: 'preview',
    value: {
      paths,
      output,
      cluster: values.cluster,
      fleet: values.fleet,
      bookkeeping: values.bookkeeping,
      fluxVersion: values['flux-version'],
      karmadaVersion: values['karmada-version'],
      namespace: values.namespace,
    },
  };
}

function misuse(text: string): { type: 'misuse'; text: string } {
  return { type: 'misuse', text: `${text}\nRun with --help for the options.` };
}

/** Node adds a second sentence of advice about option values that start with a dash; the first one says it all. */
function firstSentence(message: string): string {
  return message.split('. ')[0] ?? message;
}
