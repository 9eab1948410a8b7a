import type { JsonObject, JsonValue } from '../src/engine/types.ts';

/** How large a fixture is. Every count may be 0. */
export interface BenchSize {
  /** Member clusters. */
  readonly clusters: number;
  /** HelmReleases, each with a HelmRepository in the same namespace. */
  readonly releases: number;
  /** OverridePolicies in that namespace, each over all releases. */
  readonly overrides: number;
  /** Top-level keys of every release's values; 41 of them make about 13 kB of JSON. */
  readonly valuesBlocks: number;
}

const namespace = 'apps';
const helmRelease = 'helm.toolkit.fluxcd.io/v2';
const helmRepository = 'source.toolkit.fluxcd.io/v1';
const karmadaPolicy = 'policy.karmada.io/v1alpha1';

/** Regions with their provider, as the clusters are dealt out over them. */
const regions = [
  ['aws', 'eu-central-1'],
  ['gcp', 'us-central1'],
  ['azure', 'westeurope'],
  ['aws', 'us-east-1'],
  ['gcp', 'asia-northeast1'],
  ['azure', 'eastus'],
] as const;
const envs = ['prod', 'prod', 'prod', 'staging', 'dev'] as const;
const tiers = ['gold', 'silver', 'silver', 'bronze'] as const;

/**
 * The objects of a large fleet as they are stored in the control plane: Clusters, HelmReleases, their sources,
 * PropagationPolicies and OverridePolicies. The same size gives the same objects.
 *
 * Rules select clusters by label, field or name, and what they do depends on a cluster's cohort (environment, tier,
 * provider, region, the few named ones) only. So the number of distinct results stays the same however many clusters
 * there are, as in real fleets.
 */
export function benchFixture(size: BenchSize): JsonObject[] {
  const releases = range(size.releases, (i) => release(i, size.valuesBlocks));
  return [
    ...range(size.clusters, cluster),
    ...range(size.releases, source),
    ...releases,
    ...(size.releases > 0 ? [sourcesPolicy(), releasesPolicy()] : []),
    ...range(size.overrides, (i) => override(i, size.valuesBlocks)),
  ];
}

function range<T>(count: number, make: (index: number) => T): T[] {
  return Array.from({ length: count }, (_, index) => make(index));
}

/** Deals the entries of a list out in a fixed order; lists of different lengths do not run in step. */
function deal<L extends readonly [unknown, ...unknown[]]>(list: L, index: number): L[number] {
  return list[index % list.length] ?? list[0];
}

function clusterName(index: number): string {
  return `member-${String(index + 1).padStart(5, '0')}`;
}

function cluster(index: number): JsonObject {
  const [provider, region] = deal(regions, index);
  const env = deal(envs, Math.floor(index / regions.length));
  const tier = deal(tiers, Math.floor(index / (regions.length * envs.length)));
  return {
    apiVersion: 'cluster.karmada.io/v1alpha1',
    kind: 'Cluster',
    metadata: { name: clusterName(index), labels: { env, tier, ring: String(index % 3) } },
    spec: {
      syncMode: index % 7 === 6 ? 'Pull' : 'Push',
      apiEndpoint: `https://${clusterName(index)}.example.com:6443`,
      provider,
      region,
      zones: [`${region}-a`, `${region}-b`],
      ...taints(index),
    },
    status: {
      kubernetesVersion: 'v1.36.1',
      apiEnablements: apiEnablements(index),
      conditions: [
        condition('Ready', 'ClusterReady'),
        condition('CompleteAPIEnablements', 'Complete'),
      ],
    },
  };
}

/** One cluster in 50 is cordoned, one in 20 reserved: the policies tolerate only the latter. */
function taints(index: number): JsonObject {
  if (index % 50 === 49) {
    return { taints: [{ key: 'cluster.karmada.io/unschedulable', effect: 'NoSchedule' }] };
  }
  if (index % 20 === 19) {
    return { taints: [{ key: 'dedicated', value: 'platform', effect: 'NoSchedule' }] };
  }
  return {};
}

/** One cluster in 100 has no Flux. */
function apiEnablements(index: number): JsonValue[] {
  const builtIn = [
    enablement('apps/v1', ['deployments', 'Deployment'], ['statefulsets', 'StatefulSet']),
    enablement('batch/v1', ['cronjobs', 'CronJob'], ['jobs', 'Job']),
    enablement('networking.k8s.io/v1', ['ingresses', 'Ingress']),
    enablement('v1', ['configmaps', 'ConfigMap'], ['secrets', 'Secret'], ['services', 'Service']),
  ];
  if (index % 100 === 99) return builtIn;
  return [
    ...builtIn,
    enablement(helmRelease, ['helmreleases', 'HelmRelease']),
    enablement(
      helmRepository,
      ['helmcharts', 'HelmChart'],
      ['helmrepositories', 'HelmRepository'],
      ['ocirepositories', 'OCIRepository'],
    ),
  ];
}

function enablement(
  groupVersion: string,
  ...resources: readonly (readonly [name: string, kind: string])[]
): JsonObject {
  return { groupVersion, resources: resources.map(([name, kind]) => ({ name, kind })) };
}

function condition(type: string, reason: string): JsonObject {
  return { type, reason, status: 'True', lastTransitionTime: '2026-01-01T00:00:00Z' };
}

function source(index: number): JsonObject {
  return {
    apiVersion: helmRepository,
    kind: 'HelmRepository',
    metadata: { name: `app-${index}`, namespace },
    spec: { interval: '1h', url: `https://charts.example.com/app-${index}` },
  };
}

