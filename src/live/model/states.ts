/** How a release or source is doing on one cluster, the worst first. */
export const clusterStates = [
  'failed', // Flux says Ready False
  'stalled', // Flux gave up
  'overrideFailing', // an override fails, so that the cluster keeps what it had
  'notApplied', // Karmada cannot write it to the member
  'clusterNotReady', // the member does not answer; what it reported is old
  'outdated', // what was sent is not made from the present template or binding
  'dispatchSuspended', // the policy holds it back
  'suspended', // Flux is told to leave it alone
  'waitingForDispatch', // scheduled; not there yet
  'waitingForFlux', // there; Flux has not acted on it
  'reconciling', // Flux is at it
  'removing', // no longer wanted there, and not gone yet
  'ready',
] as const;
export type ClusterState = (typeof clusterStates)[number];

/** What a user has to look at. */
const problems: ReadonlySet<ClusterState> = new Set<ClusterState>([
  'failed',
  'stalled',
  'overrideFailing',
  'notApplied',
  'clusterNotReady',
]);

/** Whether a state does not pass by itself. */
export function isProblem(state: ClusterState): boolean {
  return problems.has(state);
}

const words: Readonly<Record<ClusterState, string>> = {
  failed: 'failed',
  stalled: 'stalled',
  overrideFailing: 'override failing',
  notApplied: 'not applied',
  clusterNotReady: 'cluster not ready',
  outdated: 'outdated',
  dispatchSuspended: 'dispatch suspended',
  suspended: 'suspended',
  waitingForDispatch: 'waiting for dispatch',
  waitingForFlux: 'waiting for Flux',
  reconciling: 'reconciling',
  removing: 'being removed',
  ready: 'ready',
};

/** A state in the user's words. */
export function stateText(state: ClusterState): string {
  return words[state];
}

/** How many clusters are in each state; states without a cluster have no key. */
export type StateCounts = ReadonlyMap<ClusterState, number>;

/** `7/9 ready, 1 failed, 1 suspended`; what is being removed does not count to the nine. */
export function rollupText(counts: StateCounts): string {
  const removing = counts.get('removing') ?? 0;
  let total = 0;
  for (const count of counts.values()) total += count;
  const parts = clusterStates
    .filter((state) => state !== 'ready' && counts.has(state))
    .map((state) => countText(state, counts.get(state) ?? 0));
  if (total === removing) return parts.join(', ');
  return [`${counts.get('ready') ?? 0}/${total - removing} ready`, ...parts].join(', ');
}

/** `2 failed`, `3 clusters not ready`. */
export function countText(state: ClusterState, count: number): string {
  if (state === 'clusterNotReady' && count !== 1) return `${count} clusters not ready`;
  return `${count} ${words[state]}`;
}

/** The worst state that occurs; `undefined` for no cluster at all. */
export function worstState(counts: StateCounts): ClusterState | undefined {
  return clusterStates.find((state) => counts.has(state));
}
