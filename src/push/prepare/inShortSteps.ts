import type { Planning } from '../../analysis/index.ts';
import { KubeError } from '../../live/index.ts';
import type { CancelSignal, PushClock } from '../ports.ts';

/** So long at most nothing else can run, in ms, but for a step that is longer. */
const sliceLength = 15;

/**
 * What is planned in steps, and whatever else there is to do in between: a plan for a thousand clusters takes seconds.
 * Rejects when the signal aborts.
 */
export async function inShortSteps<T>(
  planning: Planning<T>,
  clock: PushClock,
  signal: CancelSignal | undefined,
): Promise<T> {
  let started = clock.now();
  for (;;) {
    if (signal?.aborted === true) throw new KubeError('aborted', 'The review was given up.');
    const { done, value } = planning.next();
    if (done) return value;
    if (clock.now() - started <= sliceLength) continue;
    await clock.sleep(0, signal);
    started = clock.now();
  }
}
