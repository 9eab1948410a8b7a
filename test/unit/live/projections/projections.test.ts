import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  createInterner,
  readBinding,
  readCluster,
  readEvent,
  readObject,
  readWork,
} from '../../../../src/live/index.ts';
import type { JsonObject, Result } from '../../../../src/engine/index.ts';
import { bindingSeed, clusterSeed, releaseSeed, workSeed } from '../../../support/fleetObjects.ts';

const interner = createInterner();

function rowOf<R>(result: Result<R>): R {
  assert.ok('value' in result, JSON.stringify(result));
  return result.value;
}

test('a cluster keeps what views and the engine read, and nothing of how to reach it', () => {
  const row = rowOf(readCluster(clusterSeed(39, 6).object, interner));
  assert.equal(row.key, 'member-0039');
  assert.equal(row.version, 'v1.36.1');
  assert.equal(row.mode, 'Pull');
  assert.equal(row.ready.status, 'True');
  assert.equal(row.region, 'eu-north');
  assert.deepEqual(row.zones, ['zone-4']);
  assert.deepEqual(row.taints, [
    { key: 'maintenance', value: '', effect: 'NoSchedule', timeAdded: '2026-03-04T05:06:07Z' },
  ]);
  assert.deepEqual(row.nodes, { total: 7, ready: 3 });
  assert.equal(row.allocatable['memory'], '98304Mi');
  assert.equal(row.problem, undefined);
  assert.doesNotMatch(
    JSON.stringify(row),
    /example\.com:6443|impersonator|secretRef|managedFields/,
  );
});

test('clusters that serve the same share one list of it', () => {
  const one = rowOf(readCluster(clusterSeed(1, 6).object, interner));
  const other = rowOf(readCluster(clusterSeed(2, 6).object, interner));
  const third = rowOf(readCluster(clusterSeed(3, 7).object, interner));
  assert.equal(one.apiEnablements, other.apiEnablements);
  assert.notEqual(one.apiEnablements, third.apiEnablements);
});

test('the deprecated zone of a cluster is its only zone', () => {
  const value = { metadata: { name: 'm' }, spec: { zone: 'a' } };
  assert.deepEqual(rowOf(readCluster(value, interner)).zones, ['a']);
});

test('a binding knows its template, policy, clusters and what they report', () => {
  const row = rowOf(readBinding(bindingSeed(3, 30).object, interner));
  assert.equal(row.key, 'team-0/app-003-helmrelease');
  assert.equal(row.template.kind, 'HelmRelease');
  assert.equal(row.clusters.length, 30);
  assert.equal(row.scheduled?.reason, 'Success');
  const good = row.reports.get('member-0000');
  assert.equal(good?.ready?.status, 'True');
  assert.equal(good?.chartVersion, '6.6.1');
  assert.equal(good?.releaseRevision, 2);
  const bad = row.reports.get('member-0019');
  assert.equal(bad?.ready?.reason, 'UpgradeFailed');
  assert.equal(bad?.failures, 3);
});

test('suspension, preserving, required clusters and evictions of a binding are read', () => {
  const spec = {
    resource: { apiVersion: 'v1', kind: 'ConfigMap', namespace: 'a', name: 'b' },
    requiredBy: [{ clusters: [{ name: 'x' }, { name: 'y' }] }, { clusters: [{ name: 'x' }] }],
    gracefulEvictionTasks: [{ fromCluster: 'z' }],
    suspension: { dispatchingOnClusters: { clusterNames: ['y'] }, scheduling: true },
    preserveResourcesOnDeletion: true,
  };
  const row = rowOf(
    readBinding({ metadata: { name: 'b-configmap', namespace: 'a' }, spec }, interner),
  );
  assert.deepEqual(row.requiredBy, ['x', 'y']);
  assert.deepEqual(row.evicting, ['z']);
  assert.deepEqual(row.suspended, ['y']);
  assert.equal(row.isSchedulingSuspended, true);
  assert.equal(row.isPreserving, true);
  const all = { metadata: { name: 'b' }, spec: { suspension: { dispatching: true } } };
  assert.equal(rowOf(readBinding(all, interner)).suspended, 'all');
});

