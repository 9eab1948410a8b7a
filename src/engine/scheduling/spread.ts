import { compareBytes } from '../json.ts';
import type { ClusterFacts } from '../selection/clusterFacts.ts';
import type { Result } from '../types.ts';
import { ignoresSpread, type Placement, type SpreadConstraint } from './placement.ts';
import { selectGroups } from './selectGroups.ts';

/** A feasible cluster with what ranks it. */
export interface RankedCluster {
  readonly cluster: ClusterFacts;
  /** 100 for a cluster of the previous result, else 0. */
  readonly score: number;
  /** 0 for the primary affinity, then one per overflow tier. */
  readonly overflowOrder: number;
  /** Free replicas and those it already has. */
  readonly available: number;
  /** Free replicas. */
  readonly allocatable: number;
}

/** Karmada's order: tier, score, free replicas, name (`sortClusters` of `spreadconstraint/util.go`). */
export function compareRanked(a: RankedCluster, b: RankedCluster): number {
  return (
    a.overflowOrder - b.overflowOrder ||
    b.score - a.score ||
    b.available - a.available ||
    compareBytes(a.cluster.name, b.cluster.name)
  );
}

/**
 * Which feasible clusters the spread constraints let through (`SelectBestClusters` of
 * `pkg/scheduler/core/spreadconstraint/select_clusters.go`). `clusters` are in Karmada's order.
 */
export function selectClusters(
  clusters: readonly RankedCluster[],
  placement: Placement,
  replicas: number,
): Result<readonly RankedCluster[]> {
  if (placement.spread.length === 0 || ignoresSpread(placement)) return { value: clusters };
  const byField = new Map(placement.spread.map((constraint) => [constraint.field, constraint]));
  const region = byField.get('region');
  const cluster = byField.get('cluster');
  if (region) return selectByRegion(clusters, placement, region, cluster, replicas);
  if (!cluster) return { error: 'just support cluster and region spread constraint' };
  const isCounting = !ignoresCapacity(placement);
  return selectByCluster(clusters, cluster, isCounting ? replicas : undefined);
}

function ignoresCapacity({ replicaScheduling }: Placement): boolean {
  return !replicaScheduling || replicaScheduling.type === 'Duplicated';
}

function selectByCluster(
  clusters: readonly RankedCluster[],
  { minGroups, maxGroups }: SpreadConstraint,
  replicas: number | undefined,
): Result<readonly RankedCluster[]> {
  if (clusters.length < minGroups) {
    return { error: 'the number of feasible clusters is less than spreadConstraint.MinGroups' };
  }
  const count = Math.min(clusters.length, maxGroups);
  if (replicas === undefined) return { value: clusters.slice(0, count) };
  const selected = selectByCapacity(clusters, count, replicas);
  return selected.length === 0
    ? { error: `no enough resource when selecting ${count} clusters` }
    : { value: selected };
}

/** From the last slot on, takes in the cluster with the most free replicas until the sum suffices. */
function selectByCapacity(
  clusters: readonly RankedCluster[],
  count: number,
  replicas: number,
): RankedCluster[] {
  const selected = clusters.slice(0, count);
  const rest = clusters.slice(count);
  const suffices = (): boolean =>
    selected.reduce((sum, { available }) => sum + available, 0) >= replicas;
  for (let slot = count - 1; slot >= 0 && !suffices(); slot--) {
    const current = selected[slot];
    if (!current) break;
    let best = -1;
    let most = current.available;
    rest.forEach(({ available }, i) => {
      if (available > most) {
        best = i;
        most = available;
      }
    });
    const replacement = rest[best];
    if (!replacement) continue;
    selected[slot] = replacement;
    rest[best] = current;
  }
  return suffices() ? selected : [];
}

/** `select_clusters_by_region.go`: choose regions, take the leader of each, then fill up. */
function selectByRegion(
  clusters: readonly RankedCluster[],
  placement: Placement,
  region: SpreadConstraint,
  cluster: SpreadConstraint | undefined,
  replicas: number,
): Result<readonly RankedCluster[]> {
  const regions = groupByRegion(clusters);
  if (regions.size < region.minGroups) {
    return { error: 'the number of feasible region is less than spreadConstraint.MinGroups' };
  }
  const groups = [...regions].map(([name, members]) => ({
    name,
    value: members.length,
    weight: regionScore(members, placement, region, cluster, replicas),
  }));
  const chosen = selectGroups(groups, region.minGroups, region.maxGroups, cluster?.minGroups ?? 0);
  if (chosen.length === 0) {
    const error = 'the number of clusters is less than the cluster spreadConstraint.MinGroups';
    return { error };
  }
  const members = chosen.map(({ name }) => regions.get(name) ?? []);
  const leaders = members.flatMap((inRegion) => inRegion.slice(0, 1));
  const others = members.flatMap((inRegion) => inRegion.slice(1)).sort(compareRanked);
  const count = Math.min(leaders.length + others.length, cluster?.maxGroups ?? 0);
  return { value: [...leaders, ...others.slice(0, Math.max(0, count - leaders.length))] };
}

function groupByRegion(clusters: readonly RankedCluster[]): Map<string, RankedCluster[]> {
  const regions = new Map<string, RankedCluster[]>();
  for (const ranked of clusters) {
    const { region } = ranked.cluster;
    if (region === '') continue;
    const members = regions.get(region);
    if (members) members.push(ranked);
    else regions.set(region, [ranked]);
  }
  return regions;
}

const weightUnit = 1000;

/** `calcGroupScore` of `group_clusters.go`. */
function regionScore(
  members: readonly RankedCluster[],
  placement: Placement,
  region: SpreadConstraint,
  cluster: SpreadConstraint | undefined,
  replicas: number,
): number {
  if (ignoresCapacity(placement)) {
    const valid = members.filter(({ available }) => available >= replicas);
    const scores = valid.reduce((sum, { score }) => sum + score, 0);
    return valid.length === 0 ? 0 : valid.length * weightUnit + Math.floor(scores / valid.length);
  }
  const target = Math.ceil(replicas / Math.max(region.minGroups, 1));
  const least = Math.max(cluster?.minGroups ?? 0, region.minGroups);
  let available = 0;
  let scores = 0;
  let count = 0;
  for (const member of members) {
    available += member.available;
    scores += member.score;
    count++;
    if (count >= least && available >= target) break;
  }
  return available < target
    ? available * weightUnit + Math.floor(scores / members.length)
    : target * weightUnit + Math.floor(scores / count);
}
