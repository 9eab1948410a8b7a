import { arrayMember } from '../../engine/index.ts';
import type { Finding } from '../findings/finding.ts';
import type { Snapshot } from '../snapshot.ts';
import { fixBy } from './changes.ts';
import type { Fix } from './fix.ts';

/** Takes one release out of the round: which one is for the user to say, so this is no more than a proposal. */
export function dependsOnCycle(_snapshot: Snapshot, { item, path }: Finding): readonly Fix[] {
  const list = path.slice(0, 2);
  const index = path[2];
  const count = arrayMember(item.source['spec'] ?? null, 'dependsOn').length;
  // An entry behind it would take its place, and might be part of another round.
  if (index !== count - 1) return [];
  const change = { type: 'remove', path: count === 1 ? list : path.slice(0, 3) } as const;
  return fixBy('Do not wait for it', [{ item, change }]);
}
