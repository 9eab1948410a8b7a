import type { Finding } from '../findings/finding.ts';
import type { Snapshot } from '../snapshot.ts';
import type { Fix } from './fix.ts';
import { entryOf, removeEntry } from './overrideEntry.ts';

/** Takes out the entry that loses. */
export function overrideConflict(snapshot: Snapshot, finding: Finding): readonly Fix[] {
  const found = entryOf(snapshot, finding);
  return found ? removeEntry(found) : [];
}
