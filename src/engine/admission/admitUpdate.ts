import { member, stringMember } from '../json.ts';
import { labelsOf } from '../selection/labelSelector.ts';
import type { JsonObject } from '../types.ts';
import { policyKind } from './admit.ts';

/**
 * Why the webhook refuses to change one stored propagation policy into another, before it looks at the rest of it;
 * `undefined` when it does not (`validateUpdate` of `pkg/webhook/propagationpolicy/validating.go`).
 */
export function updateProblem(before: JsonObject, after: JsonObject): string | undefined {
  const kind = policyKind(after);
  if (kind !== 'PropagationPolicy' && kind !== 'ClusterPropagationPolicy') return undefined;
  const schedulerName = (object: JsonObject): string =>
    stringMember(member(object, 'spec'), 'schedulerName');
  if (schedulerName(before) !== schedulerName(after)) {
    return 'the schedulerName should not be updated';
  }
  const label = `${kind.toLowerCase()}.karmada.io/permanent-id`;
  return (labelsOf(before).get(label) ?? '') === (labelsOf(after).get(label) ?? '')
    ? undefined
    : `label ${label} is immutable, it can only be set by the system during creation`;
}
