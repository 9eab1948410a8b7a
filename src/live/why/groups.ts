import { naturalOrder } from '../../analysis/index.ts';
import type { Fate } from './fates.ts';
import type { WhyClusters, WhyState } from './why.ts';

const order: readonly WhyState[] = ['failed', 'missing', 'busy', 'paused', 'ok', 'info'];

/** Worst first. */
export function byState(a: { readonly state: WhyState }, b: { readonly state: WhyState }): number {
  return order.indexOf(a.state) - order.indexOf(b.state);
}

/** Fates of which the same is to be said. */
export interface FateGroup {
  readonly fate: Fate;
  readonly clusters: readonly string[];
}

/** How many reasons are told apart under one title; a message of its own per cluster helps nobody. */
const mostReasons = 12;

/** Clusters by what became of them, worst first; names in the order in which people count. */
export function groupFates(fates: readonly Fate[]): readonly FateGroup[] {
  const groups = new Map<string, { readonly fate: Fate; readonly clusters: string[] }>();
  const reasons = new Map<string, number>();
  for (const fate of fates) {
    let key = JSON.stringify([fate.title, fate.says]);
    if (!groups.has(key)) {
      const count = (reasons.get(fate.title) ?? 0) + 1;
      if (count > mostReasons) key = JSON.stringify([fate.title]);
      else reasons.set(fate.title, count);
    }
    const group = groups.get(key);
    if (group) group.clusters.push(fate.cluster);
    else groups.set(key, { fate: withoutOwnWords(fate, key), clusters: [fate.cluster] });
  }
  for (const { clusters } of groups.values()) clusters.sort(naturalOrder);
  return [...groups.values()].sort(
    (a, b) => byState(a.fate, b.fate) || b.clusters.length - a.clusters.length,
  );
}

function withoutOwnWords(fate: Fate, key: string): Fate {
  if (key !== JSON.stringify([fate.title])) return fate;
  return { ...fate, says: 'for various other reasons', message: '' };
}

/** The groups as they are shown. */
export function toWhyClusters(groups: readonly FateGroup[]): readonly WhyClusters[] {
  return groups.map(({ fate: { state, title, says }, clusters }) => ({
    state,
    title,
    clusters,
    says,
  }));
}
