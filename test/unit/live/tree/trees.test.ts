import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  ageText,
  createClustersTree,
  createReleasesTree,
  defaultViewOptions,
  readViewOptions,
  troubledReleases,
  type FleetModel,
  type Node,
  type Tree,
  type ViewOptions,
} from '../../../../src/live/index.ts';
import {
  binding,
  cluster,
  condition,
  event,
  modelOf,
  notReadyReport,
  readyReport,
  template,
  work,
} from '../../../support/fleetRows.ts';

const now = Date.parse('2026-01-03T00:00:00Z');

type Make = (input: { model: FleetModel; options: ViewOptions; now: number }) => Tree;

function treeOf(make: Make, model: FleetModel, options: Partial<ViewOptions> = {}): Tree {
  return make({ model, options: { ...defaultViewOptions, ...options }, now });
}

/** A tree as text, one line a node. */
function drawn(tree: Tree, nodes: readonly Node[] = tree.roots(), depth = 0): string[] {
  return nodes.flatMap(({ id, label, description }) => [
    `${'  '.repeat(depth)}${label} | ${description}`,
    ...drawn(tree, tree.children(id), depth + 1),
  ]);
}

/** Each node is found by its id and names its parent; ids are there once. */
function check(tree: Tree): void {
  const seen = new Set<string>();
  const visit = (nodes: readonly Node[], parent: string | undefined): void => {
    for (const node of nodes) {
      assert.ok(!seen.has(node.id), node.id);
      seen.add(node.id);
      assert.deepEqual(tree.node(node.id), node);
      assert.equal(tree.parent(node.id), parent, node.id);
      assert.ok(node.accessibilityLabel.startsWith(node.label), node.accessibilityLabel);
      const children = tree.children(node.id);
      assert.equal(node.collapsible === 'none', children.length === 0, node.id);
      assert.equal(typeof tree.tooltip(node.id), 'string');
      visit(children, node.id);
    }
  };
  visit(tree.roots(), undefined);
}

const report = readyReport('6.6.1');
const taint = { key: 'cluster.karmada.io/unschedulable', effect: 'NoSchedule' };

function sample(): FleetModel {
  const kind = 'HelmRepository';
  return modelOf({
    clusters: [
      cluster('m10', 'True', { spec: { region: 'eu', provider: 'aws', syncMode: 'Push' } }),
      cluster('m2', 'True', { spec: { region: 'us', taints: [taint] } }),
      cluster('m3', 'False', { metadata: { labels: { env: 'prod' } } }),
    ],
    objects: [
      template('b/web'),
      template('a/app'),
      template('a/lost'),
      template('a/app', { kind }),
    ],
    bindings: [
      binding('a/app', ['m10', 'm2', 'm3']),
      binding('b/web', ['m10']),
      binding('a/app', ['m2'], { kind }),
    ],
    works: [
      work('a/app', 'm10', { report }),
      work('a/app', 'm2', { report: notReadyReport('install\nfailed') }),
      work('a/app', 'm3', { report }),
      work('b/web', 'm10', { report }),
      work('a/app', 'm2', { kind, report: { conditions: [condition('Ready', 'True')] } }),
    ],
  });
}

test('releases with their clusters, sources in a group', () => {
  const tree = treeOf(createReleasesTree, sample());
  check(tree);
  assert.deepEqual(drawn(tree), [
    'app | a · 1/3 ready, 1 failed, 1 cluster not ready',
    '  m2 | failed · install failed',
    '  m3 | cluster not ready · app 6.6.1 · revision 1 · no answer',
    '  m10 | ready · app 6.6.1 · revision 1',
    'lost | a · no policy claims it',
    'web | b · 1/1 ready',
    '  m10 | ready · app 6.6.1 · revision 1',
    'Sources | 1',
    '  app | HelmRepository · a · 1/1 ready',
    '    m2 | ready',
  ]);
  assert.equal(troubledReleases(sample()), 2);
});

