import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import {
  schedule,
  type PreviousPlacement,
  type Schedule,
} from '../../../../src/engine/scheduling/schedule.ts';
import { clusterVerdicts } from '../../../../src/engine/scheduling/verdicts.ts';
import { workloadOf } from '../../../../src/engine/scheduling/workload.ts';
import { clusterFacts, type ClusterFacts } from '../../../../src/engine/selection/clusterFacts.ts';
import { stringMember } from '../../../../src/engine/json.ts';
import type { JsonObject } from '../../../../src/engine/types.ts';

const configMap: JsonObject = { apiVersion: 'v1', kind: 'ConfigMap' };
const deployment = (replicas: number): JsonObject => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  spec: { replicas },
});
const served = [
  { groupVersion: 'v1', resources: [{ kind: 'ConfigMap' }] },
  { groupVersion: 'apps/v1', resources: [{ kind: 'Deployment' }] },
];

interface ClusterParts {
  readonly spec?: JsonObject;
  readonly status?: JsonObject;
  readonly metadata?: JsonObject;
}

function cluster(name: string, parts: ClusterParts = {}): ClusterFacts {
  return clusterFacts({
    metadata: { name, ...parts.metadata },
    spec: parts.spec ?? {},
    status: { apiEnablements: served, ...parts.status },
  });
}

interface Given {
  readonly placement?: JsonObject;
  readonly clusters: readonly ClusterFacts[];
  readonly template?: JsonObject;
  readonly previous?: PreviousPlacement;
}

function run({ placement = {}, clusters, template = configMap, previous }: Given): Schedule {
  return schedule({
    placement,
    clusters,
    apiVersion: stringMember(template, 'apiVersion'),
    kind: stringMember(template, 'kind'),
    workload: workloadOf(template),
    ...(previous ? { previous } : {}),
  });
}

/** Names, with `:replicas` for workloads, or the error. */
function answer(given: Given): string {
  const { clusters, error } = run(given);
  return error ?? clusters.map((at) => at.name + (at.replicas ? `:${at.replicas}` : '')).join(' ');
}

const three = ['m3', 'm1', 'm2'].map((name) => cluster(name));
const tainted = (effect: string, value = ''): ClusterFacts =>
  cluster('m1', { spec: { taints: [{ key: 'k', effect, value }] } });

test('places what is no workload on every feasible cluster, in the order of names', () => {
  assert.equal(answer({ clusters: three }), 'm1 m2 m3');
  const weights = [{ targetCluster: { clusterNames: ['m1'] }, weight: 1 }];
  const replicaScheduling = {
    replicaSchedulingType: 'Divided',
    replicaDivisionPreference: 'Weighted',
    weightPreference: { staticWeightList: weights },
  };
  assert.equal(answer({ clusters: three, placement: { replicaScheduling } }), 'm1 m2 m3');
});

test('says in Karmada’s words why nothing fits', () => {
  assert.equal(answer({ clusters: [] }), '0/0 clusters are available: no cluster exists.');
  const deleting = cluster('m9', { metadata: { deletionTimestamp: 'now' } });
  assert.equal(answer({ clusters: [deleting] }), '0/1 clusters are available: no cluster exists.');
  const bare = cluster('m4', { status: { apiEnablements: [] } });
  assert.equal(
    answer({
      clusters: [...three, bare, deleting, tainted('NoSchedule')],
      placement: { clusterAffinity: { clusterNames: ['m4'] } },
    }),
    '0/6 clusters are available: 1 cluster(s) did not have the API resource, ' +
      '1 cluster(s) had untolerated taint {k:NoSchedule}, ' +
      '3 cluster(s) did not match the placement cluster affinity constraint.',
  );
});

test('sorts the reasons as text, ten before two', () => {
  const many = Array.from({ length: 10 }, (_, i) =>
    cluster(`m${i}`, { status: { apiEnablements: [] } }),
  );
  const clusters = [...many, cluster('x'), cluster('y')];
  assert.match(
    answer({ clusters, placement: { clusterAffinity: { clusterNames: ['no'] } } }),
    /: 10 cluster\(s\) did not have .*, 2 cluster\(s\) did not match/,
  );
});

