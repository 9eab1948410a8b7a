import type { Finding } from '../findings/finding.ts';
import { findingsIn } from '../findings/index.ts';
import type { Snapshot } from '../snapshot.ts';
import { fixBy } from './changes.ts';
import type { Fix } from './fix.ts';

/** Removes what has no effect; of constraints all that have none, so that no other takes the place of the first. */
export function placementIgnored(
  snapshot: Snapshot,
  { item, path, code }: Finding,
): readonly Fix[] {
  const name = String(path[2]);
  if (typeof path[3] !== 'number') {
    return fixBy(`Remove ${String(path.at(-1))}`, [{ item, change: { type: 'remove', path } }], {
      preferred: true,
    });
  }
  const indices = findingsIn(snapshot, item.file.uri)
    .filter((other) => other.code === code && other.item.source === item.source)
    .flatMap((other) => (other.path[2] === name ? Number(other.path[3]) : []))
    .sort((a, b) => b - a);
  return fixBy(
    indices.length === 1 ? 'Remove the constraint' : 'Remove the constraints without effect',
    indices.map((i) => ({
      item,
      change: { type: 'remove', path: [...path.slice(0, 3), i] } as const,
    })),
  );
}
