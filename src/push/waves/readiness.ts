import { rolloutOf, type FleetModel, type Rollout, type RolloutRequest } from '../../live/index.ts';
import type { PushReview, PushStep } from '../types.ts';
import { expectationsOf } from './expectations.ts';
import { nameOfReference } from './names.ts';
import { templateKey } from './templateKey.ts';

/** What is not ready yet at a moment, in words. */
export type Readiness = (model: FleetModel, now: number) => readonly string[];

/**
 * Tells whether the releases of a wave are ready in their new state: what Flux said before the push does not count. Works
 * with what the review noted of the time before; `undefined` for a review that did not.
 */
export function createReadiness(
  review: PushReview,
  step: Extract<PushStep, { type: 'ready' }>,
): Readiness | undefined {
  const { baseline } = review;
  if (!baseline) return undefined;
  const expectations = expectationsOf(review).flatMap((expectation) => {
    const clusters = expectation.clusters.filter((cluster) => step.clusters.includes(cluster));
    const isMeant = step.templates.includes(templateKey(expectation.template));
    return isMeant && clusters.length > 0 ? [{ ...expectation, clusters }] : [];
  });
  let before: Rollout | undefined;
  return (model, now) => {
    const since = before?.since ?? now;
    const request: RolloutRequest = { expectations, since, baseline };
    before = rolloutOf(model, request, now, before);
    return before.lines
      .filter(({ stage }) => stage !== 'ready')
      .map(({ template, cluster, message }) => {
        const why = message === '' ? '' : `: ${message}`;
        return `${nameOfReference(template)} on ${cluster}${why}`;
      });
  };
}
