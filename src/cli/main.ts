import { parseArguments, usage } from './arguments.ts';
import type { PreviewArguments } from './arguments.ts';
import { readYamlFiles } from './files.ts';
import type { TextFile } from './files.ts';
import { report } from './report.ts';
import { createWorkspace } from '../analysis/index.ts';
import type { WorkspaceOptions } from '../analysis/index.ts';

/** Runs the command line; the answer is the exit status. */
function main(argv: readonly string[]): 0 | 1 | 2 {
  const parsed = parseArguments(argv);
  if (parsed.type === 'help') return print(usage, 0);
  if (parsed.type === 'misuse') return complain(parsed.text);
  const files: TextFile[] = [];
  for (const path of parsed.value.paths) {
    const answer = readYamlFiles(path);
    if ('problem' in answer) return complain(answer.problem);
    files.push(...answer.files);
  }
  const fleet = readFleet(parsed.value.fleet);
  if (fleet && 'problem' in fleet) return complain(fleet.problem);
  const workspace = createWorkspace(toOptions(parsed.value, fleet?.file));
  if (fleet && workspace.clusters().length === 0) return complain(noCluster(fleet.file));
  for (const { name, text } of files) workspace.update(name, text);
  const known = workspace.clusters().map(({ name }) => name);
  const { cluster } = parsed.value;
  if (cluster !== undefined && !known.includes(cluster)) {
    const syntax = workspace.preview().problems.find(({ code }) => code === 'yaml-syntax');
    const hint = syntax ? ` ${syntax.uri}:${syntax.range.start.line + 1}: ${syntax.message}.` : '';
    return complain(`There is no cluster "${cluster}". ${listNames(known)}${hint}`);
  }
  const { text, failed } = report(workspace, parsed.value);
  return print(text, failed ? 1 : 0);
}

function readFleet(path: string | undefined): { file: TextFile } | { problem: string } | undefined {
  if (path === undefined) return undefined;
  const answer = readYamlFiles(path);
  if ('problem' in answer) return answer;
  const text = answer.files.map((file) => file.text).join('\n---\n');
  return { file: { name: answer.files[0]?.name ?? path, text } };
}

/** What is wrong with a fleet file that holds no cluster: where it is no YAML, or that it is about something else. */
function noCluster({ name, text }: TextFile): string {
  const alone = createWorkspace();
  alone.update(name, text);
  const syntax = alone.diagnostics(name).find(({ code }) => code === 'yaml-syntax');
  const hint = syntax ? ` Line ${syntax.range.start.line + 1}: ${syntax.message}.` : '';
  return `${name} holds no Cluster; write it with "kubectl get clusters -o yaml".${hint}`;
}

function toOptions(args: PreviewArguments, fleet: TextFile | undefined): WorkspaceOptions {
  return {
    ...(args.fluxVersion === undefined ? {} : { fluxVersion: args.fluxVersion }),
    ...(args.karmadaVersion === undefined ? {} : { karmadaVersion: args.karmadaVersion }),
    ...(args.namespace === undefined ? {} : { defaultNamespace: args.namespace }),
    ...(fleet === undefined ? {} : { fleet: fleet.text, fleetName: fleet.name }),
  };
}

function listNames(names: readonly string[]): string {
  if (names.length === 0) return 'No cluster is known: give a fleet file with --fleet.';
  const shown = names.slice(0, 10).join(', ');
  return `Known: ${shown}${names.length > 10 ? ` and ${names.length - 10} more` : ''}.`;
}

function print<T>(text: string, status: T): T {
  process.stdout.write(text);
  return status;
}

function complain(text: string): 2 {
  process.stderr.write(`karmada-preview: ${text}\n`);
  return 2;
}

// A reader that closes early, as `head` does, is no failure of ours.
process.stdout.on('error', () => process.exit(0));
process.exitCode = main(process.argv.slice(2));
