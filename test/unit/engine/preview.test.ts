import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { member, memberAt } from '../../../src/engine/json.ts';
import { preview } from '../../../src/engine/preview.ts';
import { createSimulator, type Simulation } from '../../../src/engine/simulate.ts';
import type { JsonObject, JsonValue } from '../../../src/engine/types.ts';

const typed = { apiVersion: 'helm.toolkit.fluxcd.io/v2', kind: 'HelmRelease' };

function release(name: string, values: JsonObject = {}): JsonObject {
  return { ...typed, metadata: { name, namespace: 'apps' }, spec: { values } };
}

function cluster(name: string, labels: JsonObject = {}): JsonObject {
  const apis = [
    { groupVersion: typed.apiVersion, resources: [{ kind: typed.kind }] },
    { groupVersion: 'batch/v1', resources: [{ kind: 'Job' }] },
  ];
  return {
    apiVersion: 'cluster.karmada.io/v1alpha1',
    kind: 'Cluster',
    metadata: { name, labels },
    spec: {},
    status: { apiEnablements: apis },
  };
}

function policy(kind: string, name: string, spec: JsonObject): JsonObject {
  const metadata = kind.startsWith('Cluster') ? { name } : { name, namespace: 'apps' };
  return { apiVersion: 'policy.karmada.io/v1alpha1', kind, metadata, spec };
}

const propagation = (name: string, spec: JsonObject = {}): JsonObject =>
  policy('PropagationPolicy', name, { resourceSelectors: [typed], ...spec });

function override(
  name: string,
  target: string,
  value: JsonValue,
  spec: JsonObject = {},
): JsonObject {
  const plaintext = [{ path: '/spec/values/a', operator: 'add', value }];
  return policy('OverridePolicy', name, {
    overrideRules: [{ targetCluster: { clusterNames: [target] }, overriders: { plaintext } }],
    ...spec,
  });
}

const two = [cluster('m1'), cluster('m2')];

test('previews from policy to manifest', () => {
  const [outcome, ...others] = preview([
    ...two,
    release('web'),
    propagation('p'),
    override('o', 'm1', 1),
  ]);
  assert.deepEqual(others, []);
  assert.equal(outcome?.template, 'helm.toolkit.fluxcd.io/v2/HelmRelease/apps/web');
  assert.equal(outcome.policy, 'PropagationPolicy/apps/p');
  assert.deepEqual(outcome.clusters, ['m1', 'm2']);
  const byCluster = outcome.variants
    .toSorted((a, b) => (a.clusters.join() < b.clusters.join() ? -1 : 1))
    .map((at) => [at.clusters, memberAt(at.manifest, 'spec', 'values'), at.overrides]);
  assert.deepEqual(byCluster, [
    [['m1'], { a: 1 }, ['o']],
    [['m2'], {}, undefined],
  ]);
});

test('lets overrides see the labels and annotations of the claim', () => {
  const plaintext = [{ path: '/metadata/annotations/team', operator: 'add', value: 'x' }];
  const adds = policy('OverridePolicy', 'o', { overrideRules: [{ overriders: { plaintext } }] });
  const [outcome] = preview([cluster('m1'), release('web'), propagation('p'), adds]);
  assert.equal(outcome?.variants[0]?.error, undefined);
});

test('leaves out what has no name and counts the last of two with one key', () => {
  const nameless = { ...typed, metadata: {} };
  const objects = [
    release('web', { a: 1 }),
    nameless,
    ...two,
    propagation('p'),
    release('web', { a: 2 }),
  ];
  const outcomes = preview(objects);
  assert.equal(outcomes.length, 1);
  assert.deepEqual(memberAt(outcomes[0]?.variants[0]?.manifest, 'spec', 'values'), { a: 2 });
});

test('knows no policy that admission refuses', () => {
  const refused = propagation('p', { preemption: 'Always' });
  const [outcome] = preview([cluster('m1'), release('web'), refused]);
  assert.deepEqual(outcome, {
    template: 'helm.toolkit.fluxcd.io/v2/HelmRelease/apps/web',
    variants: [],
  });
  const [kept] = preview([cluster('m1'), release('web'), propagation('p'), refused]);
  assert.equal(kept?.policy, 'PropagationPolicy/apps/p');
});

test('answers with the scheduling error', () => {
  const placement = { clusterAffinity: { clusterNames: ['no'] } };
  const [outcome] = preview([...two, release('web'), propagation('p', { placement })]);
  assert.match(outcome?.error ?? '', /^0\/2 clusters are available: 2 cluster\(s\) did not match/);
  assert.deepEqual([outcome?.clusters, outcome?.variants], [undefined, []]);
});

test('leaves a policy of another scheduler to that scheduler', () => {
  const [outcome] = preview([...two, release('web'), propagation('p', { schedulerName: 'mine' })]);
  assert.equal(outcome?.policy, 'PropagationPolicy/apps/p');
  assert.deepEqual([outcome.clusters, outcome.error], [undefined, undefined]);
});

