import { liveName } from '../live/withLiveObjects.ts';
import { referenceOfItem } from '../pushSources.ts';
import type { ItemReference } from '../pushSources.ts';
import type { Snapshot } from '../snapshot.ts';

/** The objects that documents defined before and none defines after, in whatever version. */
export function removedObjects(
  before: Pick<Snapshot, 'items'>,
  after: Pick<Snapshot, 'items'>,
): readonly ItemReference[] {
  if (before.items === after.items) return [];
  const left = new Set(after.items.map((item) => liveName(referenceOfItem(item))));
  const gone = before.items
    .map(referenceOfItem)
    .filter((reference) => !left.has(liveName(reference)));
  return [...new Map(gone.map((reference) => [liveName(reference), reference])).values()];
}