test('a Work knows its cluster, binding and manifest, and lets the manifest go', () => {
  const row = rowOf(readWork(workSeed(7, 2).object, interner));
  assert.equal(row.cluster, 'member-0007');
  assert.equal(row.binding, 'team-0/app-002-helmrelease');
  assert.equal(row.manifest?.kind, 'HelmRelease');
  assert.equal(row.applied?.status, 'True');
  assert.equal(row.report?.ready?.status, 'True');
  assert.doesNotMatch(JSON.stringify(row), /replicaCount/);
});

test('a Work tells the overrides that applied, by policy', () => {
  const annotations = {
    'policy.karmada.io/applied-overrides':
      '[{"policyName":"a","overriders":{}},{"policyName":"b"}]',
    'policy.karmada.io/applied-cluster-overrides': 'no JSON',
  };
  const row = rowOf(readWork({ metadata: { name: 'w', annotations } }, interner));
  assert.deepEqual(row.overrides, ['a', 'b']);
  assert.deepEqual(row.clusterOverrides, []);
});

test('no value of a Secret and no copy of an object gets into a row', () => {
  const secret = {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: {
      name: 's',
      namespace: 'n',
      managedFields: [{ manager: 'hunter2' }],
      annotations: {
        'kubectl.kubernetes.io/last-applied-configuration': '{"data":{"k":"hunter2"}}',
        team: 'a',
      },
    },
    data: { k: 'hunter2' },
    stringData: { l: 'hunter2' },
  };
  const row = rowOf(readObject(secret, interner));
  assert.equal(row.key, 'Secret/n/s');
  assert.deepEqual(row.object['data'], { k: null });
  assert.deepEqual(row.object['stringData'], { l: null });
  assert.doesNotMatch(JSON.stringify(row), /hunter2/);
  // Items of a list do not say what they are.
  const { kind: _kind, apiVersion: _apiVersion, ...item } = secret;
  const listed = readObject(item, interner, { apiVersion: 'v1', kind: 'Secret' });
  assert.doesNotMatch(JSON.stringify(rowOf(listed)), /hunter2/);
});

test('what an event quotes of a Secret is masked', () => {
  const message =
    'replace operation does not apply: path is missing in \'{"data":{"k":"hunter2"}}\'';
  const event = {
    metadata: { name: 'e', namespace: 'n' },
    reason: 'SyncWorkFailed',
    message,
    involvedObject: { kind: 'Secret', name: 's', namespace: 'n' },
  };
  assert.doesNotMatch(rowOf(readEvent(event, interner)).message, /hunter2/);
  for (const kind of ['ResourceBinding', 'ClusterResourceBinding']) {
    const onBinding = { ...event, involvedObject: { kind, name: 's-secret', namespace: 'n' } };
    assert.doesNotMatch(rowOf(readEvent(onBinding, interner)).message, /hunter2/);
  }
});

test('events of both APIs are read alike', () => {
  const about = { apiVersion: 'v1', kind: 'Pod', namespace: 'n', name: 'p', uid: 'u' };
  const core = readEvent(
    {
      metadata: { name: 'e', namespace: 'n' },
      involvedObject: about,
      reason: 'R',
      message: 'M',
      type: 'Warning',
      count: 3,
      firstTimestamp: '2026-01-01T00:00:00Z',
      lastTimestamp: '2026-01-02T00:00:00Z',
      source: { component: 'c' },
    },
    interner,
  );
  const newer = readEvent(
    {
      metadata: { name: 'e', namespace: 'n' },
      regarding: about,
      reason: 'R',
      note: 'M',
      type: 'Warning',
      eventTime: '2026-01-01T00:00:00Z',
      series: { count: 3, lastObservedTime: '2026-01-02T00:00:00Z' },
      reportingController: 'c',
    },
    interner,
  );
  assert.deepEqual(rowOf(core), rowOf(newer));
});

