import { arrayMember, member } from '../../engine/index.ts';
import type { Finding } from '../findings/finding.ts';
import type { Snapshot } from '../snapshot.ts';
import { fixBy } from './changes.ts';
import type { Fix } from './fix.ts';

/** Takes the rule out, unless it is the only one: a policy without rules would do nothing at all. */
export function overrideNeverApplies(_snapshot: Snapshot, { item, path }: Finding): readonly Fix[] {
  const rules = arrayMember(member(item.source, 'spec'), 'overrideRules');
  if (path[1] !== 'overrideRules' || rules.length < 2) return [];
  return fixBy('Remove the rule', [{ item, change: { type: 'remove', path: path.slice(0, 3) } }]);
}
