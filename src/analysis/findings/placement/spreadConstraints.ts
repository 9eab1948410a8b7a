import { isObject, member } from '../../../engine/index.ts';
import { propagationUses } from '../../propagationUses.ts';
import type { Item, Snapshot } from '../../snapshot.ts';
import type { Finding } from '../finding.ts';
import { writtenPlace } from '../writtenPlace.ts';
import { spreadProblem } from './spreadProblem.ts';
import type { SpreadProblem } from './spreadProblem.ts';

/** `spread-unsatisfiable` for constraints that no fleet can meet, whether or not the policy claims anything yet. */
export function spreadConstraints(snapshot: Snapshot): readonly Finding[] {
  return propagationUses(snapshot).flatMap(({ item, policy }): Finding[] => {
    const placement = member(policy.spec, 'placement');
    const problem = isObject(placement) ? spreadProblem(placement) : undefined;
    return problem ? [toFinding(item, problem)] : [];
  });
}

function toFinding(item: Item, problem: SpreadProblem): Finding {
  const { type, index, field, minGroups } = problem;
  const constraint = ['spec', 'placement', 'spreadConstraints', index];
  const code = 'spread-unsatisfiable';
  if (type === 'unsupported-field') {
    const key = field === '' ? 'spreadByLabel' : 'spreadByField';
    const message =
      'The scheduler chooses by cluster and region only and fails on this, so nothing is propagated; add a constraint with spreadByField: cluster.';
    return { code, ...writtenPlace(item, [...constraint, key]), message };
  }
  const place = writtenPlace(item, [...constraint, 'maxGroups']);
  const isWritten = place.on === 'value';
  const problemText = isWritten ? 'maxGroups: 0 lets' : 'Without maxGroups this lets';
  const least = Math.max(minGroups, 1);
  const remedy = isWritten ? `set it to ${least} or more` : `add maxGroups: ${least} or more`;
  const message = `${problemText} no ${field} through, so the scheduler fails and nothing is propagated; ${remedy}.`;
  return { code, ...place, message };
}