test('what has another type is told, and the rest is read', () => {
  const object = bindingSeed(1, 2).object as unknown as { status: JsonObject };
  const row = rowOf(readBinding({ ...object, status: { aggregatedStatus: 'many' } }, interner));
  assert.equal(row.problem, 'status.aggregatedStatus is not a list.');
  assert.equal(row.clusters.length, 2);
  assert.equal(row.reports.size, 0);
});

test('what is no object or has no name is an error in a sentence', () => {
  for (const read of [readCluster, readBinding, readWork, readObject, readEvent]) {
    for (const value of [undefined, null, 3, 'x', [], {}, { metadata: { name: 7 } }]) {
      const result = read(value, interner);
      assert.ok('error' in result && /^[A-Z].*\.$/.test(result.error));
    }
  }
});

test('an object that nests too deep is refused', () => {
  let spec: JsonObject = {};
  for (let i = 0; i < 20_000; i++) spec = { a: spec };
  const result = readObject({ kind: 'HelmRelease', metadata: { name: 'x' }, spec }, interner);
  assert.ok('error' in result && result.error.includes('deeper'));
});

/** Real objects with some of their values replaced by anything. */
const samples = [
  clusterSeed(1, 4).object,
  bindingSeed(1, 3).object,
  workSeed(1, 1).object,
  releaseSeed(1).object,
] as unknown as JsonObject[];

test('no shape makes a projection throw, and its input stays as it is', () => {
  const mutated = fc
    .tuple(
      fc.constantFrom(...samples),
      fc.array(fc.tuple(fc.nat(), fc.jsonValue({ maxDepth: 2 })), { maxLength: 4 }),
    )
    .map(([sample, edits]) => edits.reduce<unknown>(replaceAt, sample));
  fc.assert(
    fc.property(fc.oneof(mutated, fc.jsonValue()), (value) => {
      const before = JSON.stringify(value);
      for (const read of [readCluster, readBinding, readWork, readObject, readEvent]) {
        const result = read(value, interner);
        assert.ok('error' in result || result.value.key !== '');
      }
      assert.equal(JSON.stringify(value), before);
    }),
    { numRuns: 400 },
  );
});

/** The value with the nth of its nodes replaced. */
function replaceAt(value: unknown, [n, by]: readonly [number, unknown]): unknown {
  let left = n % Math.max(1, countNodes(value));
  const walk = (node: unknown): unknown => {
    if (left-- === 0) return by;
    if (Array.isArray(node)) return node.map(walk);
    if (typeof node !== 'object' || node === null) return node;
    return Object.fromEntries(Object.entries(node).map(([key, child]) => [key, walk(child)]));
  };
  return walk(value);
}

function countNodes(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 1;
  return Object.values(value).reduce((sum: number, child) => sum + countNodes(child), 1);
}

test('keys that objects inherit are keys like any other', () => {
  const labels = JSON.parse('{"__proto__":"a","constructor":"b","toString":"c"}');
  const row = rowOf(readCluster({ metadata: { name: 'm', labels } }, interner));
  assert.deepEqual(Object.entries(row.labels), Object.entries(labels));
});

test('an interner forgets what is not asked for and keeps what is', () => {
  const small = createInterner(3);
  const kept = small.value('t', 'kept', () => ({}));
  for (let i = 0; i < 20; i++) {
    small.value('t', `other ${i}`, () => ({}));
    assert.equal(
      small.value('t', 'kept', () => ({})),
      kept,
    );
  }
  const first = small.value('t', 'once', () => ({}));
  for (let i = 0; i < 20; i++) small.value('t', `more ${i}`, () => ({}));
  assert.notEqual(
    small.value('t', 'once', () => ({})),
    first,
  );
  assert.equal(small.text('x'.repeat(10_000)).length, 4097);
});
