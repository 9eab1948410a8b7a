import { parseAllDocuments } from 'yaml';
import { getLanguageService, TextDocument } from 'yaml-language-server';
import { rootSchema } from '../src/analysis/schemaAt.ts';
import { createWorkspace } from '../src/door.ts';
import type { Workspace } from '../src/door.ts';
import { findSchema } from '../src/engine/index.ts';
import { checkRatio, finish, medianTime } from './measure.ts';
import { releaseTexts } from './releaseFile.ts';

// From a keystroke to complete diagnostics in a file of 400 releases. The unit is a parse of the same text by the
// `yaml` package, which every YAML language server does first; yaml-language-server itself is asked at the end.

const keystrokeBound = 0.085;
const coldBound = 1.3;
const serverBound = 1 / 20;

const { fleet, releases } = releaseTexts(400);
const kilobytes = `${(releases.length / 1000).toFixed(0)} kB`;

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

const parse = medianTime(() => parseAllDocuments(releases));

function keystroke(where: string, mark: string): number {
  const workspace = openAll();
  const type = typing(mark);
  const time = medianTime(() => diagnose(workspace, type()), { runs: 101, warmUp: 100 });
  checkRatio(
    `keystroke in ${where} to complete diagnostics ÷ parse by yaml`,
    time / parse,
    keystrokeBound,
    `${time.toFixed(2)} ms ÷ ${parse.toFixed(1)} ms, ${kilobytes}`,
  );
  return time;
}

const inRelease = keystroke('a release', 'repository: ghcr.io/example/app-200');
keystroke('the override of one release', 'value: 2.200.');
keystroke('the override of all releases', 'value: production');

const cold = medianTime(openAll);
checkRatio(
  'a file just opened to complete diagnostics ÷ parse by yaml',
  cold / parse,
  coldBound,
  `${cold.toFixed(1)} ms ÷ ${parse.toFixed(1)} ms, ${kilobytes}`,
);

/** The median time of yaml-language-server for the same keystroke, with the schema of a release. */
async function serverTime(): Promise<number> {
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
  const type = typing('repository: ghcr.io/example/app-200');
  const times: number[] = [];
  for (let version = 1; version <= 12; version++) {
    const document = TextDocument.create('file:///releases.yaml', 'yaml', version, type());
    const start = performance.now();
    await service.doValidation(document, false);
    times.push(performance.now() - start);
  }
  return times.slice(2).sort((a, b) => a - b)[5] ?? NaN;
}

const server = await serverTime();
checkRatio(
  'keystroke in a release to complete diagnostics ÷ yaml-language-server',
  inRelease / server,
  serverBound,
  `${inRelease.toFixed(2)} ms ÷ ${server.toFixed(1)} ms, ${kilobytes}`,
);
finish();
