import { createHash } from 'node:crypto';
import type { KubeObject } from './apiServerClient.ts';

/*
 * Objects of a control plane as Karmada and Flux write them, made by rule: the same for the same numbers. Their shapes
 * and sizes are those of a running Karmada with members: managed fields, permanent ids, API enablements, reports.
 */

/** How large a fleet is. Every release goes to every cluster; Works exist for the first releases of each cluster. */
export interface FleetSize {
  readonly clusters: number;
  readonly releases: number;
  readonly worksPerCluster: number;
  /** API groups that each cluster serves. */
  readonly groups: number;
}

/** An object with the path of its collection. */
export interface Seed {
  readonly plural: string;
  readonly object: KubeObject;
}

const startedAt = '2026-03-04T05:06:07Z';

/** A uid that depends on nothing but the text. */
export function uidOf(text: string): string {
  const hex = createHash('sha256').update(text).digest('hex');
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `4${hex.slice(13, 16)}`,
    `a${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ].join('-');
}

export function clusterName(index: number): string {
  return `member-${String(index).padStart(4, '0')}`;
}

export function releaseName(index: number): string {
  return `app-${String(index).padStart(3, '0')}`;
}

/** Releases are spread over namespaces by tens. */
export function releaseNamespace(index: number): string {
  return `team-${Math.floor(index / 10)}`;
}

/** The namespaces that objects of a fleet are in. */
export function* fleetNamespaces({ clusters, releases }: FleetSize): Generator<string> {
  for (let index = 0; index < releases; index += 10) yield releaseNamespace(index);
  for (let index = 0; index < clusters; index++) yield `karmada-es-${clusterName(index)}`;
}

/** Everything, clusters first, in the order in which Karmada comes to have them. */
export function* fleetSeeds(size: FleetSize): Generator<Seed> {
  for (let index = 0; index < size.clusters; index++) yield clusterSeed(index, size.groups);
  for (let index = 0; index < size.releases; index++) {
    yield repositorySeed(index);
    yield releaseSeed(index);
    yield policySeed(index);
    yield bindingSeed(index, size.clusters);
  }
  for (let cluster = 0; cluster < size.clusters; cluster++) {
    for (let release = 0; release < size.worksPerCluster; release++) {
      yield workSeed(cluster, release);
    }
  }
}

export function clusterSeed(index: number, groups: number): Seed {
  const name = clusterName(index);
  const isReady = index % 50 !== 49;
  const object: KubeObject = {
    apiVersion: 'cluster.karmada.io/v1alpha1',
    kind: 'Cluster',
    metadata: {
      ...metadata('Cluster', '', name),
      labels: { environment: index % 10 === 0 ? 'staging' : 'production', 'tier/size': 'small' },
      finalizers: ['karmada.io/cluster-controller'],
      managedFields: [
        managed('cluster.karmada.io/v1alpha1', 'karmadactl', {
          'f:spec': { 'f:apiEndpoint': {}, 'f:id': {}, 'f:syncMode': {} },
        }),
        managed('cluster.karmada.io/v1alpha1', 'karmada-controller-manager', {
          'f:status': { 'f:apiEnablements': {}, 'f:conditions': {}, 'f:kubernetesVersion': {} },
        }),
      ],
    },
    spec: {
      apiEndpoint: `https://${name}.example.com:6443`,
      id: uidOf(`id ${name}`),
      impersonatorSecretRef: { name: `${name}-impersonator`, namespace: 'karmada-cluster' },
      provider: ['aws', 'azure', 'gcp'][index % 3],
      region: ['eu-west', 'us-east', 'ap-south', 'eu-north'][index % 4],
      zones: [`zone-${index % 5}`],
      secretRef: { name, namespace: 'karmada-cluster' },
      syncMode: index % 2 === 0 ? 'Push' : 'Pull',
      ...(index % 40 === 39
        ? { taints: [{ key: 'maintenance', effect: 'NoSchedule', timeAdded: startedAt }] }
        : {}),
    },
    status: {
      kubernetesVersion: index % 7 === 0 ? 'v1.35.4' : 'v1.36.1',
      apiEnablements: apiEnablements(groups),
      conditions: [
        condition(
          'Ready',
          isReady,
          isReady ? 'ClusterReady' : 'ClusterNotReachable',
          isReady ? 'cluster is healthy and ready to accept workloads' : 'cluster is not reachable',
        ),
        condition(
          'CompleteAPIEnablements',
          true,
          'Complete',
          'collected complete APIEnablements from the cluster',
        ),
      ],
      nodeSummary: { totalNum: 3 + (index % 5), readyNum: 3 },
      resourceSummary: {
        allocatable: { cpu: '24', memory: '98304Mi', pods: '330' },
        allocated: { cpu: `${2 + (index % 9)}500m`, memory: '20480Mi', pods: '57' },
      },
    },
  };
  return { plural: 'clusters', object };
}