test('compares taints with tolerations', () => {
  const fits = (target: ClusterFacts, ...clusterTolerations: JsonObject[]): boolean =>
    answer({ clusters: [target], placement: { clusterTolerations } }) === 'm1';
  assert.equal(fits(tainted('NoSchedule')), false);
  assert.equal(fits(tainted('NoExecute')), false);
  assert.equal(fits(tainted('PreferNoSchedule')), true);
  assert.equal(fits(tainted('NoSchedule'), { operator: 'Exists' }), true);
  assert.equal(fits(tainted('NoSchedule'), { key: 'k' }), true);
  assert.equal(fits(tainted('NoSchedule'), {}), true);
  assert.equal(fits(tainted('NoSchedule', 'v'), { key: 'k' }), false);
  assert.equal(fits(tainted('NoSchedule', 'v'), { key: 'k', value: 'v', operator: 'Equal' }), true);
  assert.equal(
    fits(tainted('NoSchedule', 'v'), { key: 'k', effect: 'NoExecute', operator: 'Exists' }),
    false,
  );
  assert.equal(fits(tainted('NoSchedule', '5'), { key: 'k', operator: 'Gt', value: '1' }), false);
});

test('asks for the properties that are spread over', () => {
  const spread = (field: string): string =>
    answer({
      clusters: [cluster('m1')],
      placement: { spreadConstraints: [{ spreadByField: field, minGroups: 1, maxGroups: 1 }] },
    });
  for (const property of ['provider', 'region', 'zone']) {
    assert.match(spread(property), new RegExp(`did not have ${property}s? property`));
  }
  assert.equal(spread('cluster'), 'm1');
});

function spreadOver(constraints: readonly [string, number, number][]): JsonObject {
  return {
    spreadConstraints: constraints.map(([spreadByField, minGroups, maxGroups]) => ({
      spreadByField,
      minGroups,
      maxGroups,
    })),
  };
}

test('limits the number of clusters', () => {
  const limited = (min: number, max: number, previous?: PreviousPlacement): string =>
    answer({
      clusters: three,
      placement: spreadOver([['cluster', min, max]]),
      ...(previous && { previous }),
    });
  assert.equal(limited(1, 2), 'm1 m2');
  assert.equal(limited(1, 2, { clusters: [{ name: 'm3' }] }), 'm3 m1');
  assert.equal(limited(1, 0), 'failed to assign replicas: no clusters available to schedule');
  assert.equal(
    limited(4, 5),
    'failed to select clusters: the number of feasible clusters is less than spreadConstraint.MinGroups',
  );
});

test('spreads by cluster and region only', () => {
  const placement = { spreadConstraints: [{ spreadByLabel: 'tier', minGroups: 1, maxGroups: 1 }] };
  assert.equal(
    answer({ clusters: three, placement }),
    'failed to select clusters: just support cluster and region spread constraint',
  );
});

const inRegions = (...names: string[]): ClusterFacts[] =>
  names.map((name) => cluster(name, { spec: { region: name.slice(0, 1) } }));

test('takes the leader of every region, then fills up', () => {
  const placed = (region: [number, number], count: [number, number], ...names: string[]): string =>
    answer({
      clusters: inRegions(...names),
      placement: spreadOver([
        ['region', ...region],
        ['cluster', ...count],
      ]),
    });
  assert.equal(placed([2, 2], [1, 1], 'a1', 'b1'), 'a1 b1');
  assert.equal(placed([1, 2], [1, 3], 'a1', 'b1', 'b2', 'b3'), 'b1 b2 b3');
  assert.equal(placed([2, 2], [2, 3], 'a1', 'a2', 'b1', 'b2', 'c1'), 'a1 b1 a2');
  assert.equal(
    placed([3, 3], [1, 3], 'a1', 'b1'),
    'failed to select clusters: the number of feasible region is less than spreadConstraint.MinGroups',
  );
  assert.equal(
    placed([1, 2], [4, 9], 'a1', 'b1', 'c1'),
    'failed to select clusters: the number of clusters is less than the cluster spreadConstraint.MinGroups',
  );
  assert.equal(placed([2, 2], [3, 3], 'a1', 'b1', 'c1', 'c2'), 'c1 a1 c2');
});

