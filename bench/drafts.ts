import { parseAllDocuments } from 'yaml';
import { createWorkspace } from '../src/analysis/index.ts';
import type { LiveControlPlane, Workspace } from '../src/analysis/index.ts';
import { isObject, memberAt, stringMember } from '../src/engine/index.ts';
import type { JsonObject, PreviousPlacement } from '../src/engine/index.ts';
import { parseSource } from '../src/yaml/index.ts';
import { benchFixture } from './fixture.ts';
import { checkRatio, finish } from './measure.ts';
import { releaseTexts } from './releaseFile.ts';

// What a control plane of 1,000 clusters under the documents adds to a keystroke: the same documents once over a fleet
// file, once over a live control plane that holds all of their objects too and 400 releases more. A keystroke is compared
// with what reading the text again costs, too: in one release it touches one release, in a policy of all releases all of
// them. Times are of the processor, so that other programs do not count.

const keystrokeBound = 1.6;
const updateBound = 2;
/** A keystroke takes a few ms, of which compiler and collector have a share that varies: many rounds, but not for ever. */
const roundsLimit = 10_000;

const clusters = benchFixture({ clusters: 1000, releases: 0, overrides: 0, valuesBlocks: 0 });
const { releases } = releaseTexts(400);
const others = benchFixture({ clusters: 0, releases: 400, overrides: 4, valuesBlocks: 4 }).map(
  inPlace,
);
const written = parseSource(releases)
  .documents.map(({ value }) => value)
  .filter(isObject);

/** The same names in another namespace. */
function inPlace(object: JsonObject): JsonObject {
  return JSON.parse(JSON.stringify(object).replaceAll('"apps"', '"elsewhere"')) as JsonObject;
}

function nameOf(object: JsonObject, field: 'name' | 'namespace'): string {
  return stringMember(memberAt(object, 'metadata'), field);
}

/** What Karmada writes onto a template that a policy of its namespace claims. */
function claimed(object: JsonObject): JsonObject {
  const kind = stringMember(object, 'kind');
  if (kind.endsWith('Policy')) return object;
  const policy = kind === 'HelmRelease' ? 'releases' : 'sources';
  const metadata = object['metadata'] as JsonObject;
  const labels = {
    ...(metadata['labels'] as JsonObject),
    'propagationpolicy.karmada.io/permanent-id': policy,
  };
  const annotations = {
    'propagationpolicy.karmada.io/namespace': nameOf(object, 'namespace'),
    'propagationpolicy.karmada.io/name': policy,
  };
  return { ...object, metadata: { ...metadata, labels, annotations } };
}

const objects = [...written, ...others].map(claimed);
const goesTo = clusters
  .filter((_, i) => i % 50 !== 49)
  .map((cluster) => ({ name: nameOf(cluster, 'name') }));
const previous = new Map(
  objects.map((object): [string, PreviousPlacement] => {
    const type = ['apiVersion', 'kind'].map((field) => stringMember(object, field));
    const key = [...type, nameOf(object, 'namespace'), nameOf(object, 'name')].join('/');
    return [key, { clusters: [...goesTo] }];
  }),
);
const live: LiveControlPlane = {
  context: 'bench',
  karmadaVersion: '1.18.2',
  served: new Map([
    ['helm.toolkit.fluxcd.io', ['v2']],
    ['source.toolkit.fluxcd.io', ['v1']],
  ]),
  clusters,
  objects,
  previous,
  unread: new Set(),
};

function open(plane: LiveControlPlane | undefined): Workspace {
  const workspace = createWorkspace({ fleet: [...clusters] });
  workspace.setLive(plane);
  workspace.update('releases.yaml', releases);
  look(workspace);
  return workspace;
}

/** What an editor asks after every keystroke. */
function look(workspace: Workspace): void {
  workspace.diagnostics('releases.yaml');
  workspace.lenses('releases.yaml');
}

function typing(workspace: Workspace, mark: string): () => void {
  const at = releases.indexOf(mark) + mark.length;
  if (at < mark.length) throw new Error(`the text has no ${mark}`);
  let typed = 0;
  return () => {
    typed++;
    workspace.update(
      'releases.yaml',
      releases.slice(0, at) + String(typed % 10) + releases.slice(at),
    );
    look(workspace);
  };
}

/** One live release after the other changes, as somebody else works on the control plane. */
function changing(workspace: Workspace): () => void {
  let changes = 0;
  let current = objects;
  return () => {
    changes++;
    const index = written.length + (changes % others.length);
    current = current.map((object, i) =>
      i === index
        ? { ...object, spec: { ...(object['spec'] as JsonObject), interval: `${changes}m` } }
        : object,
    );
    workspace.setLive({ ...live, objects: current });
    look(workspace);
  };
}

function timeOf(run: () => void): number {
  const start = process.cpuUsage();
  run();
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1000;
}

function median(times: readonly number[]): number {
  return times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)] ?? NaN;
}

/** Where to type, and how much of a parse of the whole text a keystroke there may cost. */
const marks = {
  'a release': { mark: 'repository: ghcr.io/example/app-200', bound: 0.15 },
  'the override of one release': { mark: 'value: 2.200.', bound: 0.15 },
  'the override of all releases': { mark: 'value: production', bound: 0.9 },
  'a propagation policy': {
    mark: 'kind: HelmRelease\n  placement:\n    clusterAffinity:\n      labelSelector:\n        matchExpressions:\n          - key: env\n            operator: In\n            values: [staging',
    bound: 0.9,
  },
};
const first = timeOf(() => open(live));
const over = open(live);
const beside = open(undefined);
console.log(`opened over 1,000 live clusters and 400 releases more in ${first.toFixed(0)} ms`);
const parse = median(Array.from({ length: 7 }, () => timeOf(() => parseAllDocuments(releases))));
for (const [where, { mark, bound }] of Object.entries(marks)) {
  const runs = [typing(over, mark), typing(beside, mark)] as const;
  const times: [number[], number[]] = [[], []];
  const end = performance.now() + roundsLimit;
  for (let round = -20; round < 60 && (round < 15 || performance.now() < end); round++) {
    for (const i of [0, 1] as const) {
      const time = timeOf(runs[i]);
      if (round >= 0) times[i].push(time);
    }
  }
  const [ours, without] = [median(times[0]), median(times[1])];
  const detail = `${ours.toFixed(2)} ms ÷ ${without.toFixed(2)} ms`;
  checkRatio(`keystroke in ${where}, live ÷ files alone`, ours / without, keystrokeBound, detail);
  checkRatio(
    `keystroke in ${where} ÷ parse by yaml`,
    ours / parse,
    bound,
    `${ours.toFixed(2)} ms ÷ ${parse.toFixed(1)} ms`,
  );
}
const update = changing(over);
const keystroke = typing(over, marks['a release'].mark);
const updates: number[] = [];
const keystrokes: number[] = [];
for (let round = -2; round < 9; round++) {
  const [changed, typed] = [timeOf(update), timeOf(keystroke)];
  if (round < 0) continue;
  updates.push(changed);
  keystrokes.push(typed);
}
const [changed, typed] = [median(updates), median(keystrokes)];
checkRatio(
  'a change on the control plane ÷ a keystroke',
  changed / typed,
  updateBound,
  `${changed.toFixed(2)} ms ÷ ${typed.toFixed(2)} ms`,
);
finish();