test('where bindings may not be read, no release is said to go nowhere', () => {
  const model = modelOf({ objects: [template('a/app')] });
  const input = { model, options: defaultViewOptions, now };
  const [claimed] = createReleasesTree(input).roots();
  assert.equal(claimed?.description, 'a · no policy claims it');
  assert.equal(troubledReleases(model), 1);
  const [unknown] = createReleasesTree({ ...input, hasBindings: false }).roots();
  assert.equal(unknown?.description, 'a · bindings cannot be read');
  assert.equal(troubledReleases(model, false), 0);
});

test('a pinned line says so', () => {
  const pins = ['release HelmRelease/b/web', 'cluster m3'];
  const [release] = treeOf(createReleasesTree, sample(), { pins }).roots();
  const [cluster] = treeOf(createClustersTree, sample(), { pins }).roots();
  assert.match(release?.description ?? '', / · pinned$/);
  assert.match(cluster?.description ?? '', / · pinned$/);
});

test('clusters as kubectl lists them, with what is on them', () => {
  const tree = treeOf(createClustersTree, sample());
  check(tree);
  assert.deepEqual(drawn(tree), [
    'm2 | Ready, cordoned 2d',
    '  Releases | 0/1 ready, 1 failed',
    '    app | a · failed · install failed',
    '  Taints | cluster.karmada.io/unschedulable:NoSchedule',
    '  Flux | not installed',
    '  Location | us',
    'm3 | Not ready 2d',
    '  Releases | 0/1 ready, 1 cluster not ready',
    '    app | a · cluster not ready · app 6.6.1 · revision 1 · no answer',
    '  Conditions | Ready False · Because · no answer',
    '  Flux | not installed',
    '  Labels | env=prod',
    'm10 | Push Ready 2d',
    '  Releases | 2/2 ready',
    '    app | a · ready · app 6.6.1 · revision 1',
    '    web | b · ready · app 6.6.1 · revision 1',
    '  Flux | not installed',
    '  Location | aws, eu',
  ]);
});

test('menus tell cordoned clusters, pinned lines and states by tokens', () => {
  const clusters = treeOf(createClustersTree, sample(), { pins: ['cluster m3'] });
  assert.deepEqual(
    clusters.roots().map(({ label, contextValue }) => [label, contextValue]),
    [
      ['m3', 'cluster uncordoned notReady pinned'],
      ['m2', 'cluster cordoned ready unpinned'],
      ['m10', 'cluster uncordoned ready unpinned'],
    ],
  );
  const node = treeOf(createReleasesTree, sample()).node('release HelmRelease/a/app cluster m2');
  assert.equal(node?.contextValue, 'onCluster HelmRelease failed');
  assert.equal(node?.cluster, 'm2');
  const hidden = modelOf({
    clusters: [cluster('m1', 'False')],
    objects: [template('a/app')],
    bindings: [binding('a/app', ['m1'])],
    works: [work('a/app', 'm1', { manifest: { spec: { suspend: true } } })],
  });
  assert.equal(
    treeOf(createReleasesTree, hidden).node('release HelmRelease/a/app cluster m1')?.contextValue,
    'onCluster HelmRelease clusterNotReady suspended',
  );
  assert.equal(node?.reference?.name, 'app');
});

test('clusters are grouped by what they have in common', () => {
  const groups = (groupBy: ViewOptions['groupBy']) => {
    const tree = treeOf(createClustersTree, sample(), { groupBy });
    check(tree);
    return tree
      .roots()
      .map(({ id, label }) => [label, tree.children(id).map((node) => node.label)]);
  };
  assert.deepEqual(groups({ type: 'region' }), [
    ['eu', ['m10']],
    ['us', ['m2']],
    ['No region', ['m3']],
  ]);
  assert.deepEqual(groups({ type: 'readiness' }), [
    ['Not ready', ['m3']],
    ['Ready', ['m2', 'm10']],
  ]);
  assert.deepEqual(groups({ type: 'label', key: 'env' }), [
    ['prod', ['m3']],
    ['No env', ['m2', 'm10']],
  ]);
});

