import { applyBody } from '../prepare/applyBody.ts';
import { inTurns } from '../prepare/inTurns.ts';
import { isAnswer } from '../prepare/isAnswer.ts';
import { isKindMissing } from '../prepare/isKindMissing.ts';
import type { Journal } from '../journal.ts';
import type { CancelSignal, PushApi, PushClock } from '../ports.ts';
import type { ObjectChange, PushStep } from '../types.ts';
import { failureText } from './failureText.ts';
import { lacksSecretValues } from './withoutSecretValues.ts';

/** Why one of the steps that are left must not be run. */
export interface RefusedStep {
  readonly index: number;
  readonly message: string;
}

/** Until a new kind is served, in ms; its definition takes a moment. */
const patience = 30_000;
const pace = 300;

/** Whether a step writes what no dry run of the review could check: its namespace or kind came with the same push. */
export function isUnseen(step: PushStep): step is PushStep & { type: 'apply' } {
  const { change } = step.type === 'apply' ? step : {};
  return change?.type === 'create' && change.checkedBy === 'engine';
}

/**
 * Dry-runs what no review could, once namespaces and kinds are there and before anything of it is written: so that a
 * refusal stops the push before the first of these objects, not in the middle of them.
 */
export async function refusedUnseen(
  { api, clock, signal }: { api: PushApi; clock: PushClock; signal: CancelSignal | undefined },
  { states }: Journal,
  steps: readonly PushStep[],
): Promise<readonly RefusedStep[]> {
  const left = [...steps.entries()].flatMap(([index, step]) =>
    isUnseen(step) && states[index]?.type === 'waiting' ? [{ index, change: step.change }] : [],
  );
  const answers = await inTurns(left, async ({ index, change }) => {
    const message = await refusalOf(change, { api, clock, signal });
    return message === undefined ? [] : [{ index, message }];
  });
  return answers.flat();
}

async function refusalOf(
  change: ObjectChange,
  { api, clock, signal }: { api: PushApi; clock: PushClock; signal: CancelSignal | undefined },
): Promise<string | undefined> {
  const { reference, source, conflicts } = change;
  // What the write itself says of these is enough.
  if (!source || lacksSecretValues(source.object)) return undefined;
  const end = clock.now() + patience;
  for (;;) {
    try {
      await api.apply(reference, applyBody({ source, conflicts }), { dryRun: true });
      return undefined;
    } catch (error) {
      // Somebody has created it since the review, which the write finds.
      if (isAnswer(error) && error.reason === 'conflict') return undefined;
      if (!isKindMissing(error) || clock.now() >= end || signal?.aborted === true) {
        return failureText(error, reference);
      }
      await clock.sleep(pace, signal);
    }
  }
}
