import { clusterMatches } from '../selection/clusterAffinity.ts';
import type { ClusterFacts } from '../selection/clusterFacts.ts';
import type { JsonObject } from '../types.ts';
import { estimateReplicas } from './estimate.ts';
import { filterCluster, fitError, type FilterReason, type FilterRequest } from './filters.ts';
import { readPlacement, strategyOf, type AffinityTerm, type Placement } from './placement.ts';
import { assignReplicas } from './replicas.ts';
import { compareRanked, selectClusters, type RankedCluster } from './spread.ts';
import type { TargetCluster } from './webster.ts';
import { isWorkload, type Workload } from './workload.ts';

/** What is to be placed. */
export interface ScheduleRequest {
  /** `spec.placement` of the policy, after the webhooks' defaults. */
  readonly placement: JsonObject;
  /** Every cluster, by name. The same list should be passed again while no cluster changes. */
  readonly clusters: readonly ClusterFacts[];
  readonly apiVersion: string;
  readonly kind: string;
  readonly workload: Workload;
  readonly previous?: PreviousPlacement;
}

/** What an existing ResourceBinding says. */
export interface PreviousPlacement {
  /** `spec.clusters` */
  readonly clusters: readonly TargetCluster[];
  /** `status.schedulerObservingAffinityName` */
  readonly affinity?: string;
  /** `fromCluster` of `spec.gracefulEvictionTasks` */
  readonly evicting?: readonly string[];
  /** `spec.resource.uid`; breaks ties between clusters of equal weight. */
  readonly uid?: string;
  /** The policy whose permanent id it carries, `KIND/NAMESPACE/NAME` or `KIND/NAME`; '' for none, absent where not known. */
  readonly policy?: string;
  /** `spec.preserveResourcesOnDeletion`: members keep the object where it goes from now; absent where not known. */
  readonly preserves?: boolean;
}

/** Why scheduling failed. Only `no-cluster-fit` also clears what was scheduled before. */
export type ScheduleErrorType = 'no-cluster-fit' | 'unschedulable' | 'scheduler-error';

/** Where a template goes. */
export interface Schedule {
  readonly clusters: readonly TargetCluster[];
  /** Name of the `clusterAffinities` term in use. */
  readonly affinity?: string;
  readonly error?: string;
  readonly errorType?: ScheduleErrorType;
  /** Rests on estimates of free capacity, which the control plane may make better. */
  readonly isEstimated: boolean;
  /** One per affinity term tried; the last one is in use unless there is an error. */
  readonly attempts: readonly Attempt[];
  readonly request: ScheduleRequest;
}

/** One affinity term that was tried. */
export interface Attempt {
  readonly term: AffinityTerm;
  readonly filter: FilterRequest;
  /** Why each cluster of the request does not fit; `undefined` for those that do and for those being deleted. */
  readonly reasons: readonly (FilterReason | undefined)[];
  /** Clusters left by the spread constraints. */
  readonly selected: readonly RankedCluster[];
  readonly error?: string;
  readonly errorType?: ScheduleErrorType;
}

const none: ReadonlySet<string> = new Set();
type Answers = Map<string, Schedule>;
/** By placement, list of clusters, and previous placement or, without one, the list of clusters again. */
const answers = new WeakMap<object, WeakMap<object, WeakMap<object, Answers>>>();

/**
 * Schedules a template (`pkg/scheduler/scheduler.go`, `pkg/scheduler/core/generic_scheduler.go`): per affinity term
 * filter, rank, spread and assign; the first term without an error is used, and when all fail the error of the first
 * is the answer. Requests with the same placement, kind, replicas, previous placement and list of clusters share one
 * answer.
 */
export function schedule(request: ScheduleRequest): Schedule {
  const { placement, clusters, previous } = request;
  const byClusters = getOrInsert(answers, placement, () => new WeakMap());
  const byPrevious = getOrInsert(byClusters, clusters, () => new WeakMap());
  const byKey = getOrInsert(byPrevious, previous ?? clusters, (): Answers => new Map());
  return getOrInsert(byKey, requestKey(request), () => decide(request));
}

function getOrInsert<K, V>(
  map: { get: (key: K) => V | undefined; set: (key: K, value: V) => unknown },
  key: K,
  make: () => V,
): V {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = make();
  map.set(key, made);
  return made;
}

