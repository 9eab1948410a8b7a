import type { JsonObject, JsonValue } from '../../src/engine/index.ts';
import { createRandom } from './random.ts';
import type { Random } from './random.ts';

const clusterNames = ['member1', 'member2', 'member3', 'member4', 'member5'];
const versions = ['helm.toolkit.fluxcd.io/v2', 'helm.toolkit.fluxcd.io/v2beta2'];
const labels = { tier: ['gold', 'silver', ''], team: ['a', 'b'], __proto__: ['x'] };
const odd: readonly JsonValue[] = [
  null,
  true,
  -0,
  1.5,
  2n ** 70n,
  '',
  'constructor',
  '~2',
  [],
  {},
  [[null]],
  { a: { b: ['c', { d: 1 }] } },
  JSON.parse('{"__proto__": {"toString": 1}}') as JsonValue,
  'x'.repeat(300),
  '\ud800',
  '\u0000',
];
const paths = [
  '',
  '/',
  '//a',
  '/spec',
  '/spec/values',
  '/spec/values/replicaCount',
  '/spec/values/list/0',
  '/spec/values/list/-',
  '/spec/values/list/-1',
  '/spec/values/list/99999999999999999999',
  '/spec/values/__proto__/x',
  '/spec/values/a~1b',
  '/metadata',
  '/metadata/labels/tier',
  '/metadata/annotations/x',
  '/metadata/namespace',
  '/metadata/name',
  '/kind',
  '/apiVersion',
  'spec/values',
  'x',
  '/status/x',
];
const documents = [
  'a: 1\n',
  '{"a": [1, 2]}',
  '[1]',
  'null',
  '',
  '&a [*a]',
  '\t',
  '{"a":1',
  '- y\n- no',
];

/**
 * One control plane by a seed: clusters, templates and policies that are mostly sound and here and there hostile in
 * any place, so that every step of the pipeline is reached with values nobody should have written.
 */
export function generateScenario(seed: number): JsonObject[] {
  const random = createRandom(seed);
  const objects = [
    ...clusterNames.slice(0, random.int(6)).map((name) => cluster(random, name)),
    ...Array.from({ length: 1 + random.int(3) }, (_, i) => template(random, i)),
    ...Array.from({ length: 1 + random.int(3) }, (_, i) => propagation(random, i)),
    ...Array.from({ length: random.int(4) }, (_, i) => override(random, i)),
  ];
  return objects.map((object) =>
    random.chance(0.3) ? (vandalise(random, object) as JsonObject) : object,
  );
}

/** The same value with one place replaced by something odd, or a key gone or renamed. */
function vandalise(random: Random, value: JsonValue): JsonValue {
  if (typeof value !== 'object' || value === null || random.chance(0.15)) return random.pick(odd);
  if (Array.isArray(value)) {
    const items = [...(value as JsonValue[])];
    if (items.length === 0) return random.pick(odd);
    const at = random.int(items.length);
    items[at] = vandalise(random, items[at] ?? null);
    return items;
  }
  const entries = Object.entries(value as JsonObject);
  if (entries.length === 0) return random.pick(odd);
  const at = random.int(entries.length);
  return Object.fromEntries(
    entries.flatMap(([key, child], i) => {
      if (i !== at) return [[key, child]];
      if (random.chance(0.1)) return [];
      return [[random.chance(0.05) ? '__proto__' : key, vandalise(random, child)]];
    }),
  );
}

function someLabels(random: Random): JsonObject {
  return Object.fromEntries(
    random.some(Object.entries(labels), 0.5).map(([key, values]) => [key, random.pick(values)]),
  );
}

function cluster(random: Random, name: string): JsonObject {
  return {
    apiVersion: 'cluster.karmada.io/v1alpha1',
    kind: 'Cluster',
    metadata: { name, labels: someLabels(random) },
    spec: {
      syncMode: 'Push',
      provider: random.pick(['aws', 'gcp', '']),
      region: random.pick(['r1', 'r2', '']),
      zones: random.some(['a', 'b'], 0.5),
      taints: random.chance(0.2) ? [{ key: 'k', value: 'v', effect: 'NoSchedule' }] : [],
    },
    status: {
      apiEnablements: [...random.some(versions, 0.8), 'apps/v1', 'v1'].map((groupVersion) => ({
        groupVersion,
        resources: ['HelmRelease', 'Deployment', 'ConfigMap', 'Job'].map((kind) => ({
          name: kind.toLowerCase(),
          kind,
        })),
      })),
    },
  };
}

function template(random: Random, i: number): JsonObject {
  const metadata = {
    name: `app${i}`,
    namespace: random.pick(['apps', 'kube-system']),
    labels: someLabels(random),
  };
  if (random.chance(0.3)) {
    return {
      apiVersion: random.pick(['apps/v1', 'batch/v1']),
      kind: random.pick(['Deployment', 'Job', 'StatefulSet', 'DaemonSet']),
      metadata,
      spec: {
        replicas: random.int(7),
        parallelism: 3,
        completions: 4,
        template: {
          spec: {
            containers: [
              { name: 'c', image: random.pick(['a/b:1', 'A:1', 'x@y', '']), args: ['-v'] },
            ],
          },
        },
      },
    };
  }
  if (random.chance(0.3)) {
    return {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata,
      data: { config: random.pick(documents) },
    };
  }
  return {
    apiVersion: random.pick(versions),
    kind: 'HelmRelease',
    metadata,
    spec: {
      interval: '5m',
      chart: { spec: { chart: 'podinfo', sourceRef: { kind: 'HelmRepository', name: 'podinfo' } } },
      values: { replicaCount: 1, list: [1, { a: 'b' }], 'a/b': random.pick(odd), big: 2n ** 60n },
    },
  };
}

