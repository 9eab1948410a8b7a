import { arrayMember, memberAt, stringMember } from '../../engine/index.ts';
import type { JsonObject } from '../../engine/index.ts';
import type { ObjectReference } from '../../live/index.ts';

/**
 * Whether a propagation policy claims nothing before an override policy is there, by its `dependentOverrides`
 * (`IsDependentOverridesPresent` of `pkg/util/helper/policy.go`).
 */
export function dependsOnOverride(
  policy: JsonObject,
  { kind, namespace, name }: ObjectReference,
): boolean {
  const isAlike = stringMember(policy, 'kind') === kind.replace('Override', 'Propagation');
  if (!kind.endsWith('OverridePolicy') || !isAlike) return false;
  return (
    stringMember(memberAt(policy, 'metadata'), 'namespace') === namespace &&
    arrayMember(memberAt(policy, 'spec'), 'dependentOverrides').includes(name)
  );
}