function requestKey({ apiVersion, kind, workload }: ScheduleRequest): string {
  const api = `${apiVersion} ${kind}`;
  if (!isWorkload(workload)) return api;
  const requests = [...(workload.requests ?? [])].map(([name, amount]) => `${name}=${amount}`);
  const marker = workload.requests ? `+${requests.join(',')}` : '';
  return `${api} ${workload.replicas}${marker}`;
}

function decide(request: ScheduleRequest): Schedule {
  const placement = readPlacement(request.placement);
  const { previous } = request;
  const observed = placement.terms.findIndex(({ name }) => name === (previous?.affinity ?? ''));
  const base = {
    placement,
    apiVersion: request.apiVersion,
    kind: request.kind,
    isWorkload: isWorkload(request.workload),
    previous: previous ? new Set(previous.clusters.map(({ name }) => name)) : none,
    evicting: previous?.evicting ? new Set(previous.evicting) : none,
  };
  const strategy = strategyOf(placement);
  const isEstimated =
    base.isWorkload && (strategy === 'Aggregated' || strategy === 'DynamicWeight');
  const attempts: Attempt[] = [];
  for (const term of placement.terms.slice(Math.max(observed, 0))) {
    const attempt = tryTerm(request, { ...base, term });
    attempts.push(attempt.attempt);
    if (attempt.clusters) {
      const { clusters } = attempt;
      const affinity = placement.isGrouped ? { affinity: term.name } : {};
      return { clusters, ...affinity, isEstimated, attempts, request };
    }
  }
  const { error = '', errorType = 'scheduler-error' } = attempts[0] ?? {};
  const clusters = errorType === 'no-cluster-fit' ? [] : (previous?.clusters ?? []);
  return { clusters, error, errorType, isEstimated, attempts, request };
}

interface Tried {
  readonly attempt: Attempt;
  /** Absent when the term failed. */
  readonly clusters?: readonly TargetCluster[];
}

function tryTerm(request: ScheduleRequest, filter: FilterRequest): Tried {
  const { placement, term } = filter;
  const feasible: ClusterFacts[] = [];
  const reasons = request.clusters.map((cluster) => {
    if (cluster.deleting) return undefined;
    const reason = filterCluster(cluster, filter);
    if (!reason) feasible.push(cluster);
    return reason;
  });
  const failed = (
    errorType: ScheduleErrorType,
    error: string,
    selected: readonly RankedCluster[] = [],
  ): Tried => ({ attempt: { term, filter, reasons, selected, error, errorType } });
  if (feasible.length === 0) {
    return failed('no-cluster-fit', fitError(request.clusters.length, reasons));
  }
  const ranked = rank(feasible, request, filter);
  const selected = selectClusters(ranked, placement, request.workload.replicas);
  if ('error' in selected) {
    return failed('scheduler-error', `failed to select clusters: ${selected.error}`);
  }
  const assigned = assignReplicas(selected.value, {
    placement,
    workload: request.workload,
    uid: request.previous?.uid ?? '',
    previous: request.previous?.clusters ?? [],
    overflows: term.overflow.length > 0,
  });
  if ('error' in assigned) {
    const type = assigned.error.includes('not enough') ? 'unschedulable' : 'scheduler-error';
    return failed(type, `failed to assign replicas: ${assigned.error}`, selected.value);
  }
  const attempt: Attempt = { term, filter, reasons, selected: selected.value };
  return { attempt, clusters: assigned.value };
}

function rank(
  feasible: readonly ClusterFacts[],
  request: ScheduleRequest,
  filter: FilterRequest,
): RankedCluster[] {
  const assigned = new Map(
    request.previous?.clusters.map(({ name, replicas }) => [name, replicas ?? 0]),
  );
  return feasible
    .map((cluster) => {
      const allocatable = estimateReplicas(cluster, request.workload);
      return {
        cluster,
        score: filter.previous.has(cluster.name) ? 100 : 0,
        overflowOrder: overflowOrder(cluster, filter.placement, filter.term),
        available: allocatable + (assigned.get(cluster.name) ?? 0),
        allocatable,
      };
    })
    .sort(compareRanked);
}

function overflowOrder(cluster: ClusterFacts, placement: Placement, term: AffinityTerm): number {
  if (!placement.isGrouped || clusterMatches(term.affinity, cluster)) return 0;
  return term.overflow.findIndex((affinity) => clusterMatches(affinity, cluster)) + 1;
}
