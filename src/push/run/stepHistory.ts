import type { JsonObject } from '../../engine/index.ts';
import type { ObjectReference } from '../../live/index.ts';
import type { Journal } from '../journal.ts';
import { isWriteStep, referenceOf } from './writeStep.ts';

/** What an earlier step of the same push left of the object that a step writes. */
export function earlierResult({ review, states }: Journal, index: number): JsonObject | undefined {
  const step = review.steps[index];
  if (!step || !isWriteStep(step)) return undefined;
  const reference = referenceOf(step);
  let found: JsonObject | undefined;
  for (const [at, other] of review.steps.slice(0, index).entries()) {
    const state = states[at];
    if (state?.type !== 'done' || !isWriteStep(other)) continue;
    if (isSameReference(referenceOf(other), reference)) found = state.result ?? found;
  }
  return found;
}

/** Whether a step before this one holds the same policy and none has let it go since. */
export function isHeldBefore({ review, states }: Journal, index: number): boolean {
  const step = review.steps[index];
  if (!step || !isWriteStep(step)) return false;
  const reference = referenceOf(step);
  let isHeld = false;
  for (const [at, other] of review.steps.slice(0, index).entries()) {
    if (other.type !== 'hold' || states[at]?.type !== 'done') continue;
    if (isSameReference(other.hold.policy, reference)) isHeld = other.hold.clusters !== 'none';
  }
  return isHeld;
}

/** Whether two references name one object; its version may be another. */
export function isSameReference(a: ObjectReference, b: ObjectReference): boolean {
  const group = ({ apiVersion }: ObjectReference): string =>
    apiVersion.includes('/') ? apiVersion.slice(0, apiVersion.indexOf('/')) : '';
  return (
    a.kind === b.kind && a.namespace === b.namespace && a.name === b.name && group(a) === group(b)
  );
}

/** Whether no later step of the push has written the same object. */
export function isLastWrite({ review, states }: Journal, index: number): boolean {
  const step = review.steps[index];
  return !review.steps.some(
    (other, at) =>
      at > index &&
      step !== undefined &&
      isWriteStep(step) &&
      isWriteStep(other) &&
      states[at]?.type !== 'waiting' &&
      isSameReference(referenceOf(other), referenceOf(step)),
  );
}