test('divides the completions of a Job with its parallelism', () => {
  const job = {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { name: 'j', namespace: 'apps' },
    spec: { parallelism: 3, completions: 7 },
  };
  const replicaScheduling = { replicaSchedulingType: 'Divided' };
  const selects = { resourceSelectors: [{ apiVersion: 'batch/v1', kind: 'Job' }] };
  const [outcome] = preview([
    ...two,
    job,
    propagation('p', { ...selects, placement: { replicaScheduling } }),
  ]);
  assert.deepEqual(
    outcome?.variants.map(({ clusters, manifest }) => [clusters, manifest?.['spec']]),
    [
      [['m1'], { parallelism: 2, completions: 5 }],
      [['m2'], { parallelism: 1, completions: 2 }],
    ],
  );
});

const objects = [
  ...two,
  release('web'),
  release('api'),
  propagation('p'),
  override('web', 'm1', 1, { resourceSelectors: [{ ...typed, name: 'web' }] }),
];
const replace = (at: number, object: JsonObject): JsonObject[] => objects.with(at, object);

function secondRun(next: readonly JsonObject[]): Map<string, boolean> {
  const simulate = createSimulator();
  const byKey = ({
    simulations,
  }: {
    simulations: readonly Simulation[];
  }): Map<string, Simulation> =>
    new Map(simulations.map((at) => [at.key.split('/').at(-1) ?? '', at]));
  const before = byKey(simulate(objects));
  const after = byKey(simulate(next));
  return new Map([...after].map(([key, at]) => [key, at.outcome === before.get(key)?.outcome]));
}

function checkReused(next: readonly JsonObject[], expected: Record<string, boolean>): void {
  assert.deepEqual(Object.fromEntries(secondRun(next)), expected);
}

test('reuses every answer that cannot differ', () => {
  const copy = (at: number): JsonObject => structuredClone<JsonObject>(objects[at] ?? {});
  checkReused([...objects], { web: true, api: true });
  checkReused(objects.toReversed(), { web: true, api: true });
  checkReused(replace(3, copy(3)), { web: true, api: false });
  checkReused(replace(5, copy(5)), { web: false, api: true });
  // A policy that is written with the same claim and the same clusters in it makes no other manifests.
  checkReused(replace(4, copy(4)), { web: true, api: true });
  const spec = member(copy(4), 'spec') as JsonObject;
  const overwriting = { ...copy(4), spec: { ...spec, conflictResolution: 'Overwrite' } };
  checkReused(replace(4, overwriting), { web: true, api: true });
  const labels = { 'propagationpolicy.karmada.io/permanent-id': 'x' };
  const metadata = { ...(member(copy(4), 'metadata') as JsonObject), labels };
  checkReused(replace(4, { ...copy(4), metadata }), { web: false, api: false });
  checkReused(replace(1, copy(1)), { web: false, api: false });
  checkReused([...objects, release('new')], { web: true, api: true, new: false });
  checkReused([...objects, propagation('z')], { web: true, api: true });
  checkReused([...objects, propagation('a')], { web: false, api: false });
});

test('remembers as many runs as it is told', () => {
  const other = replace(5, override('web', 'm2', 2));
  for (const runsKept of [1, 2]) {
    const simulate = createSimulator(runsKept);
    const outcomes = [objects, other, objects].map((now) =>
      simulate(now).simulations.map(({ outcome }) => outcome),
    );
    assert.equal(outcomes[0]?.[0] === outcomes[2]?.[0], runsKept === 2);
    assert.deepEqual(outcomes[0], outcomes[2]);
  }
});

test('answers a changed control plane as a new one', () => {
  const change = fc.constantFrom<readonly [number, JsonObject | undefined]>(
    [0, undefined],
    [1, cluster('m2', { env: 'prod' })],
    [2, release('web', { b: 2 })],
    [2, undefined],
    [4, propagation('p', { placement: { clusterAffinity: { clusterNames: ['m1'] } } })],
    [4, propagation('p', { preemption: 'Always' })],
    [4, undefined],
    [5, override('web', 'm2', 3)],
    [5, undefined],
  );
  fc.assert(
    fc.property(fc.array(change, { maxLength: 6 }), fc.constantFrom(1, 3), (changes, runsKept) => {
      const simulate = createSimulator(runsKept);
      const current: (JsonObject | undefined)[] = [...objects];
      for (const [at, object] of changes) {
        current[at] = object;
        const given = current.filter((one) => one !== undefined);
        assert.deepEqual(
          simulate(given).simulations.map(({ outcome }) => outcome),
          preview(given),
        );
      }
    }),
  );
});

test('never throws and never changes its input', () => {
  const json = fc.jsonValue({ maxDepth: 4 }) as fc.Arbitrary<JsonValue>;
  const kind = fc.constantFrom(
    ['policy.karmada.io/v1alpha1', 'PropagationPolicy'],
    ['policy.karmada.io/v1alpha1', 'ClusterOverridePolicy'],
    ['cluster.karmada.io/v1alpha1', 'Cluster'],
    ['apps/v1', 'Deployment'],
  );
  const object = fc
    .tuple(kind, json, json, fc.boolean())
    .map(([[apiVersion = '', name = ''], metadata, spec, isNamed]): JsonObject => ({
      apiVersion,
      kind: name,
      metadata: isNamed ? { name: 'a', namespace: 'apps', labels: metadata } : metadata,
      spec,
    }));
  fc.assert(
    fc.property(fc.array(object, { maxLength: 6 }), (given) => {
      const before = JSON.stringify(given);
      preview([...given, cluster('m1'), release('web'), propagation('p')]);
      assert.equal(JSON.stringify(given), before);
    }),
  );
});
