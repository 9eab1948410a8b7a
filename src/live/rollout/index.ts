/** What becomes of a push on each cluster, followed by the rows of the control plane. */
export { rolloutBaseline } from './rolloutBaseline.ts';
export { isFailedForGood, rolloutOf } from './rolloutOf.ts';
export { rolloutSummary } from './rolloutText.ts';
export { createRolloutTree } from './rolloutTree.ts';
export type { Expectation, Rollout, RolloutBaseline, RolloutRequest } from './types.ts';
