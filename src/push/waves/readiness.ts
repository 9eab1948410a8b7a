import { rolloutOf } from '../../live/index.ts';
import type { FleetModel, Rollout, RolloutRequest } from '../../live/index.ts';
import type { PushReview, PushStep } from '../types.ts';
import { expectationsOf } from './expectations.ts';
import { nameOfReference } from './names.ts';
import { templateKey } from './templateKey.ts';

/** A failure that lasts as long is no passing one, in ms. */
const failureTime = 15_000;

/** What is not ready at a moment, in words: all of it, and what of that has failed and does not go on by itself. */
export interface Unready {
  readonly missing: readonly string[];
  readonly failed: readonly string[];
}

export type Readiness = (model: FleetModel, now: number) => Unready;

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
    const unready = before.lines.filter(({ stage }) => stage !== 'ready');
    return {
      missing: unready.map(textOf),
      failed: unready.filter((line) => isOver(line, now)).map(textOf),
    };
  };
}

/** A release that fails is tried again for a while; one that has failed for so long stays so until somebody acts. */
function isOver({ stage, since }: Rollout['lines'][number], now: number): boolean {
  return stage === 'failed' && now - since >= failureTime;
}

function textOf({ template, cluster, message }: Rollout['lines'][number]): string {
  return `${nameOfReference(template)} on ${cluster}${message === '' ? '' : `: ${message}`}`;
}
