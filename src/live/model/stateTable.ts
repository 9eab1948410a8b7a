import type { ClusterState, StateCounts } from './states.ts';

/** States by cluster and how many of each, judged when asked for and again only where something changed. */
export interface StateTable {
  readonly states: ReadonlyMap<string, ClusterState>;
  readonly counts: StateCounts;
  /** What is known of one cluster, or of all, is no longer so. */
  invalidate(cluster?: string): void;
  /** Whether a change of this cluster may change the table. */
  concerns(cluster: string): boolean;
}

/**
 * @param judge the state on a cluster; `undefined` for none
 * @param all the clusters that may have one; those in the table are judged anyway
 */
export function createStateTable(
  judge: (cluster: string) => ClusterState | undefined,
  all: () => Iterable<string>,
): StateTable {
  const states = new Map<string, ClusterState>();
  const counts = new Map<ClusterState, number>();
  let stale: 'all' | Set<string> = 'all';
  const count = (state: ClusterState, by: number): void => {
    const now = (counts.get(state) ?? 0) + by;
    if (now > 0) counts.set(state, now);
    else counts.delete(state);
  };
  const update = (cluster: string): void => {
    const before = states.get(cluster);
    const after = judge(cluster);
    if (before === after) return;
    if (before) count(before, -1);
    if (after) count(after, 1);
    if (after) states.set(cluster, after);
    else states.delete(cluster);
  };
  const refresh = (): void => {
    const clusters = stale === 'all' ? new Set([...states.keys(), ...all()]) : stale;
    stale = new Set();
    for (const cluster of clusters) update(cluster);
  };
  return {
    get states() {
      refresh();
      return states;
    },
    get counts() {
      refresh();
      return counts;
    },
    invalidate(cluster) {
      if (cluster === undefined) stale = 'all';
      else if (stale !== 'all') stale.add(cluster);
    },
    concerns: (cluster) => stale === 'all' || states.has(cluster) || stale.has(cluster),
  };
}