test('releases are found by name, namespace and cluster, and by their problems', () => {
  const lines = (options: Partial<ViewOptions>) => {
    const tree = treeOf(createReleasesTree, sample(), options);
    check(tree);
    return drawn(tree).map((line) => line.split(' |')[0]);
  };
  assert.deepEqual(lines({ filter: 'b/w' }), ['web', '  m10']);
  assert.deepEqual(lines({ filter: 'M10' }), ['app', '  m10', 'web', '  m10']);
  assert.deepEqual(lines({ filter: 'eb b/' }), ['web', '  m10']);
  assert.deepEqual(lines({ filter: 'bwb' }), []);
  assert.deepEqual(lines({ problemsOnly: true }), ['app', '  m2', '  m3', 'lost']);
  assert.deepEqual(lines({ namespaces: ['b'] }), ['web', '  m10']);
  assert.deepEqual(lines({ filter: 'nothing' }), []);
  assert.deepEqual(lines({ pins: ['release HelmRelease/b/web'] }).slice(0, 3), [
    'web',
    '  m10',
    'app',
  ]);
  assert.deepEqual(lines({ groupBy: { type: 'namespace' } }).slice(0, 2), ['a', '  app']);
});

test('clusters are found by name, location and label', () => {
  const found = (filter: string) =>
    treeOf(createClustersTree, sample(), { filter })
      .roots()
      .map(({ label }) => label);
  assert.deepEqual(found('m1'), ['m10']);
  assert.deepEqual(found('env=prod'), ['m3']);
  assert.deepEqual(found('us'), ['m2']);
});

test('a thousand clusters under a release are grouped by state', () => {
  const names = Array.from({ length: 1000 }, (_, i) => `m${i}`);
  const model = modelOf({
    objects: [template('a/app')],
    bindings: [binding('a/app', names)],
    works: names.map((name, i) =>
      work('a/app', name, { report: i % 100 === 7 ? notReadyReport('no') : report }),
    ),
  });
  const tree = treeOf(createReleasesTree, model);
  check(tree);
  const groups = tree.children('release HelmRelease/a/app');
  assert.deepEqual(
    groups.map(({ label, description }) => [label, description]),
    [
      ['Failed', '10'],
      ['Ready', '990'],
    ],
  );
  // A filter that leaves few shows them.
  const few = treeOf(createReleasesTree, model, { problemsOnly: true });
  check(few);
  assert.equal(few.children('release HelmRelease/a/app').length, 10);
});

test('Flux on a member is told by the versions that it serves', () => {
  const served = (group: string, version: string, kinds: readonly string[]) => ({
    groupVersion: `${group}.toolkit.fluxcd.io/${version}`,
    resources: kinds.map((kind) => ({ kind, name: `${kind.toLowerCase()}s` })),
  });
  const flux = cluster('m1', 'True', {
    status: {
      apiEnablements: [
        served('helm', 'v2', ['HelmRelease']),
        served('source', 'v1', ['HelmRepository', 'OCIRepository']),
      ],
    },
  });
  const tree = treeOf(createClustersTree, modelOf({ clusters: [flux] }));
  assert.match(
    tree.node('cluster m1 flux')?.description ?? '',
    /^2\.\d( to 2\.\d)?, HelmRelease v2, HelmRepository v1, OCIRepository v1$/,
  );
});

test('resources are told by how much of them is taken', () => {
  const resourceSummary = {
    allocatable: { cpu: '8', memory: '16Gi', 'nvidia.com/gpu': '0' },
    allocated: { cpu: '1900m', memory: '4Gi' },
  };
  const model = modelOf({ clusters: [cluster('m1', 'True', { status: { resourceSummary } })] });
  const node = treeOf(createClustersTree, model).node('cluster m1 resources');
  assert.equal(node?.description, 'cpu 23% of 8, memory 25% of 16Gi');
});

