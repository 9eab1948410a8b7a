import { parseAllDocuments } from 'yaml';
import { getLanguageService, TextDocument } from 'yaml-language-server';
import { rootSchema } from '../src/analysis/schemaAt.ts';
import { createWorkspace } from '../src/door.ts';
import type { Workspace } from '../src/door.ts';
import { findSchema } from '../src/engine/index.ts';
import { checkRatio, finish } from './measure.ts';
import { releaseTexts } from './releaseFile.ts';

// From a keystroke to complete diagnostics in a file of 400 releases. The unit is a parse of the same text by the
// `yaml` package, which every YAML language server does first; yaml-language-server itself is asked at the end.

const keystrokeBound = 0.085;
const coldBound = 1.3;
const serverBound = 1 / 20;

const { fleet, releases } = releaseTexts(400);

function openAll(): Workspace {
  const workspace = createWorkspace();
  workspace.update('fleet.yaml', fleet);
  diagnose(workspace, releases);
  return workspace;
}

function diagnose(workspace: Workspace, text: string): void {
  workspace.update('releases.yaml', text);
  const found = workspace.diagnostics('releases.yaml').find(({ severity }) => severity !== 'hint');
  if (found) throw new Error(`line ${found.range.start.line + 1}: ${found.message}`);
}

/** The text with another character behind a mark, another one each time. */
function typing(mark: string): () => string {
  const at = releases.indexOf(mark) + mark.length;
  if (at < mark.length) throw new Error(`the text has no ${mark}`);
  let typed = 0;
  return () => {
    typed++;
    return releases.slice(0, at) + String(typed % 10) + releases.slice(at);
  };
}

/** A keystroke in a workspace that is open all the while. */
function keystrokeAt(mark: string): () => void {
  const workspace = openAll();
  const type = typing(mark);
  const run = (): void => diagnose(workspace, type());
  for (let i = 0; i < 150; i++) run();
  return run;
}

/** yaml-language-server with the schema of a release, asked for the same keystroke. */
function openServer(): (text: string, version: number) => Promise<unknown> {
  const table = findSchema('helm.toolkit.fluxcd.io/v2', 'HelmRelease');
  if (!table) throw new Error('there is no schema of HelmRelease');
  const ours = new Set(['rules', 'since', 'until', 'variants']);
  const schema = JSON.parse(
    JSON.stringify(rootSchema(table), (key, value: unknown) => (ours.has(key) ? undefined : value)),
  ) as object;
  const service = getLanguageService({
    schemaRequestService: () => Promise.reject(new Error('nothing is fetched')),
    workspaceContext: { resolveRelativePath: (path: string) => path },
    yamlSettings: {},
  } as unknown as Parameters<typeof getLanguageService>[0]);
  const schemas = [{ uri: 'inline://release.json', fileMatch: ['/releases.yaml'], schema }];
  service.configure({ validate: true, schemas });
  return (text, version) =>
    service.doValidation(
      TextDocument.create('file:///releases.yaml', 'yaml', version, text) as never,
      false,
    );
}

const everywhere = 'the override of all releases';
const inRelease = 'repository: ghcr.io/example/app-200';
const marks: { readonly [where: string]: string } = {
  'a release': inRelease,
  'the override of one release': 'value: 2.200.',
  [everywhere]: 'value: production',
};
const keystrokes = Object.entries(marks).map(([where, mark]) => ({
  where,
  run: keystrokeAt(mark),
  times: [] as number[],
}));
const validate = openServer();
const typeForServer = typing(inRelease);
const parseTimes: number[] = [];
const coldTimes: number[] = [];
const serverTimes: number[] = [];

// Everything in turn, so that what else the machine does slows all of it down alike.
for (let round = -2; round < 12; round++) {
  const parse = timeOf(() => parseAllDocuments(releases));
  const cold = timeOf(openAll);
  const start = performance.now();
  await validate(typeForServer(), round + 3);
  const server = performance.now() - start;
  for (const { run, times } of keystrokes) {
    for (let i = 0; i < 9; i++) {
      const time = timeOf(run);
      if (round >= 0) times.push(time);
    }
  }
  if (round < 0) continue;
  parseTimes.push(parse);
  coldTimes.push(cold);
  serverTimes.push(server);
}

function timeOf(run: () => void): number {
  const start = performance.now();
  run();
  return performance.now() - start;
}

function median(times: readonly number[]): number {
  return times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)] ?? NaN;
}

function compare(what: string, ours: number, other: number, bound: number): void {
  checkRatio(what, ours / other, bound, `${ours.toFixed(2)} ms ÷ ${other.toFixed(1)} ms`);
}

const [parse, server] = [median(parseTimes), median(serverTimes)];
console.log(`400 releases, ${(releases.length / 1000).toFixed(0)} kB, to complete diagnostics`);
for (const { where, times } of keystrokes) {
  if (where === everywhere) {
    // Four hundred releases are rendered anew: shown, but the bound is for an edit of one.
    const ours = median(times);
    const ratios = `${(ours / server).toFixed(3)} of yaml-language-server, ${(ours / parse).toFixed(3)} of a parse`;
    console.log(`     keystroke in ${where}: ${ratios}; ${ours.toFixed(2)} ms`);
    continue;
  }
  compare(`keystroke in ${where} ÷ yaml-language-server`, median(times), server, serverBound);
  compare(`keystroke in ${where} ÷ parse by yaml`, median(times), parse, keystrokeBound);
}
compare('a file just opened ÷ parse by yaml', median(coldTimes), parse, coldBound);
finish();