function release(index: number, valuesBlocks: number): JsonObject {
  const values = Object.fromEntries(
    range(valuesBlocks, (block) => [blockName(block), valuesBlock(index, block)]),
  );
  return {
    apiVersion: helmRelease,
    kind: 'HelmRelease',
    metadata: {
      name: `app-${index}`,
      namespace,
      labels: { 'app.kubernetes.io/name': `app-${index}`, 'app.kubernetes.io/part-of': 'bench' },
      annotations: { 'example.com/owner': `team-${index % 4}` },
    },
    spec: {
      interval: '10m',
      chart: {
        spec: {
          chart: `app-${index}`,
          version: '1.x',
          reconcileStrategy: 'ChartVersion',
          sourceRef: { kind: 'HelmRepository', name: `app-${index}` },
        },
      },
      install: { remediation: { retries: 3 } },
      values,
    },
  };
}

function blockName(block: number): string {
  return `component${block}`;
}

function valuesBlock(index: number, block: number): JsonObject {
  return {
    enabled: block % 5 !== 4,
    replicaCount: 1 + (block % 3),
    image: { repository: `ghcr.io/example/app-${index}/component-${block}`, tag: `1.${block}.0` },
    resources: {
      requests: { cpu: `${50 + 10 * block}m`, memory: '128Mi' },
      limits: { memory: '256Mi' },
    },
    env: [
      { name: 'LOG_LEVEL', value: 'info' },
      { name: 'COMPONENT', value: String(block) },
    ],
    nodeSelector: { 'kubernetes.io/os': 'linux' },
  };
}

/** Every template of a kind goes to production and staging, and to the reserved clusters too. */
function propagation(name: string, apiVersion: string, kind: string): JsonObject {
  return {
    apiVersion: karmadaPolicy,
    kind: 'PropagationPolicy',
    metadata: { name, namespace },
    spec: {
      resourceSelectors: [{ apiVersion, kind, namespace }],
      placement: {
        clusterAffinity: {
          labelSelector: {
            matchExpressions: [{ key: 'env', operator: 'In', values: ['prod', 'staging'] }],
          },
          fieldSelector: {
            matchExpressions: [
              { key: 'provider', operator: 'In', values: ['aws', 'azure', 'gcp'] },
              { key: 'region', operator: 'NotIn', values: ['us-gov-west-1'] },
            ],
          },
        },
        clusterTolerations: [
          { key: 'dedicated', operator: 'Equal', value: 'platform', effect: 'NoSchedule' },
          { key: 'maintenance', operator: 'Exists' },
        ],
      },
    },
  };
}

function sourcesPolicy(): JsonObject {
  return propagation('sources', helmRepository, 'HelmRepository');
}

function releasesPolicy(): JsonObject {
  return propagation('releases', helmRelease, 'HelmRelease');
}

/** The rules of the override policies in turn: which clusters, and what happens there. */
function override(index: number, valuesBlocks: number): JsonObject {
  const block = valuesBlocks > 0 ? blockName(index % valuesBlocks) : undefined;
  return {
    apiVersion: karmadaPolicy,
    kind: 'OverridePolicy',
    metadata: { name: `override-${String(index).padStart(2, '0')}`, namespace },
    spec: {
      resourceSelectors: [{ apiVersion: helmRelease, kind: 'HelmRelease', namespace }],
      overrideRules: [
        {
          targetCluster: deal(targets, index),
          overriders: {
            labelsOverrider: [{ operator: 'add', value: { 'example.com/cohort': `c${index}` } }],
            annotationsOverrider: [
              { operator: 'replace', value: { 'example.com/owner': `team-${index}` } },
            ],
            plaintext: plaintext(index, block),
          },
        },
      ],
    },
  };
}

/** Some policies write a block of their own, some the same field as others, some leave the values alone. */
function plaintext(index: number, block: string | undefined): JsonValue[] {
  const interval = { path: '/spec/interval', operator: 'replace', value: `${5 + index}m` };
  if (block === undefined) return [interval];
  const at = `/spec/values/${block}`;
  return [
    { path: `${at}/replicaCount`, operator: 'replace', value: 3 + index },
    { path: `${at}/image/tag`, operator: 'replace', value: `2.${index}.0` },
    { path: `${at}/env/-`, operator: 'add', value: { name: 'COHORT', value: `c${index}` } },
    { path: `${at}/nodeSelector/example.com~1pool`, operator: 'add', value: `pool-${index}` },
    ...(index % 2 === 0 ? [interval] : []),
  ];
}

const targets: readonly [JsonObject, ...JsonObject[]] = [
  { labelSelector: { matchLabels: { env: 'staging' } } },
  { labelSelector: { matchLabels: { tier: 'gold' } } },
  field('provider', 'In', 'aws'),
  field('region', 'In', 'westeurope', 'eu-central-1'),
  { clusterNames: [0, 1, 2].map(clusterName) },
  { labelSelector: { matchExpressions: [{ key: 'tier', operator: 'NotIn', values: ['bronze'] }] } },
  field('provider', 'NotIn', 'aws', 'gcp'),
  { labelSelector: { matchLabels: { env: 'prod', tier: 'silver' } } },
  { exclude: [0, 7].map(clusterName) },
  { ...field('region', 'In', 'us-east-1', 'us-central1'), exclude: [3].map(clusterName) },
];

function field(key: string, operator: string, ...values: readonly string[]): JsonObject {
  return { fieldSelector: { matchExpressions: [{ key, operator, values }] } };
}
