import { isArray } from '../../engine/index.ts';
import { valueAt } from '../findings/document/fieldPlace.ts';
import type { Finding } from '../findings/finding.ts';
import { nearestCluster } from '../findings/placement/unknownCluster.ts';
import type { Snapshot } from '../snapshot.ts';
import { fixBy } from './changes.ts';
import type { Fix } from './fix.ts';

/** Changes a name to the nearest of the fleet, or removes the unknown names of a list that knows others. */
export function unknownCluster(snapshot: Snapshot, { item, path }: Finding): readonly Fix[] {
  const near = nearestCluster(snapshot, item, path);
  const known = new Set<unknown>(snapshot.run.controlPlane.clusters.map(({ name }) => name));
  const listPath = path.slice(0, -1);
  const list = valueAt(item.source, listPath);
  const names = isArray(list) ? list : [];
  // A list without names would mean every cluster.
  const indices = [...names.keys()].filter((i) => !known.has(names[i]));
  const removal =
    indices.length < names.length
      ? fixBy(
          indices.length === 1
            ? 'Remove the name'
            : 'Remove the names that the fleet does not have',
          indices
            .toReversed()
            .map((i) => ({ item, change: { type: 'remove', path: [...listPath, i] } as const })),
        )
      : [];
  if (near === undefined) return removal;
  const change = { type: 'set', path, value: near } as const;
  return [...fixBy(`Change to ${near}`, [{ item, change }], { preferred: true }), ...removal];
}