test('stays responsive with very many regions', () => {
  const names = Array.from({ length: 60 }, (_, i) => String.fromCharCode(0x4e00 + i));
  const placement = spreadOver([
    ['region', 10, 30],
    ['cluster', 25, 40],
  ]);
  const started = performance.now();
  run({ clusters: inRegions(...names), placement });
  assert.ok(performance.now() - started < 5_000);
});

function weighted(...weights: readonly [string, number][]): JsonObject {
  return {
    replicaScheduling: {
      replicaSchedulingType: 'Divided',
      replicaDivisionPreference: 'Weighted',
      ...(weights.length > 0 && {
        weightPreference: {
          staticWeightList: weights.map(([name, weight]) => ({
            targetCluster: name === '*' ? {} : { clusterNames: [name] },
            weight,
          })),
        },
      }),
    },
  };
}

test('gives out replicas', () => {
  const placed = (replicas: number, placement: JsonObject): string =>
    answer({ clusters: three, placement, template: deployment(replicas) });
  assert.equal(placed(4, {}), 'm1:4 m2:4 m3:4');
  assert.equal(placed(4, weighted()), 'm1:2 m2:1 m3:1');
  assert.equal(placed(9, weighted(['m1', 1], ['m2', 2])), 'm1:3 m2:6');
  assert.equal(placed(9, weighted(['*', 1], ['m2', 7])), 'm1:1 m2:7 m3:1');
  assert.equal(placed(3, weighted(['m9', 5])), 'm1:1 m2:1 m3:1');
  assert.equal(placed(1, weighted(['m1', 1], ['m2', 1])), 'm1:1');
  assert.equal(placed(0, weighted(['m1', 1])), 'm1 m2 m3');
});

test('ignores spread constraints beside static weights', () => {
  const placement = { ...weighted(), ...spreadOver([['cluster', 9, 9]]) };
  assert.equal(answer({ clusters: three, placement, template: deployment(3) }), 'm1:1 m2:1 m3:1');
});

test('breaks ties by the hash of the UID', () => {
  const placed = (uid: string): string =>
    answer({
      clusters: three,
      placement: weighted(),
      template: deployment(1),
      previous: { clusters: [], uid },
    });
  assert.equal(placed(''), 'm1:1');
  assert.equal(placed('u1'), 'm3:1');
});

const withPods = (name: string, pods: number, extra: JsonObject = {}): ClusterFacts =>
  cluster(name, { status: { resourceSummary: { allocatable: { pods: String(pods), ...extra } } } });
const divided = (preference: JsonObject): JsonObject => ({
  replicaScheduling: { replicaSchedulingType: 'Divided', ...preference },
});
const aggregated = divided({ replicaDivisionPreference: 'Aggregated' });
const dynamic = divided({
  replicaDivisionPreference: 'Weighted',
  weightPreference: { dynamicWeight: 'AvailableReplicas' },
});

test('divides by free capacity and says that it is an estimate', () => {
  const clusters = [withPods('m1', 6), withPods('m2', 4), withPods('m3', 2)];
  const placed = (placement: JsonObject, replicas: number, previous?: PreviousPlacement): string =>
    answer({ clusters, placement, template: deployment(replicas), ...(previous && { previous }) });
  assert.equal(placed(aggregated, 5), 'm1:5');
  assert.equal(placed(aggregated, 8), 'm1:5 m2:3');
  assert.equal(placed(dynamic, 6), 'm1:3 m2:2 m3:1');
  assert.equal(
    placed(dynamic, 13),
    'failed to assign replicas: failed to scale up: Clusters available replicas 12 are not enough to schedule.',
  );
  const previous = {
    clusters: [
      { name: 'm3', replicas: 2 },
      { name: 'm2', replicas: 2 },
    ],
  };
  assert.equal(placed(aggregated, 4, previous), 'm3:2 m2:2');
  assert.equal(placed(aggregated, 2, previous), 'm3:2');
  assert.equal(placed(dynamic, 2, previous), 'm2:1 m3:1');
  assert.equal(placed(aggregated, 5, previous), 'm2:3 m3:2');
  assert.equal(run({ clusters, placement: dynamic, template: deployment(1) }).isEstimated, true);
  assert.equal(run({ clusters, placement: dynamic }).isEstimated, false);
  assert.equal(run({ clusters, template: deployment(1) }).isEstimated, false);
});

