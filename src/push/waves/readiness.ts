import { isFailedForGood, rolloutOf } from '../../live/index.ts';
import type { FleetModel, Rollout, RolloutRequest } from '../../live/index.ts';
import type { PushReview, PushStep } from '../types.ts';
import { expectationsOf } from './expectations.ts';
import { nameOfReference } from './names.ts';
import { templateKey } from './templateKey.ts';

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
  const suspended = new Set(
    expectations.flatMap(({ isSuspended, template, clusters }) =>
      isSuspended === true ? clusters.map((cluster) => placeOf({ template, cluster })) : [],
    ),
  );
  let before: Rollout | undefined;
  return (model, now) => {
    const since = before?.since ?? now;
    const request: RolloutRequest = { expectations, since, baseline };
    before = rolloutOf(model, request, now, before);
    const unready = before.lines.filter((line) => !isReady(line, suspended));
    return {
      missing: unready.map(textOf),
      failed: unready.filter((line) => isFailedForGood(line, now)).map(textOf),
    };
  };
}

/** What Flux is told to leave alone is as far as it comes once it is applied. */
function isReady(line: Rollout['lines'][number], suspended: ReadonlySet<string>): boolean {
  if (line.stage === 'ready') return true;
  const isApplied = line.stage === 'held' && line.reached.applied !== undefined;
  return isApplied && suspended.has(placeOf(line));
}

function placeOf({
  template,
  cluster,
}: Pick<Rollout['lines'][number], 'template' | 'cluster'>): string {
  return `${templateKey(template)} on ${cluster}`;
}

function textOf({ template, cluster, message }: Rollout['lines'][number]): string {
  return `${nameOfReference(template)} on ${cluster}${message === '' ? '' : `: ${message}`}`;
}
