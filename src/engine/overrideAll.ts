import { admit } from './admission/admit.ts';
import { templateKey } from './controlPlane.ts';
import { override as overrideAdmitted } from './render.ts';
import type { JsonObject, Outcome } from './types.ts';

/**
 * Every template among some objects, rendered for every cluster among them: no claim, no scheduling. A policy that
 * admission refuses does not exist, nor does an object without apiVersion, kind or name.
 */
export function override(objects: readonly JsonObject[]): readonly Outcome[] {
  const named = objects.filter((object) => templateKey(object) !== undefined);
  return overrideAdmitted(named, { isAdmitted: (policy) => admit(policy).allowed });
}