test('counts a cluster without a resource summary as full', () => {
  assert.equal(
    answer({ clusters: three, placement: aggregated, template: deployment(1) }),
    'failed to assign replicas: failed to scale up: Clusters available replicas 0 are not enough to schedule.',
  );
});

test('estimates by the scarcest resource', () => {
  const template: JsonObject = {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    spec: {
      replicas: 3,
      template: {
        spec: {
          containers: [{ resources: { requests: { cpu: '500m', memory: '128Mi' } } }],
          initContainers: [{ resources: { requests: { memory: '1Gi' } } }],
        },
      },
    },
  };
  const placed = (extra: JsonObject): string =>
    answer({ clusters: [withPods('m1', 100, extra)], placement: aggregated, template });
  assert.equal(placed({ cpu: '1500m', memory: '3Gi' }), 'm1:3');
  assert.match(placed({ cpu: '1499m', memory: '3Gi' }), /available replicas 2 are/);
  assert.match(placed({ cpu: '9', memory: '2.9Gi' }), /available replicas 2 are/);
  assert.match(placed({ cpu: '9' }), /available replicas 0 are/);
});

test('schedules an empty workload nowhere, unless it asks for nothing', () => {
  const spec = { replicas: 0, template: { spec: { nodeSelector: {} } } };
  assert.equal(answer({ clusters: three, template: { ...deployment(0), spec } }), '');
  assert.equal(answer({ clusters: three, template: deployment(0) }), 'm1 m2 m3');
});

const groups = (...terms: readonly [string, JsonObject][]): JsonObject => ({
  clusterAffinities: terms.map(([affinityName, rest]) => ({ affinityName, ...rest })),
});

test('falls back to the next affinity group only when one has failed', () => {
  const placement = groups(
    ['first', { clusterNames: ['no'] }],
    ['second', { clusterNames: ['m2'] }],
  );
  const placed = run({ clusters: three, placement });
  assert.equal(placed.affinity, 'second');
  assert.deepEqual(
    placed.attempts.map((at) => at.errorType),
    ['no-cluster-fit', undefined],
  );
  const partial = groups(['first', { clusterNames: ['m1', 'no'] }], ['second', {}]);
  assert.equal(answer({ clusters: three, placement: partial }), 'm1');
});

test('answers with the error of the first group when all fail', () => {
  const placement = {
    ...groups(['first', {}], ['second', { clusterNames: ['no'] }]),
    ...spreadOver([['cluster', 4, 4]]),
  };
  const previous = { clusters: [{ name: 'm1' }], affinity: 'gone' };
  const placed = run({ clusters: three, placement, previous });
  assert.equal(placed.errorType, 'scheduler-error');
  assert.match(placed.error ?? '', /^failed to select clusters: /);
  assert.deepEqual(placed.clusters, previous.clusters);
});

test('starts at the group in use', () => {
  const placement = groups(
    ['first', { clusterNames: ['m1'] }],
    ['second', { clusterNames: ['m2'] }],
  );
  const previous = { clusters: [{ name: 'm2' }], affinity: 'second' };
  assert.equal(answer({ clusters: three, placement, previous }), 'm2');
});

test('lets workloads spill into overflow tiers', () => {
  const placement = {
    ...aggregated,
    ...groups([
      'a',
      { clusterNames: ['m1'], overflowAffinities: [{ affinityName: 'b', clusterNames: ['m2'] }] },
    ]),
  };
  const clusters = [withPods('m1', 2), withPods('m2', 9), withPods('m3', 9)];
  assert.equal(answer({ clusters, placement, template: deployment(5) }), 'm1:2 m2:3');
  assert.equal(answer({ clusters, placement }), 'm1');
  assert.match(
    answer({ clusters, placement, template: deployment(12) }),
    /replicas are not enough/,
  );
});

