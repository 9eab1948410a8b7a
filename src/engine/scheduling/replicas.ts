import { groupBy } from '../../base/groupBy.ts';
import { clusterMatches } from '../selection/clusterAffinity.ts';
import type { Result } from '../types.ts';
import { strategyOf, type Placement } from './placement.ts';
import type { RankedCluster } from './spread.ts';
import { divideByWeight, type TargetCluster, type Weight } from './webster.ts';
import { isWorkload, type Workload } from './workload.ts';

/** What the replicas are given out by. */
export interface Assignment {
  readonly placement: Placement;
  readonly workload: Workload;
  /** Breaks ties of the division. */
  readonly uid: string;
  /** The previous result, empty for a first schedule. */
  readonly previous: readonly TargetCluster[];
  /** Whether the affinity term in use has overflow tiers. */
  readonly overflows: boolean;
}

/**
 * Gives the selected clusters their replicas (`AssignReplicas` of `pkg/scheduler/core/common.go`). What is no workload
 * goes whole to every cluster; a cluster left with 0 replicas is dropped.
 */
export function assignReplicas(
  clusters: readonly RankedCluster[],
  assignment: Assignment,
): Result<readonly TargetCluster[]> {
  if (clusters.length === 0) return { error: 'no clusters available to schedule' };
  if (!isWorkload(assignment.workload)) {
    return { value: clusters.map(({ cluster }) => ({ name: cluster.name })) };
  }
  return assignment.overflows
    ? assignTiers(clusters, assignment)
    : assignAll(clusters, assignment, assignment.workload.replicas);
}

/** Fills one tier after the other with what is available there. */
function assignTiers(
  clusters: readonly RankedCluster[],
  assignment: Assignment,
): Result<readonly TargetCluster[]> {
  const tiers = groupBy(clusters, ({ overflowOrder }) => overflowOrder);
  const assigned: TargetCluster[] = [];
  let remaining = assignment.workload.replicas;
  for (const order of [...tiers.keys()].sort((a, b) => a - b)) {
    const tier = tiers.get(order) ?? [];
    const available = tier.reduce((sum, ranked) => sum + ranked.available, 0);
    const share = Math.min(remaining, available);
    const result = assignAll(tier, assignment, share);
    if ('error' in result) return result;
    assigned.push(...result.value);
    remaining -= share;
    if (remaining <= 0) break;
  }
  return remaining > 0
    ? { error: 'Clusters available replicas are not enough to schedule.' }
    : { value: assigned };
}

function assignAll(
  clusters: readonly RankedCluster[],
  assignment: Assignment,
  replicas: number,
): Result<readonly TargetCluster[]> {
  const result = assignByStrategy(clusters, assignment, replicas);
  if ('error' in result) return result;
  return { value: result.value.filter((target) => target.replicas > 0) };
}

interface Assigned {
  readonly name: string;
  readonly replicas: number;
}

function assignByStrategy(
  clusters: readonly RankedCluster[],
  assignment: Assignment,
  replicas: number,
): Result<readonly Assigned[]> {
  const { placement, uid } = assignment;
  const strategy = strategyOf(placement);
  switch (strategy) {
    case 'Duplicated':
      return { value: clusters.map(({ cluster }) => ({ name: cluster.name, replicas })) };
    case 'StaticWeight':
      return { value: divideByWeight(replicas, staticWeights(clusters, placement), uid) };
    case 'DynamicWeight':
    case 'Aggregated':
      return assignDynamically(clusters, assignment, replicas, strategy);
    case '': {
      const type = placement.replicaScheduling?.type ?? '';
      const preference = placement.replicaScheduling?.preference ?? '';
      const error =
        `unsupported replica scheduling strategy, replicaSchedulingType: ${type}, ` +
        `replicaDivisionPreference: ${preference}, please try another scheduling strategy`;
      return { error };
    }
  }
}

/** The highest weight of all matching rules; when no cluster matches any rule, all weigh the same. */
function staticWeights(clusters: readonly RankedCluster[], placement: Placement): Weight[] {
  const scheduling = placement.replicaScheduling;
  const rules = scheduling?.hasWeightPreference ? scheduling.staticWeights : [];
  const weights: Weight[] = [];
  for (const { cluster } of clusters) {
    let votes = 0;
    for (const { affinity, weight } of rules) {
      if (weight > votes && clusterMatches(affinity, cluster)) votes = weight;
    }
    if (votes > 0) weights.push({ name: cluster.name, votes });
  }
  if (weights.length > 0) return weights;
  return clusters.map(({ cluster }) => ({ name: cluster.name, votes: 1 }));
}

/** `assignByDynamicStrategy` of `pkg/scheduler/core/assignment.go`: keeps what is there and only moves the difference. */
function assignDynamically(
  clusters: readonly RankedCluster[],
  assignment: Assignment,
  replicas: number,
  strategy: 'DynamicWeight' | 'Aggregated',
): Result<readonly Assigned[]> {
  const candidates = new Set(clusters.map(({ cluster }) => cluster.name));
  const scheduled = assignment.previous
    .filter(({ name }) => candidates.has(name))
    .map(({ name, replicas: count = 0 }) => ({ name, replicas: count }));
  const assigned = scheduled.reduce((sum, target) => sum + target.replicas, 0);
  if (assigned === replicas) return { value: scheduled };
  const isGrowing = assigned < replicas;
  const target = isGrowing ? replicas - assigned : replicas;
  const available = isGrowing
    ? clusters.map(({ cluster, allocatable }) => ({ name: cluster.name, replicas: allocatable }))
    : [...scheduled];
  available.sort((a, b) => b.replicas - a.replicas);
  const sum = available.reduce((total, cluster) => total + cluster.replicas, 0);
  if (sum < target) {
    const step = isGrowing ? 'up' : 'down';
    const error = `failed to scale ${step}: Clusters available replicas ${sum} are not enough to schedule.`;
    return { error };
  }
  const used = new Set(scheduled.filter((at) => isGrowing && at.replicas > 0).map((at) => at.name));
  const sources = strategy === 'Aggregated' ? fewest(available, used, target) : available;
  const weights = sources.map(({ name, replicas: votes }) => ({ name, votes }));
  const divided = divideByWeight(target, weights, assignment.uid);
  return { value: isGrowing ? merge(scheduled, divided) : divided };
}

/** Clusters in use first, then as few more as hold the target. */
function fewest(
  available: readonly Assigned[],
  used: ReadonlySet<string>,
  target: number,
): readonly Assigned[] {
  const ordered = [
    ...available.filter(({ name }) => used.has(name)),
    ...available.filter(({ name }) => !used.has(name)),
  ];
  let sum = 0;
  const last = ordered.findIndex(({ replicas }) => (sum += replicas) >= target);
  return last < 0 ? ordered : ordered.slice(0, last + 1);
}

function merge(previous: readonly Assigned[], added: readonly Assigned[]): Assigned[] {
  const merged = new Map(added.map(({ name, replicas }) => [name, replicas]));
  for (const { name, replicas } of previous) merged.set(name, (merged.get(name) ?? 0) + replicas);
  return [...merged].map(([name, replicas]) => ({ name, replicas }));
}
