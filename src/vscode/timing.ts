import type { Disposable } from '../base/lifecycle.ts';

/** Runs work a while after it was asked for: once for all that was asked in the meantime. */
export interface Delayed extends Disposable {
  request(): void;
  cancel(): void;
}

/** Runs at a steady pace: `delay` ms after the first request, whatever comes in between. */
export function createThrottle(delay: number, work: () => void): Delayed {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const cancel = () => {
    clearTimeout(timer);
    timer = undefined;
  };
  const request = () => {
    timer ??= setTimeout(() => {
      timer = undefined;
      work();
    }, delay);
  };
  return { request, cancel, dispose: cancel };
}

/** Runs at once, and then no sooner than `pause` ms after the last time, for all that was asked in the meantime. */
export function createPacer(pause: number, work: () => void): Delayed {
  let last = Number.NEGATIVE_INFINITY;
  const later = createThrottle(pause, () => {
    last = Date.now();
    work();
  });
  const request = () => {
    if (Date.now() - last < pause) {
      later.request();
      return;
    }
    later.cancel();
    last = Date.now();
    work();
  };
  return { request, cancel: later.cancel, dispose: later.dispose };
}

/** Runs when it has been quiet for `delay` ms. */
export function createDebouncer(delay: number, work: () => void): Delayed {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const cancel = () => {
    clearTimeout(timer);
    timer = undefined;
  };
  const request = () => {
    clearTimeout(timer);
    timer = setTimeout(work, delay);
  };
  return { request, cancel, dispose: cancel };
}

/** Lets everything else in the extension host run before long work goes on. */
export function breathe(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 0));
}

/**
 * Calls `step` for each item and lets others run every few milliseconds. Stops early when `isCurrent` says no.
 * Resolves with whether it came to the end.
 */
export async function inSlices<T>(
  items: Iterable<T>,
  step: (item: T) => void,
  isCurrent: () => boolean,
): Promise<boolean> {
  let started = Date.now();
  for (const item of items) {
    if (Date.now() - started > sliceLength) {
      await breathe();
      started = Date.now();
    }
    if (!isCurrent()) return false;
    step(item);
  }
  return true;
}

/** Goes through steps and lets others run every few milliseconds; `undefined` when `isCurrent` says no before the end. */
export async function inSteps<T extends object>(
  steps: Iterator<undefined, T>,
  isCurrent: () => boolean,
): Promise<T | undefined> {
  let started = Date.now();
  while (isCurrent()) {
    const { done, value } = steps.next();
    if (done) return value;
    if (Date.now() - started <= sliceLength) continue;
    await breathe();
    started = Date.now();
  }
  return undefined;
}

const sliceLength = 15;
