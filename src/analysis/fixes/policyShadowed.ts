import { arrayMember } from '../../engine/index.ts';
import type { Finding } from '../findings/finding.ts';
import { findingsIn } from '../findings/index.ts';
import { idleSelectors } from '../findings/selection/selectorUses.ts';
import type { IdleSelector } from '../findings/selection/selectorUses.ts';
import type { Item, Snapshot } from '../snapshot.ts';
import { fixBy } from './changes.ts';
import type { Fix } from './fix.ts';

/** Removes selectors that get nothing, or puts their policy above those of its kind that it loses to. */
export function policyShadowed(snapshot: Snapshot, { item, path, code }: Finding): readonly Fix[] {
  const idle = idleSelectors(snapshot).find(
    (one) => one.item.source === item.source && one.index === path[2],
  );
  if (!idle) return [];
  const shadowed = findingsIn(snapshot, item.file.uri)
    .filter((other) => other.code === code && other.item.source === item.source)
    .map((other) => Number(other.path[2]));
  return [...removed(item, shadowed), ...raised(item, idle)];
}

/** All of them, so that none takes the place of another. A policy needs a selector. */
function removed(item: Item, indices: readonly number[]): readonly Fix[] {
  const selectors = ['spec', 'resourceSelectors'];
  const count = arrayMember(item.source['spec'] ?? null, 'resourceSelectors').length;
  if (indices.length >= count) return [];
  return fixBy(
    indices.length === 1 ? 'Remove the selector' : 'Remove the selectors that get nothing',
    indices
      .toSorted((a, b) => b - a)
      .map((i) => ({ item, change: { type: 'remove', path: [...selectors, i] } as const })),
  );
}

/** The highest value of an int32. */
const highest = 2 ** 31 - 1;

function raised(item: Item, { lost }: IdleSelector): readonly Fix[] {
  const claims = lost.flatMap(({ simulation }) => simulation?.claim ?? []);
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