/** What a cluster serves: groups of Kubernetes' and operators' sizes, Flux among them. */
function apiEnablements(groups: number): object[] {
  const flux = [
    {
      groupVersion: 'helm.toolkit.fluxcd.io/v2',
      resources: [{ kind: 'HelmRelease', name: 'helmreleases' }],
    },
    {
      groupVersion: 'source.toolkit.fluxcd.io/v1',
      resources: ['Bucket', 'GitRepository', 'HelmChart', 'HelmRepository', 'OCIRepository'].map(
        (kind) => ({ kind, name: pluralOf(kind) }),
      ),
    },
  ];
  const others = Array.from({ length: Math.max(groups - flux.length, 0) }, (_, group) => ({
    groupVersion: `group${group}.operators.example.com/v1`,
    resources: Array.from({ length: 5 }, (_, kind) => ({
      kind: `Resource${group}Kind${kind}`,
      name: `resource${group}kind${kind}s`,
    })),
  }));
  return [...others, ...flux];
}

function pluralOf(kind: string): string {
  return kind.toLowerCase().replace(/y$/, 'ie').concat('s');
}

export function repositorySeed(index: number): Seed {
  const name = releaseName(index);
  return {
    plural: 'helmrepositories',
    object: {
      apiVersion: 'source.toolkit.fluxcd.io/v1',
      kind: 'HelmRepository',
      metadata: claimed(metadata('HelmRepository', releaseNamespace(index), name), name),
      spec: { interval: '10m', url: `https://charts.example.com/${name}` },
    },
  };
}

export function releaseSeed(index: number): Seed {
  const name = releaseName(index);
  return {
    plural: 'helmreleases',
    object: {
      apiVersion: 'helm.toolkit.fluxcd.io/v2',
      kind: 'HelmRelease',
      metadata: claimed(metadata('HelmRelease', releaseNamespace(index), name), name),
      spec: releaseSpec(index),
    },
  };
}

function releaseSpec(index: number): object {
  const name = releaseName(index);
  return {
    interval: '10m',
    chart: {
      spec: {
        chart: name,
        version: '6.6.1',
        reconcileStrategy: 'ChartVersion',
        sourceRef: { kind: 'HelmRepository', name },
      },
    },
    values: { replicaCount: 2, ingress: { enabled: true, host: `${name}.example.com` } },
  };
}

export function policySeed(index: number): Seed {
  const name = releaseName(index);
  const selected = [
    { apiVersion: 'helm.toolkit.fluxcd.io/v2', kind: 'HelmRelease', name },
    { apiVersion: 'source.toolkit.fluxcd.io/v1', kind: 'HelmRepository', name },
  ];
  return {
    plural: 'propagationpolicies',
    object: {
      apiVersion: 'policy.karmada.io/v1alpha1',
      kind: 'PropagationPolicy',
      metadata: metadata('PropagationPolicy', releaseNamespace(index), name),
      spec: { resourceSelectors: selected, placement: {} },
    },
  };
}

