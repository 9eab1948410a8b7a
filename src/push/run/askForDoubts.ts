import type { JsonObject } from '../../engine/index.ts';
import type { Journal, StepState } from '../journal.ts';
import type { PushApi, PushClock } from '../ports.ts';
import { failureText } from './failureText.ts';
import { isAsReviewed, standingOf } from './standing.ts';
import type { WriteStep } from './standing.ts';
import { isLastWrite } from './stepHistory.ts';
import { withoutSecretValues } from './withoutSecretValues.ts';
import { getOrNone, isWriteStep, nameOf, referenceOf } from './writeStep.ts';

/** The journal with every step in doubt looked up on the server, and a note on what was changed since it was done. */
export async function askForDoubts(
  { api, clock }: { readonly api: PushApi; readonly clock: PushClock },
  journal: Journal,
): Promise<Journal> {
  const states: StepState[] = [...journal.states];
  for (const [index, step] of journal.review.steps.entries()) {
    const state = states[index];
    if (!state || !isWriteStep(step) || (state.type !== 'running' && state.type !== 'done'))
      continue;
    try {
      const now = await getOrNone(api, referenceOf(step));
      states[index] =
        state.type === 'running'
          ? doubtAnswered(step, state, now, clock.now())
          : noted(step, state, now, isLastWrite(journal, index));
    } catch (error) {
      const problem = failureText(error, referenceOf(step));
      return { ...journal, states, state: stoppedOf(journal), problem };
    }
  }
  return { ...journal, states, state: stoppedOf(journal) };
}

function stoppedOf({ state }: Journal): Journal['state'] {
  return state === 'running' ? 'stopped' : state;
}

function doubtAnswered(
  step: WriteStep,
  state: StepState & { type: 'running' },
  now: JsonObject | undefined,
  at: number,
): StepState {
  const kept = state.before && { before: state.before };
  switch (standingOf(step, state.before, now)) {
    case 'done': {
      const result = now && step.type !== 'delete' && { result: withoutSecretValues(now) };
      return { type: 'done', at, ...kept, ...result };
    }
    case 'notDone':
      return { type: 'waiting' };
    case 'changed':
      return {
        type: 'failed',
        at,
        message: `${nameOf(referenceOf(step))} was changed by someone else since the review. Review the push again.`,
        isOutdated: true,
      };
  }
}

function noted(
  step: WriteStep,
  done: StepState & { type: 'done' },
  now: JsonObject | undefined,
  isLast: boolean,
): StepState {
  const { note: _, ...state } = done;
  if (!isLast || state.result === undefined) return state;
  const name = nameOf(referenceOf(step));
  if (now === undefined) return { ...state, note: `${name} was deleted by someone else since.` };
  return isAsReviewed(state.result, now)
    ? state
    : { ...state, note: `${name} was changed by someone else since.` };
}