test('nothing that a server says becomes markup of a tooltip', () => {
  const message = '[x](command:evil) <img src=x> `code` **bold** $(sync)\n\n# title https://a.b';
  const model = modelOf({
    clusters: [cluster('m1')],
    objects: [template('a/app')],
    bindings: [binding('a/app', ['m1'])],
    works: [work('a/app', 'm1', { report: notReadyReport(message) })],
  });
  const text = treeOf(createReleasesTree, model).tooltip('release HelmRelease/a/app cluster m1');
  const said = text.split('\n').find((line) => line.includes('Message')) ?? '';
  assert.ok(said.includes('\\[x\\](command:evil) \\<img src=x\\>'), said);
  assert.ok(said.includes('\\`code\\` \\*\\*bold\\*\\* \\$(sync) # title https\\://a.b'), said);
});

test('an override that fails is a problem, though the member is ready', () => {
  const model = modelOf({
    objects: [template('a/app')],
    bindings: [binding('a/app', ['m1'])],
    works: [work('a/app', 'm1', { report })],
    events: [
      event(
        'a/app',
        'ApplyOverridePolicyFailed',
        'Apply override policy(a/o) for cluster(m1) failed.',
      ),
    ],
  });
  assert.equal(
    drawn(treeOf(createReleasesTree, model))[0],
    'app | a · 0/1 ready, 1 override failing',
  );
  assert.equal(troubledReleases(model), 1);
});

test('ages are those of kubectl and never negative', () => {
  const age = (seconds: number) =>
    ageText('2026-01-01T00:00:00Z', Date.parse('2026-01-01T00:00:00Z') + seconds * 1000);
  const hour = 3600;
  const day = 24 * hour;
  const cases: readonly (readonly [number, string])[] = [
    [-500, '0s'],
    [119, '119s'],
    [120, '2m'],
    [9 * 60 + 5, '9m5s'],
    [10 * 60 + 5, '10m'],
    [3 * hour + 61, '3h1m'],
    [9 * hour, '9h'],
    [47 * hour, '47h'],
    [2 * day + hour, '2d1h'],
    [9 * day, '9d'],
    [3 * 365 * day + 4 * day, '3y4d'],
    [9 * 365 * day, '9y'],
  ];
  for (const [seconds, text] of cases) assert.equal(age(seconds), text);
  assert.equal(ageText('', now), '');
  assert.equal(ageText('yesterday', now), '');
});

test('stored options of any shape are options', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (stored) => {
      const options = readViewOptions(stored);
      check(treeOf(createReleasesTree, sample(), options));
      assert.deepEqual(readViewOptions(JSON.parse(JSON.stringify(options))), options);
    }),
    { numRuns: 60 },
  );
  const chosen: ViewOptions = {
    filter: 'x',
    problemsOnly: true,
    namespaces: ['a'],
    pins: ['release HelmRelease/a/app'],
    groupBy: { type: 'label', key: 'env' },
  };
  assert.deepEqual(readViewOptions(chosen), chosen);
});

test('a member that may not be read is marked in both views until it may', () => {
  const input = { model: sample(), options: defaultViewOptions, now };
  const access = (name: string) =>
    name === 'm2' ? ({ type: 'proxy', user: 'ada' } as const) : undefined;
  for (const make of [createClustersTree, createReleasesTree]) {
    const tree = make({ ...input, access });
    check(tree);
    const marked = drawn(tree).filter((line) => line.includes('not readable: rights missing'));
    assert.ok(marked.some((line) => line.includes('m2')));
    assert.ok(!marked.some((line) => /\bm(3|10)\b/.test(line)), String(marked));
    assert.doesNotMatch(drawn(make(input)).join(), /not readable/);
  }
  const tooltip = createClustersTree({ ...input, access }).tooltip('cluster m2');
  assert.match(tooltip, /clusters\/proxy/);
});
