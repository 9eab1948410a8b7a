import { clusterMatches } from '../selection/clusterAffinity.ts';
import { servesApi, type ClusterFacts, type Taint } from '../selection/clusterFacts.ts';
import type { AffinityTerm, Placement, Toleration } from './placement.ts';

/** Which filter plugin turns a cluster down. */
export type FilterCode =
  'affinity' | 'api' | 'taint' | 'provider' | 'region' | 'zones' | 'eviction';

/** Why a cluster does not fit, with Karmada's words. */
export interface FilterReason {
  readonly code: FilterCode;
  readonly text: string;
}

/** What the filters compare a cluster with. */
export interface FilterRequest {
  readonly placement: Placement;
  readonly term: AffinityTerm;
  readonly apiVersion: string;
  readonly kind: string;
  readonly isWorkload: boolean;
  /** Clusters of the previous result: neither a taint nor a missing API turns them down. */
  readonly previous: ReadonlySet<string>;
  /** Clusters that the template is being evicted from. */
  readonly evicting: ReadonlySet<string>;
}

const affinityReason: FilterReason = {
  code: 'affinity',
  text: 'cluster(s) did not match the placement cluster affinity constraint',
};
const apiReason: FilterReason = { code: 'api', text: 'cluster(s) did not have the API resource' };
const evictionReason: FilterReason = {
  code: 'eviction',
  text: 'cluster(s) is in the process of eviction',
};
const propertyReasons = {
  provider: { code: 'provider', text: 'cluster(s) did not have provider property' },
  region: { code: 'region', text: 'cluster(s) did not have region property' },
  zone: { code: 'zones', text: 'cluster(s) did not have zones property' },
} as const satisfies Record<string, FilterReason>;

type Filter = (cluster: ClusterFacts, request: FilterRequest) => FilterReason | undefined;

/**
 * The filter plugins of `pkg/scheduler/framework/plugins`. Karmada runs them in an order that differs between
 * processes, which decides the reason given for a cluster that several of them turn down, never whether it fits.
 * Here it is the order in which Karmada registers them.
 */
const filters: readonly Filter[] = [
  filterApi,
  filterTaints,
  filterAffinity,
  filterProperties,
  (cluster, { evicting }) => (evicting.has(cluster.name) ? evictionReason : undefined),
];

/** The first reason that turns a cluster down, `undefined` when it fits. */
export function filterCluster(
  cluster: ClusterFacts,
  request: FilterRequest,
): FilterReason | undefined {
  for (const filter of filters) {
    const reason = filter(cluster, request);
    if (reason) return reason;
  }
  return undefined;
}

/** Every reason that turns a cluster down; Karmada itself stops at the first. */
export function allFilterReasons(cluster: ClusterFacts, request: FilterRequest): FilterReason[] {
  return filters.flatMap((filter) => filter(cluster, request) ?? []);
}

function filterAffinity(
  cluster: ClusterFacts,
  { term, isWorkload }: FilterRequest,
): FilterReason | undefined {
  if (clusterMatches(term.affinity, cluster)) return undefined;
  const spills = isWorkload && term.overflow.some((affinity) => clusterMatches(affinity, cluster));
  return spills ? undefined : affinityReason;
}

function filterApi(cluster: ClusterFacts, request: FilterRequest): FilterReason | undefined {
  return request.previous.has(cluster.name) || servesApi(cluster, request.apiVersion, request.kind)
    ? undefined
    : apiReason;
}

function filterTaints(cluster: ClusterFacts, request: FilterRequest): FilterReason | undefined {
  if (cluster.taints.length === 0 || request.previous.has(cluster.name)) return undefined;
  const taint = untoleratedTaint(cluster, request.placement.tolerations);
  return taint && { code: 'taint', text: `cluster(s) had untolerated taint {${taintText(taint)}}` };
}

/** The first taint that keeps templates away and that nothing tolerates. */
export function untoleratedTaint(
  cluster: ClusterFacts,
  tolerations: readonly Toleration[],
): Taint | undefined {
  return cluster.taints.find(
    (taint) =>
      (taint.effect === 'NoSchedule' || taint.effect === 'NoExecute') &&
      !tolerations.some((toleration) => tolerates(toleration, taint)),
  );
}

/** `ToleratesTaint` of k8s.io/api; an empty operator means Equal, an empty key every key. */
export function tolerates(toleration: Toleration, taint: Taint): boolean {
  if (toleration.effect !== '' && toleration.effect !== taint.effect) return false;
  if (toleration.key !== '' && toleration.key !== taint.key) return false;
  switch (toleration.operator) {
    case '':
    case 'Equal':
      return toleration.value === taint.value;
    case 'Exists':
      return true;
    default:
      return false;
  }
}

/** A taint as Kubernetes prints it: `key=value:Effect`, or `key:Effect`. */
export function taintText({ key, value, effect }: Taint): string {
  return value === '' ? `${key}:${effect}` : `${key}=${value}:${effect}`;
}

function filterProperties(
  cluster: ClusterFacts,
  { placement }: FilterRequest,
): FilterReason | undefined {
  for (const { field } of placement.spread) {
    if (field === 'provider' && cluster.provider === '') return propertyReasons.provider;
    if (field === 'region' && cluster.region === '') return propertyReasons.region;
    if (field === 'zone' && cluster.zones.length === 0) return propertyReasons.zone;
  }
  return undefined;
}

/** The text of Karmada's FitError: reasons counted and sorted as text (`pkg/scheduler/framework/types.go`). */
export function fitError(
  clusterCount: number,
  reasons: Iterable<FilterReason | undefined>,
): string {
  const counts = new Map<string, number>();
  for (const reason of reasons) {
    if (reason) counts.set(reason.text, (counts.get(reason.text) ?? 0) + 1);
  }
  const texts = [...counts].map(([text, count]) => `${count} ${text}`).sort();
  const all = texts.length === 0 ? 'no cluster exists' : texts.join(', ');
  return `0/${clusterCount} clusters are available: ${all}.`;
}
