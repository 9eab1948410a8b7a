import { isUnclaimed, missedSelectors } from '../findings/selection/nearMiss.ts';
import type { Finding } from '../findings/finding.ts';
import type { Snapshot } from '../snapshot.ts';
import { fixBy } from './changes.ts';
import type { Fix } from './fix.ts';

/** Changes a selector to what was probably meant. */
export function selectorMatchesNothing(
  snapshot: Snapshot,
  { item, path }: Finding,
): readonly Fix[] {
  const selector = path.slice(0, 3);
  const missed = missedSelectors(snapshot).find(
    ({ idle }) => idle.item.source === item.source && idle.index === selector[2],
  );
  if (!missed) return [];
  const { miss } = missed;
  const isWide = item.kind.startsWith('Cluster');
  const [field, value] =
    miss.type === 'name'
      ? (['name', miss.name] as const)
      : miss.type === 'kind'
        ? (['kind', miss.kind] as const)
        : miss.type === 'namespace' && isWide
          ? (['namespace', miss.namespace] as const)
          : [];
  if (field === undefined || value === undefined) return [];
  const change = { type: 'set', path: [...selector, field], value } as const;
  const isMeant = item.role === 'override' || miss.meant.some(isUnclaimed);
  return fixBy(
    `Change ${field} to ${value}`,
    [{ item, change }],
    isMeant ? { preferred: true } : {},
  );
}