function selector(random: Random): JsonObject {
  return {
    apiVersion: random.pick([...versions, 'v1', 'apps/v1']),
    kind: random.pick(['HelmRelease', 'HelmRelease', 'ConfigMap', 'Deployment']),
    ...(random.chance(0.3) ? { name: 'app0' } : {}),
    ...(random.chance(0.3) ? { labelSelector: labelSelector(random) } : {}),
  };
}

function labelSelector(random: Random): JsonObject {
  return {
    matchLabels: random.chance(0.5) ? someLabels(random) : {},
    matchExpressions: random.chance(0.3)
      ? [
          {
            key: 'tier',
            operator: random.pick(['In', 'NotIn', 'Exists', 'DoesNotExist', 'Like']),
            values: ['gold'],
          },
        ]
      : [],
  };
}

function affinity(random: Random): JsonObject {
  return {
    ...(random.chance(0.5) ? { clusterNames: random.some(clusterNames, 0.6) } : {}),
    ...(random.chance(0.2) ? { exclude: random.some(clusterNames, 0.3) } : {}),
    ...(random.chance(0.3) ? { labelSelector: labelSelector(random) } : {}),
    ...(random.chance(0.3)
      ? {
          fieldSelector: {
            matchExpressions: [
              {
                key: random.pick(['provider', 'region', 'zone']),
                operator: random.pick(['In', 'NotIn', 'Exists']),
                values: random.some(['aws', 'r1', 'a'], 0.5),
              },
            ],
          },
        }
      : {}),
  };
}

function propagation(random: Random, i: number): JsonObject {
  const clusterWide = random.chance(0.3);
  return {
    apiVersion: 'policy.karmada.io/v1alpha1',
    kind: clusterWide ? 'ClusterPropagationPolicy' : 'PropagationPolicy',
    metadata: { name: `p${i}`, ...(clusterWide ? {} : { namespace: 'apps' }) },
    spec: {
      priority: random.int(3),
      resourceSelectors: Array.from({ length: 1 + random.int(2) }, () => selector(random)),
      placement: {
        ...(random.chance(0.5)
          ? { clusterAffinity: affinity(random) }
          : {
              clusterAffinities: [0, 1].map((n) => ({
                affinityName: `g${n}`,
                ...affinity(random),
              })),
            }),
        ...(random.chance(0.2)
          ? { clusterTolerations: [{ operator: random.pick(['Exists', 'Equal', '']), key: 'k' }] }
          : {}),
        ...(random.chance(0.3)
          ? {
              spreadConstraints: [
                {
                  spreadByField: random.pick(['cluster', 'region', 'zone']),
                  minGroups: random.int(3),
                  maxGroups: random.int(4),
                },
              ],
            }
          : {}),
        ...(random.chance(0.3)
          ? {
              replicaScheduling: {
                replicaSchedulingType: random.pick(['Divided', 'Duplicated']),
                replicaDivisionPreference: random.pick(['Weighted', 'Aggregated']),
                weightPreference: {
                  staticWeightList: [{ targetCluster: affinity(random), weight: random.int(5) }],
                },
              },
            }
          : {}),
      },
    },
  };
}

function override(random: Random, i: number): JsonObject {
  const clusterWide = random.chance(0.3);
  const operator = (): string => random.pick(['add', 'remove', 'replace']);
  const value = (): JsonValue => random.pick(odd);
  const list = (make: () => JsonObject): JsonObject[] =>
    random.chance(0.35) ? [make(), make()] : [];
  const overriders = (): JsonObject => ({
    plaintext: list(() => ({ path: random.pick(paths), operator: operator(), value: value() })),
    imageOverrider: list(() => ({
      component: random.pick(['Registry', 'Repository', 'Tag']),
      operator: operator(),
      value: 'v',
      ...(random.chance(0.4) ? { predicate: { path: random.pick(paths) } } : {}),
    })),
    commandOverrider: list(() => ({ containerName: 'c', operator: operator(), value: ['x'] })),
    argsOverrider: list(() => ({ containerName: 'c', operator: operator(), value: ['-v'] })),
    labelsOverrider: list(() => ({ operator: operator(), value: someLabels(random) })),
    annotationsOverrider: list(() => ({ operator: operator(), value: someLabels(random) })),
    fieldOverrider: list(() => ({
      fieldPath: random.pick(['/data/config', '/spec/values', ...paths]),
      [random.pick(['json', 'yaml'])]: [
        { subPath: random.pick(['/a', '/0', '', '/b/c']), operator: operator(), value: value() },
      ],
    })),
  });
  return {
    apiVersion: 'policy.karmada.io/v1alpha1',
    kind: clusterWide ? 'ClusterOverridePolicy' : 'OverridePolicy',
    metadata: { name: `o${i}`, ...(clusterWide ? {} : { namespace: 'apps' }) },
    spec: {
      ...(random.chance(0.7) ? { resourceSelectors: [selector(random)] } : {}),
      ...(random.chance(0.85)
        ? {
            overrideRules: [0, 1].map(() => ({
              ...(random.chance(0.6) ? { targetCluster: affinity(random) } : {}),
              overriders: overriders(),
            })),
          }
        : { targetCluster: affinity(random), overriders: overriders() }),
    },
  };
}
