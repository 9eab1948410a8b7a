import {
  arrayMember,
  deepEqual,
  fluxMinors,
  isObject,
  member,
  memberAt,
  servedVersions,
  storedCluster,
  stringMember,
} from '../engine/index.ts';
import type { FluxMinor, JsonArray, JsonObject, JsonValue } from '../engine/index.ts';
import type { LiveControlPlane } from './liveControlPlane.ts';
import { naturalOrder } from './naturalOrder.ts';

/** The member clusters of a preview and where they come from. */
export interface Fleet {
  readonly clusters: readonly JsonObject[];
  /** `assumed`: only names that the policies mention; else real Cluster objects. */
  readonly origin: 'live' | 'documents' | 'file' | 'assumed';
}

/** The objects of the documents as the control plane has them, by what they are to Karmada. */
export interface Stored {
  readonly clusters: readonly JsonObject[];
  readonly policies: readonly JsonObject[];
  readonly templates: readonly JsonObject[];
}

const clusterKind = 'cluster.karmada.io/Cluster';

/** The clusters of a live control plane; `undefined` where they could not be read. */
export function liveClusters(
  live: LiveControlPlane | undefined,
): readonly JsonObject[] | undefined {
  return live && !live.unread.has(clusterKind) ? live.clusters : undefined;
}

/**
 * The clusters to preview on: those of a live control plane, else the given fleet, else Cluster objects among the documents, else the names that the
 * policies mention. An assumed cluster has no labels, fields or taints and serves every API of the templates.
 */
export function fleetOf(
  given: readonly JsonObject[] | undefined,
  live: LiveControlPlane | undefined,
  { clusters: documents, policies, templates }: Stored,
  before?: Fleet,
): Fleet {
  const connected = liveClusters(live);
  if (connected) return { clusters: connected, origin: 'live' };
  if (given !== undefined) return { clusters: given, origin: 'file' };
  if (documents.length > 0) return { clusters: documents, origin: 'documents' };
  const names = new Set<string>();
  for (const policy of policies) collectClusterNames(member(policy, 'spec'), names, 0);
  const apiEnablements = enablementsOf(templates);
  const clusters = [...names]
    .sort(naturalOrder)
    .map((name) => assumedCluster(name, apiEnablements));
  // The same objects as before keep what is known of them.
  if (before?.origin === 'assumed' && deepEqual(before.clusters, clusters)) return before;
  return { clusters, origin: 'assumed' };
}

/** Names in `clusterNames` lists anywhere in a spec: affinities, overrides, weights, suspension. */
function collectClusterNames(
  value: JsonValue | undefined,
  names: Set<string>,
  depth: number,
): void {
  if (depth > 20) return;
  if (Array.isArray(value)) {
    for (const item of value as JsonArray) collectClusterNames(item, names, depth + 1);
  } else if (isObject(value)) {
    for (const [key, child] of Object.entries(value)) {
      if (key === 'clusterNames') {
        for (const name of arrayMember(value, key)) if (typeof name === 'string') names.add(name);
      } else if (key !== 'value') collectClusterNames(child, names, depth + 1);
    }
  }
}

function enablementsOf(templates: readonly JsonObject[]): JsonArray {
  const kinds = new Map<string, Set<string>>();
  for (const template of templates) {
    const apiVersion = stringMember(template, 'apiVersion');
    const served = kinds.get(apiVersion) ?? new Set<string>();
    kinds.set(apiVersion, served.add(stringMember(template, 'kind')));
  }
  return [...kinds].map(([groupVersion, served]) => ({
    groupVersion,
    resources: [...served].map((kind) => ({ name: `${kind.toLowerCase()}s`, kind })),
  }));
}

function assumedCluster(name: string, apiEnablements: JsonArray): JsonObject {
  return {
    apiVersion: 'cluster.karmada.io/v1alpha1',
    kind: 'Cluster',
    metadata: { name },
    spec: { syncMode: 'Push' },
    status: { apiEnablements },
  };
}

/** A Cluster as the control plane has it, from one as a user may have written it. */
export function observedCluster(cluster: JsonObject): JsonObject {
  return withReadyTaint(storedCluster(cluster));
}

/**
 * A cluster with the taint that Karmada's cluster controller keeps on it while it is not ready
 * (`pkg/controllers/cluster/cluster_controller.go`), for a fleet file written by hand without it.
 */
function withReadyTaint(cluster: JsonObject): JsonObject {
  const ready = arrayMember(member(cluster, 'status'), 'conditions').find(
    (condition) => member(condition, 'type') === 'Ready',
  );
  const status = member(ready, 'status');
  const key =
    status === 'False'
      ? 'cluster.karmada.io/not-ready'
      : status === 'Unknown'
        ? 'cluster.karmada.io/unreachable'
        : undefined;
  const taints = arrayMember(member(cluster, 'spec'), 'taints');
  if (key === undefined || taints.some((taint) => member(taint, 'key') === key)) return cluster;
  const spec = member(cluster, 'spec');
  return {
    ...cluster,
    spec: { ...(isObject(spec) ? spec : {}), taints: [...taints, { key, effect: 'NoSchedule' }] },
  };
}

const helmGroup = 'helm.toolkit.fluxcd.io';

/**
 * The newest Flux minor that the HelmRelease versions of some cluster fit, `undefined` when no cluster serves
 * HelmRelease at all.
 */
export function fluxVersionOf(clusters: readonly JsonObject[]): FluxMinor | undefined {
  let answer = shownMinors.get(clusters);
  if (!answer) shownMinors.set(clusters, (answer = { minor: findFluxVersion(clusters) }));
  return answer.minor;
}

/** By list of clusters. */
const shownMinors = new WeakMap<readonly JsonObject[], { readonly minor: FluxMinor | undefined }>();

function findFluxVersion(clusters: readonly JsonObject[]): FluxMinor | undefined {
  const shown = new Set(clusters.map(helmVersions).filter((versions) => versions !== ''));
  return fluxMinors
    .toReversed()
    .find((minor) =>
      shown.has(servedVersions(helmGroup, 'HelmRelease', minor).toSorted().join(' ')),
    );
}

const versionsOf = new WeakMap<JsonObject, string>();

/** The HelmRelease versions that a cluster serves, sorted and joined. Read once a cluster. */
function helmVersions(cluster: JsonObject): string {
  let versions = versionsOf.get(cluster);
  if (versions === undefined) versionsOf.set(cluster, (versions = readHelmVersions(cluster)));
  return versions;
}

function readHelmVersions(cluster: JsonObject): string {
  return arrayMember(member(cluster, 'status'), 'apiEnablements')
    .filter((entry) =>
      arrayMember(entry, 'resources').some(
        (resource) => member(resource, 'kind') === 'HelmRelease',
      ),
    )
    .map((entry) => stringMember(entry, 'groupVersion'))
    .filter((groupVersion) => groupVersion.startsWith(`${helmGroup}/`))
    .map((groupVersion) => groupVersion.slice(helmGroup.length + 1))
    .sort()
    .join(' ');
}

/** What a cluster is called in sentences and lists. */
export function clusterName(cluster: JsonObject): string {
  const name = memberAt(cluster, 'metadata', 'name');
  return typeof name === 'string' ? name : '';
}
