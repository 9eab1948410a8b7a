import type { JsonObject } from '../../engine/index.ts';
import type { ObjectReference } from '../../live/index.ts';
import type { Journal } from '../journal.ts';
import { isSameReference } from '../run/stepHistory.ts';
import { isWriteStep, referenceOf } from '../run/writeStep.ts';

/** An object that a push has written, by one step or by several. */
export interface WrittenObject {
  readonly reference: ObjectReference;
  /** Before the first step; absent when there was none. */
  readonly before?: JsonObject;
  /** Of a Secret: only other fields than its values were changed. */
  readonly keepsValues?: true;
  /** After the last step; absent when the push deleted it. */
  readonly pushed?: JsonObject;
}

/** What a push has written, the last written first. Steps in doubt have to be asked for before. */
export function writtenObjects({ review, states }: Journal): readonly WrittenObject[] {
  const found: WrittenObject[] = [];
  for (const [index, step] of review.steps.entries()) {
    const state = states[index];
    if (state?.type !== 'done' || !isWriteStep(step)) continue;
    const reference = referenceOf(step);
    const at = found.findIndex((one) => isSameReference(one.reference, reference));
    const first = found[at];
    const before = first ? first.before : state.before;
    const keepsValues =
      'change' in step &&
      step.change.secretKeys?.length === 0 &&
      (first === undefined || first.keepsValues === true);
    if (at >= 0) found.splice(at, 1);
    found.push({
      reference,
      ...(before && { before }),
      ...(keepsValues && { keepsValues }),
      ...(state.result && { pushed: state.result }),
    });
  }
  return found.toReversed();
}
