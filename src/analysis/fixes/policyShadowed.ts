import type { Finding } from '../findings/finding.ts';
import { idleSelectors } from '../findings/selection/selectorUses.ts';
import type { Snapshot } from '../snapshot.ts';
import { fixBy } from './changes.ts';
import type { Fix } from './fix.ts';

const highest = 2 ** 31 - 1;

/** Puts a policy above those of its kind that it loses to. */
export function policyShadowed(snapshot: Snapshot, { item, path }: Finding): readonly Fix[] {
  const idle = idleSelectors(snapshot).find(
    ({ use, index }) => use.item.source === item.source && index === path[2],
  );
  if (!idle) return [];
  const claims = idle.lost.flatMap(({ simulation }) => simulation?.claim ?? []);
  const isWinnable = claims.every(
    (claim) => claim.type === 'claimed' && !claim.isExisting && claim.policy.kind === item.kind,
  );
  if (!isWinnable || claims.length === 0) return [];
  const priorities = claims.map((claim) => ('policy' in claim ? claim.policy.priority : 0));
  const value = Math.max(...priorities) + 1;
  if (value > highest) return [];
  const change = { type: 'set', path: ['spec', 'priority'], value } as const;
  return fixBy(`Set priority to ${value}`, [{ item, change }]);
}
