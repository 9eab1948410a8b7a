import fc from 'fast-check';
import type { JsonObject } from '../../src/engine/index.ts';
import { selector } from './propagateTexts.ts';

/** What generated policies are about. */
export interface PolicyNames {
  readonly namespaces: readonly string[];
  readonly releases: readonly string[];
  readonly sources: readonly string[];
  readonly clusters: readonly string[];
}

/** Policies of all sorts over what has these names, as objects. */
export function propagationPolicies(names: PolicyNames): fc.Arbitrary<readonly JsonObject[]> {
  const policy = fc.record({
    isWide: fc.boolean(),
    namespace: fc.constantFrom(...names.namespaces),
    selectors: selectorsOf(names),
    placement: placementOf(names),
    priority: fc.nat({ max: 2 }),
    more: rarely(fc.constantFrom(...extras)),
  });
  return fc.array(policy, { maxLength: 4 }).map((all) =>
    all.map(({ isWide, namespace, selectors, placement, priority, more }, i) => ({
      apiVersion: 'policy.karmada.io/v1alpha1',
      kind: isWide ? 'ClusterPropagationPolicy' : 'PropagationPolicy',
      metadata: { name: `p${i}`, ...(isWide ? {} : { namespace }) },
      spec: {
        resourceSelectors: [...selectors],
        ...(priority > 0 ? { priority } : {}),
        ...more,
        placement,
      },
    })),
  );
}

/** Override policies: some fail, some make a release need something else, on some clusters. */
export function overridePolicies(names: PolicyNames): fc.Arbitrary<readonly JsonObject[]> {
  const entry = fc.constantFrom<JsonObject>(
    { path: '/spec/interval', operator: 'replace', value: '9m' },
    { path: '/spec/nothing/here', operator: 'replace', value: 1 },
    { path: '/spec/chart/spec/sourceRef/name', operator: 'replace', value: 's1' },
    { path: '/spec/valuesFrom', operator: 'remove' },
  );
  const policy = fc.record({
    namespace: fc.constantFrom(...names.namespaces),
    name: fc.constantFrom(...names.releases),
    clusterNames: fc.uniqueArray(fc.constantFrom(...names.clusters), { maxLength: 2 }),
    entry,
  });
  return fc.array(policy, { maxLength: 2 }).map((all) =>
    all.map(({ namespace, name, clusterNames, entry: plaintext }, i) => ({
      apiVersion: 'policy.karmada.io/v1alpha1',
      kind: 'OverridePolicy',
      metadata: { name: `o${i}`, namespace },
      spec: {
        resourceSelectors: [selector('HelmRelease', name)],
        overrideRules: [
          { targetCluster: { clusterNames }, overriders: { plaintext: [plaintext] } },
        ],
      },
    })),
  );
}

const extras: readonly JsonObject[] = [
  { preserveResourcesOnDeletion: true },
  { propagateDeps: true },
  { activationPreference: 'Lazy' },
  { suspension: { dispatching: true } },
  { suspension: { dispatchingOnClusters: { clusterNames: ['m1'] } } },
  { conflictResolution: 'Overwrite' },
  { schedulerName: 'another' },
];

/** Nothing in most cases. */
function rarely(arbitrary: fc.Arbitrary<JsonObject>): fc.Arbitrary<JsonObject> {
  return fc.oneof({ weight: 2, arbitrary: fc.constant({}) }, { weight: 1, arbitrary });
}

function selectorsOf({ releases, sources }: PolicyNames): fc.Arbitrary<readonly JsonObject[]> {
  const kinds = [
    'HelmRelease',
    'HelmRepository',
    'GitRepository',
    'OCIRepository',
    'HelmChart',
    'ConfigMap',
    'Secret',
  ];
  const labelled = (app: string): JsonObject => ({
    ...selector('HelmRelease'),
    labelSelector: { matchLabels: { app } },
  });
  return fc.oneof(
    fc.constant(kinds.map((kind) => selector(kind))),
    fc.constant([...kinds, 'Deployment'].map((kind) => selector(kind))),
    fc.constant([selector('HelmRelease')]),
    fc.constant([selector('Deployment')]),
    fc.constantFrom('a', 'b').map((app) => [labelled(app)]),
    fc.constantFrom(...releases).map((name) => [selector('HelmRelease', name)]),
    fc
      .uniqueArray(fc.constantFrom(...releases), { minLength: 2, maxLength: 3 })
      .map((names) => [
        ...names.map((name) => selector('HelmRelease', name)),
        selector('HelmRepository'),
      ]),
    fc.constantFrom(...sources).map((name) => [selector('HelmRepository', name)]),
  );
}

function affinityOf({ clusters }: PolicyNames): fc.Arbitrary<JsonObject> {
  const names = fc.uniqueArray(fc.constantFrom(...clusters), { minLength: 1, maxLength: 4 });
  const byLabel = fc
    .constantFrom('prod', 'dev')
    .map((env): JsonObject => ({ labelSelector: { matchLabels: { env } } }));
  return fc.oneof(
    names.map((clusterNames): JsonObject => ({ clusterNames })),
    byLabel,
    names.map((exclude): JsonObject => ({ exclude: exclude.slice(0, 2) })),
    fc.tuple(byLabel, names).map(([label, some]) => ({ ...label, exclude: some.slice(0, 1) })),
    fc.tuple(byLabel, names).map(([label, clusterNames]) => ({ ...label, clusterNames })),
    fc.constantFrom('eu', 'us').map((region): JsonObject => ({
      fieldSelector: { matchExpressions: [{ key: 'region', operator: 'In', values: [region] }] },
    })),
    fc.constant<JsonObject>({
      labelSelector: { matchExpressions: [{ key: 'env', operator: 'NotIn', values: ['dev'] }] },
    }),
  );
}

function placementOf(names: PolicyNames): fc.Arbitrary<JsonObject> {
  const affinity = affinityOf(names);
  const divided = { replicaSchedulingType: 'Divided', replicaDivisionPreference: 'Weighted' };
  const staticWeightList = names.clusters
    .slice(0, 2)
    .map((name, i) => ({ targetCluster: { clusterNames: [name] }, weight: i + 1 }));
  const more = fc.constantFrom<JsonObject>(
    { spreadConstraints: [{ spreadByField: 'cluster', minGroups: 1, maxGroups: 2 }] },
    {
      spreadConstraints: [
        { spreadByField: 'region', minGroups: 1, maxGroups: 1 },
        { spreadByField: 'cluster', minGroups: 1, maxGroups: 3 },
      ],
    },
    { replicaScheduling: divided },
    { replicaScheduling: { ...divided, weightPreference: { staticWeightList } } },
    { clusterTolerations: [{ key: 'dedicated', operator: 'Exists' }] },
  );
  return fc.oneof(
    fc.constant({}),
    affinity.map((clusterAffinity): JsonObject => ({ clusterAffinity })),
    fc.tuple(affinity, more).map(([clusterAffinity, rest]) => ({ clusterAffinity, ...rest })),
    fc.tuple(affinity, affinity, rarely(more)).map(([one, two, rest]): JsonObject => ({
      clusterAffinities: [
        { affinityName: 'first', ...one },
        { affinityName: 'second', ...two },
      ],
      ...rest,
    })),
  );
}
