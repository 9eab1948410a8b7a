import { createSimulator } from './simulate.ts';
import type { JsonObject, Outcome } from './types.ts';

/**
 * What Karmada makes of Clusters, templates and policies as the control plane stores them: one outcome for every object
 * that is neither a Cluster nor a policy. Objects without apiVersion, kind or name are left out, of two with one key
 * the last counts, and a policy that admission refuses does not exist.
 */
export function preview(objects: readonly JsonObject[]): readonly Outcome[] {
  return createSimulator()(objects).simulations.map(({ outcome }) => outcome);
}
