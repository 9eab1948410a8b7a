import { stringMember } from '../../engine/index.ts';
import type { JsonObject } from '../../engine/index.ts';
import type { ConditionRow } from '../rows.ts';
import type { Shape } from './shape.ts';

/** The condition of one type out of `conditions[]`; a status other than True and False counts as Unknown. */
export function readCondition(
  conditions: readonly JsonObject[],
  type: string,
  shape: Shape,
): ConditionRow | undefined {
  const found = conditions.find((condition) => stringMember(condition, 'type') === type);
  if (!found) return undefined;
  const place = 'status.conditions[]';
  const status = shape.text(found, 'status', place);
  return {
    status: status === 'True' || status === 'False' ? status : 'Unknown',
    reason: shape.text(found, 'reason', place),
    message: shape.text(found, 'message', place),
    since: shape.text(found, 'lastTransitionTime', place),
  };
}