export function bindingSeed(index: number, clusters: number): Seed {
  const [name, namespace] = [releaseName(index), releaseNamespace(index)];
  const names = Array.from({ length: clusters }, (_, cluster) => clusterName(cluster));
  const apiVersion = 'work.karmada.io/v1alpha2';
  const object: KubeObject = {
    apiVersion,
    kind: 'ResourceBinding',
    metadata: {
      ...claimed(metadata('ResourceBinding', namespace, `${name}-helmrelease`), name),
      finalizers: ['karmada.io/binding-controller'],
      generation: 2,
      managedFields: [
        managed(apiVersion, 'karmada-controller-manager', {
          'f:spec': { '.': {}, 'f:conflictResolution': {}, 'f:placement': {}, 'f:resource': {} },
        }),
        managed(apiVersion, 'karmada-scheduler', { 'f:spec': { 'f:clusters': {} } }),
        managed(apiVersion, 'karmada-controller-manager', {
          'f:status': { 'f:aggregatedStatus': {}, 'f:conditions': {} },
        }),
      ],
    },
    spec: {
      clusters: names.map((cluster) => ({ name: cluster })),
      conflictResolution: 'Abort',
      placement: {},
      resource: {
        apiVersion: 'helm.toolkit.fluxcd.io/v2',
        kind: 'HelmRelease',
        name,
        namespace,
        resourceVersion: '1951',
        uid: uidOf(`HelmRelease/${namespace}/${name}`),
      },
      schedulerName: 'default-scheduler',
    },
    status: {
      aggregatedStatus: names.map((clusterName, cluster) => ({
        applied: true,
        clusterName,
        health: 'Healthy',
        status: releaseStatus(index, cluster),
      })),
      conditions: [
        condition('Scheduled', true, 'Success', 'Binding has been scheduled successfully.'),
        condition(
          'FullyApplied',
          true,
          'FullyAppliedSuccess',
          'All works have been successfully applied',
        ),
      ],
      lastScheduledTime: startedAt,
      schedulerObservedGeneration: 2,
    },
  };
  return { plural: 'resourcebindings', object };
}

/** What a member's Flux reports; one in twenty-three does not get on. At most a kilobyte, as most members' are. */
export function releaseStatus(release: number, cluster: number): object {
  const [name, namespace] = [releaseName(release), releaseNamespace(release)];
  const isGood = (release + cluster) % 23 !== 22;
  const digest = createHash('sha256').update(`${name} ${cluster}`).digest('hex');
  const message = isGood
    ? `Helm upgrade succeeded for release ${namespace}/${name}.v2 with chart ${name}@6.6.1`
    : `Helm upgrade failed for release ${namespace}/${name} with chart ${name}: timed out`;
  const reason = isGood ? 'UpgradeSucceeded' : 'UpgradeFailed';
  return {
    conditions: [
      { ...condition('Ready', isGood, reason, message), observedGeneration: 1 },
      { ...condition('Released', isGood, reason, message), observedGeneration: 1 },
    ],
    helmChart: `${namespace}/${namespace}-${name}`,
    history: [
      {
        appVersion: '6.6.1',
        chartName: name,
        chartVersion: '6.6.1',
        digest: `sha256:${digest}`,
        firstDeployed: startedAt,
        lastDeployed: startedAt,
        name,
        namespace,
        status: isGood ? 'deployed' : 'failed',
        version: 2,
      },
    ],
    lastAttemptedGeneration: 1,
    lastAttemptedRevision: '6.6.1',
    observedGeneration: 1,
    storageNamespace: namespace,
    ...(isGood ? {} : { failures: 3 }),
  };
}

