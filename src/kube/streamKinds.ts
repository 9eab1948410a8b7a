import type { FleetList } from '../live/index.ts';
import type { ControlPlaneInfo, Interest, ResourceType } from './types.ts';

/** One list of the control plane that is followed while somebody holds one of its interests. */
export interface StreamKind {
  readonly list: FleetList;
  readonly group: string;
  readonly kind: string;
  readonly plural: string;
  readonly isNamespaced: boolean;
  /** The version whose shape is read; '' for the one that the server prefers. */
  readonly version: string;
  readonly interests: readonly Interest[];
  /** Only metadata is requested, so that no value of a Secret ever travels. */
  readonly isMetadataOnly?: true;
  readonly fieldSelector?: string;
  /** Not installed everywhere: that it is not served is nothing to tell. */
  readonly isOptional?: true;
}

/** `GROUP/PLURAL`, or the plural alone in the core group. */
export function originOf({ group, plural }: Pick<StreamKind, 'group' | 'plural'>): string {
  return group === '' ? plural : `${group}/${plural}`;
}

const releases: readonly Interest[] = ['releases', 'objects'];
const objects: readonly Interest[] = ['objects'];

const karmada = { isNamespaced: true, version: 'v1alpha1' } as const;
const work = { ...karmada, group: 'work.karmada.io' } as const;
const policy = { ...karmada, group: 'policy.karmada.io', list: 'objects' } as const;
const source = {
  list: 'objects',
  group: 'source.toolkit.fluxcd.io',
  version: '',
  isNamespaced: true,
  interests: releases,
  isOptional: true,
} as const;
const core = { group: '', version: 'v1', isNamespaced: true } as const;

/**
 * Warnings, and of the good news only SyncWorkSucceed, which ends an override that failed: all other reasons of
 * Karmada's Normal events are left out by name (`pkg/events/events.go`), as a selector cannot say "or".
 */
const tellingEvents = [
  'ApplyOverridePolicySucceed',
  'ApplyPolicySucceed',
  'ScheduleBindingSucceed',
  'SyncScheduleResultToDependenciesSucceed',
  'GetDependenciesSucceed',
  'GetReplicasSucceed',
  'AggregateStatusSucceed',
  'SyncSucceed',
  'WorkDispatching',
  'ReflectStatusSucceed',
  'InterpretHealthSucceed',
  'TaintClusterSucceed',
]
  .map((reason) => `reason!=${reason}`)
  .join(',');

/** All lists, those that views wait for first. */
export const streamKinds: readonly StreamKind[] = [
  {
    list: 'clusters',
    group: 'cluster.karmada.io',
    kind: 'Cluster',
    plural: 'clusters',
    version: 'v1alpha1',
    isNamespaced: false,
    interests: ['clusters', 'objects'],
  },
  {
    list: 'objects',
    group: 'helm.toolkit.fluxcd.io',
    kind: 'HelmRelease',
    plural: 'helmreleases',
    version: '',
    isNamespaced: true,
    interests: releases,
    isOptional: true,
  },
  {
    ...work,
    list: 'bindings',
    version: 'v1alpha2',
    kind: 'ResourceBinding',
    plural: 'resourcebindings',
    interests: releases,
  },
  {
    ...work,
    list: 'bindings',
    version: 'v1alpha2',
    kind: 'ClusterResourceBinding',
    plural: 'clusterresourcebindings',
    isNamespaced: false,
    interests: releases,
  },
  { ...work, list: 'works', kind: 'Work', plural: 'works', interests: ['releases'] },
  { ...source, kind: 'HelmRepository', plural: 'helmrepositories' },
  { ...source, kind: 'OCIRepository', plural: 'ocirepositories' },
  { ...source, kind: 'GitRepository', plural: 'gitrepositories' },
  { ...source, kind: 'Bucket', plural: 'buckets' },
  { ...source, kind: 'HelmChart', plural: 'helmcharts' },
  { ...source, kind: 'ExternalArtifact', plural: 'externalartifacts' },
  {
    ...core,
    list: 'events',
    kind: 'Event',
    plural: 'events',
    interests: ['releases'],
    fieldSelector: tellingEvents,
  },
  { ...policy, kind: 'PropagationPolicy', plural: 'propagationpolicies', interests: objects },
  {
    ...policy,
    kind: 'ClusterPropagationPolicy',
    plural: 'clusterpropagationpolicies',
    isNamespaced: false,
    interests: objects,
  },
  { ...policy, kind: 'OverridePolicy', plural: 'overridepolicies', interests: objects },
  {
    ...policy,
    kind: 'ClusterOverridePolicy',
    plural: 'clusteroverridepolicies',
    isNamespaced: false,
    interests: objects,
  },
  {
    list: 'objects',
    group: 'config.karmada.io',
    kind: 'ResourceInterpreterCustomization',
    plural: 'resourceinterpretercustomizations',
    version: 'v1alpha1',
    isNamespaced: false,
    interests: objects,
    isOptional: true,
  },
  {
    ...core,
    list: 'objects',
    kind: 'Namespace',
    plural: 'namespaces',
    isNamespaced: false,
    interests: objects,
  },
  {
    ...core,
    list: 'objects',
    kind: 'ConfigMap',
    plural: 'configmaps',
    interests: objects,
    isMetadataOnly: true,
  },
  {
    ...core,
    list: 'objects',
    kind: 'Secret',
    plural: 'secrets',
    interests: objects,
    isMetadataOnly: true,
    // Helm's own records can be many, and nothing refers to them.
    fieldSelector: 'type!=helm.sh/release.v1',
  },
];

/**
 * The resource that a stream reads, `undefined` where the server has none. An API that is down names its version but
 * no kinds; the stream then asks all the same, so that the server's own answer is told and tried again.
 */
export function resolveStream(kind: StreamKind, info: ControlPlaneInfo): ResourceType | undefined {
  const fits = (type: ResourceType): boolean =>
    type.group === kind.group &&
    type.kind === kind.kind &&
    (kind.version === '' || type.version === kind.version);
  const found = info.resources.find(fits);
  if (found) return found;
  const { group, plural, isNamespaced } = kind;
  const versions = info.served.get(group) ?? [];
  const silent = versions.find(
    (version) =>
      (kind.version === '' || kind.version === version) &&
      !info.resources.some((type) => type.group === group && type.version === version),
  );
  if (silent === undefined) return undefined;
  return { group, version: silent, plural, kind: kind.kind, isNamespaced };
}
