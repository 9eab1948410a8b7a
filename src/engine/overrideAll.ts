import { admit } from './admission/admit.ts';
import { override as overrideAdmitted } from './render.ts';
import type { JsonObject, Outcome } from './types.ts';

/**
 * Every template among some objects, rendered for every cluster among them: no claim, no scheduling. A policy that
 * admission refuses does not exist.
 */
export function override(objects: readonly JsonObject[]): readonly Outcome[] {
  return overrideAdmitted(objects, { isAdmitted: (policy) => admit(policy).allowed });
}
