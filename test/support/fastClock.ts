import type { Clock } from '../../src/kube/clock.ts';

/** A clock on which time passes faster, and that knows which of its timers still run. */
export interface FastClock extends Clock {
  readonly pending: number;
  /** Lets time jump, as while a computer sleeps: timers fire later than they should. */
  jump(milliseconds: number): void;
}

export function createFastClock(factor: number, startsAt = Date.now()): FastClock {
  const began = performance.now();
  const timers = new Set<NodeJS.Timeout>();
  let jumped = 0;
  return {
    now: () => startsAt + jumped + (performance.now() - began) * factor,
    after(milliseconds, callback) {
      const timer = setTimeout(() => {
        timers.delete(timer);
        callback();
      }, milliseconds / factor);
      timers.add(timer);
      return {
        dispose() {
          clearTimeout(timer);
          timers.delete(timer);
        },
      };
    },
    get pending() {
      return timers.size;
    },
    jump(milliseconds) {
      jumped += milliseconds;
    },
  };
}