export function workSeed(cluster: number, release: number): Seed {
  const member = clusterName(cluster);
  const space = `karmada-es-${member}`;
  const [name, namespace] = [releaseName(release), releaseNamespace(release)];
  const workName = `${name}-5b9595d45`;
  const binding = {
    'resourcebinding.karmada.io/name': `${name}-helmrelease`,
    'resourcebinding.karmada.io/namespace': namespace,
  };
  const apiVersion = 'work.karmada.io/v1alpha1';
  const object: KubeObject = {
    apiVersion,
    kind: 'Work',
    metadata: {
      ...metadata('Work', space, workName),
      annotations: { ...binding, 'work.karmada.io/conflict-resolution': 'abort' },
      finalizers: ['karmada.io/execution-controller'],
      labels: permanentIds('resourcebinding', 'work')(`${namespace}/${name}`),
      managedFields: [
        managed(apiVersion, 'karmada-controller-manager', {
          'f:spec': { '.': {}, 'f:workload': { '.': {}, 'f:manifests': {} } },
        }),
        managed(apiVersion, 'karmada-controller-manager', {
          'f:status': { '.': {}, 'f:conditions': {}, 'f:manifestStatuses': {} },
        }),
      ],
    },
    spec: {
      preserveResourcesOnDeletion: false,
      suspendDispatching: false,
      workload: {
        manifests: [manifestOf(release, { space, workName, binding })],
      },
    },
    status: {
      conditions: [
        condition(
          'Dispatching',
          true,
          'Dispatching',
          'Work is being dispatched to member clusters.',
        ),
        condition('Applied', true, 'AppliedSuccessful', 'Manifest has been successfully applied'),
      ],
      manifestStatuses: [
        {
          health: 'Healthy',
          identifier: {
            group: 'helm.toolkit.fluxcd.io',
            kind: 'HelmRelease',
            name,
            namespace,
            ordinal: 0,
            resource: '',
            version: 'v2',
          },
          status: releaseStatus(release, cluster),
        },
      ],
    },
  };
  return { plural: 'works', object };
}

function manifestOf(
  release: number,
  of: { space: string; workName: string; binding: Readonly<Record<string, string>> },
): object {
  const [name, namespace] = [releaseName(release), releaseNamespace(release)];
  const annotations: Record<string, string> = {
    ...policyOf(namespace, name),
    ...of.binding,
    'resourcetemplate.karmada.io/generation': '1',
    'resourcetemplate.karmada.io/uid': uidOf(`HelmRelease/${namespace}/${name}`),
    'work.karmada.io/conflict-resolution': 'abort',
    'work.karmada.io/name': of.workName,
    'work.karmada.io/namespace': of.space,
  };
  const labels: Record<string, string> = {
    'karmada.io/managed': 'true',
    ...permanentIds('propagationpolicy', 'resourcebinding', 'work')(`${namespace}/${name}`),
  };
  return {
    apiVersion: 'helm.toolkit.fluxcd.io/v2',
    kind: 'HelmRelease',
    metadata: {
      annotations: {
        ...annotations,
        'resourcetemplate.karmada.io/managed-annotations': Object.keys(annotations)
          .sort()
          .join(','),
        'resourcetemplate.karmada.io/managed-labels': Object.keys(labels).sort().join(','),
      },
      labels,
      name,
      namespace,
    },
    spec: releaseSpec(release),
  };
}

function metadata(kind: string, namespace: string, name: string): KubeObject['metadata'] {
  return {
    name,
    ...(namespace === '' ? {} : { namespace }),
    uid: uidOf(`${kind}/${namespace}/${name}`),
    creationTimestamp: startedAt,
    generation: 1,
  };
}

/** With the marks of the policy that claims the object. */
function claimed(of: KubeObject['metadata'], policy: string): KubeObject['metadata'] {
  const labels = permanentIds('propagationpolicy')(`${of.namespace}/${policy}`);
  return { ...of, annotations: policyOf(of.namespace ?? '', policy), labels };
}

function policyOf(namespace: string, name: string): Record<string, string> {
  return {
    'propagationpolicy.karmada.io/name': name,
    'propagationpolicy.karmada.io/namespace': namespace,
  };
}

function permanentIds(...kinds: readonly string[]): (text: string) => Record<string, string> {
  return (text) =>
    Object.fromEntries(
      kinds.map((kind) => [`${kind}.karmada.io/permanent-id`, uidOf(`${kind} ${text}`)]),
    );
}

function managed(apiVersion: string, manager: string, fieldsV1: object): object {
  return {
    apiVersion,
    fieldsType: 'FieldsV1',
    fieldsV1,
    manager,
    operation: 'Update',
    time: startedAt,
  };
}

function condition(
  type: string,
  isTrue: boolean,
  reason: string,
  message: string,
): Record<string, unknown> {
  const status = isTrue ? 'True' : 'False';
  return { lastTransitionTime: startedAt, message, reason, status, type };
}
