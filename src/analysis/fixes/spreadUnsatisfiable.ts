import { isObject, readPlacement } from '../../engine/index.ts';
import { valueAt } from '../findings/document/fieldPlace.ts';
import type { Finding } from '../findings/finding.ts';
import { spreadProblem } from '../findings/placement/spreadProblem.ts';
import { causesBehind } from '../findings/placement/unscheduled.ts';
import { propagationUses } from '../propagationUses.ts';
import type { Snapshot } from '../snapshot.ts';
import { fixBy } from './changes.ts';
import type { Fix } from './fix.ts';

/** Writes the `maxGroups` that is missing, or asks for as many groups as there are. */
export function spreadUnsatisfiable(snapshot: Snapshot, finding: Finding): readonly Fix[] {
  const { item, path } = finding;
  const constraint = path.slice(0, 4);
  const [cause] = causesBehind(snapshot, finding);
  if (cause) {
    const { available = 0 } = cause;
    if (available < 1) return [];
    const change = { type: 'set', path: [...constraint, 'minGroups'], value: available } as const;
    return fixBy(`Set minGroups to ${available}`, [{ item, change }]);
  }
  const use = propagationUses(snapshot).find((one) => one.item.source === item.source);
  const placement = use && valueAt(use.policy.spec, ['placement']);
  const problem = isObject(placement) ? spreadProblem(placement) : undefined;
  if (problem?.type !== 'no-groups' || !isObject(placement)) return [];
  const least = Math.max(readPlacement(placement).spread[problem.index]?.minGroups ?? 1, 1);
  const change = { type: 'set', path: [...constraint, 'maxGroups'], value: least } as const;
  return fixBy(`Set maxGroups to ${least}`, [{ item, change }]);
}