test('keeps a cluster in use despite a taint or a missing API, not without the affinity', () => {
  const previous = { clusters: [{ name: 'm1' }] };
  assert.equal(answer({ clusters: [tainted('NoExecute')], previous }), 'm1');
  const bare = cluster('m1', { status: { apiEnablements: [] } });
  assert.equal(answer({ clusters: [bare], previous }), 'm1');
  const placement = { clusterAffinity: { clusterNames: ['m2'] } };
  const moved = run({
    clusters: three,
    placement: { clusterAffinity: { clusterNames: ['x'] } },
    previous,
  });
  assert.deepEqual([moved.errorType, moved.clusters], ['no-cluster-fit', []]);
  assert.equal(answer({ clusters: three, placement, previous }), 'm2');
  assert.equal(answer({ clusters: three, previous: { clusters: [], evicting: ['m2'] } }), 'm1 m3');
});

test('has a verdict for every cluster', () => {
  const clusters = [
    cluster('m1'),
    cluster('m2'),
    cluster('m3', { metadata: { deletionTimestamp: 'now' } }),
    cluster('m4', {
      status: { apiEnablements: [] },
      spec: { taints: [{ key: 'k', effect: 'NoExecute' }] },
    }),
  ];
  const codes = (given: Omit<Given, 'clusters'>): string[] =>
    clusterVerdicts(run({ clusters, ...given })).map(({ code }) => code);
  assert.deepEqual(codes({ placement: spreadOver([['cluster', 1, 1]]) }), [
    'chosen',
    'spread',
    'deleting',
    'api',
  ]);
  assert.deepEqual(codes({ placement: weighted(['m1', 1]), template: deployment(1) }), [
    'chosen',
    'no-replicas',
    'deleting',
    'api',
  ]);
  assert.deepEqual(codes({ placement: spreadOver([['cluster', 3, 3]]) }), [
    'scheduling-failed',
    'scheduling-failed',
    'deleting',
    'api',
  ]);
  const last = clusterVerdicts(run({ clusters })).at(-1);
  assert.deepEqual(
    last?.reasons.map(({ code }) => code),
    ['api', 'taint'],
  );
});

test('answers the same question once', () => {
  const placement = {};
  const given = { placement, clusters: three };
  assert.equal(run(given), run(given));
  assert.notEqual(run(given), run({ ...given, template: deployment(1) }));
  assert.notEqual(
    run({ ...given, template: deployment(2) }),
    run({ ...given, template: deployment(1) }),
  );
});

test('chooses feasible clusters only and spends exactly the replicas', () => {
  const count = fc.integer({ min: 0, max: 4 });
  const given = fc.record({
    names: fc.uniqueArray(fc.constantFrom('a1', 'a2', 'a3', 'b1', 'b2', 'c1'), { minLength: 1 }),
    excluded: fc.constantFrom('a1', 'b1', 'none'),
    replicas: fc.integer({ min: 0, max: 40 }),
    region: fc.option(fc.tuple(count, count), { nil: undefined }),
    clusters: fc.tuple(count, count),
    weights: fc.option(
      fc.array(fc.tuple(fc.constantFrom('a1', 'b1', 'c1', '*'), fc.integer({ min: 1, max: 9 }))),
      {
        nil: undefined,
      },
    ),
  });
  fc.assert(
    fc.property(given, ({ names, excluded, replicas, region, clusters: count, weights }) => {
      const clusters = inRegions(...names);
      const placement = {
        clusterAffinity: { exclude: [excluded] },
        ...spreadOver([
          ...(region ? [['region', ...region] as [string, number, number]] : []),
          ['cluster', ...count],
        ]),
        ...(weights ? weighted(...weights) : {}),
      };
      const placed = run({ clusters, placement, template: deployment(replicas) });
      const chosen = placed.clusters.map(({ name }) => name);
      assert.equal(new Set(chosen).size, chosen.length);
      assert.ok(chosen.every((name) => names.some((known) => known === name) && name !== excluded));
      if (placed.error !== undefined) assert.deepEqual(chosen, []);
      else if (weights && replicas > 0) {
        assert.equal(
          placed.clusters.reduce((sum, at) => sum + (at.replicas ?? 0), 0),
          replicas,
        );
      } else if (!weights && !region) {
        assert.ok(chosen.length <= count[1] && chosen.length >= Math.min(...count));
      }
      const verdicts = clusterVerdicts(placed);
      assert.equal(verdicts.length, clusters.length);
      assert.deepEqual(
        verdicts
          .filter(({ code }) => code === 'chosen')
          .map((at) => at.cluster)
          .sort(),
        chosen.toSorted(),
      );
    }),
  );
});
