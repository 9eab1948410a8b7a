import type { Clock } from '../../src/kube/clock.ts';

export interface ManualClock extends Clock {
  /** Lets time pass: what is due happens in its order, and promises are settled in between. */
  advance(milliseconds: number): Promise<void>;
  /** Timers that wait. */
  readonly pending: number;
  /** In how many milliseconds each of them is due, soonest first. */
  readonly waits: readonly number[];
}

/** A clock that stands until it is told to go on. */
export function manualClock(): ManualClock {
  let now = Date.parse('2026-01-01T00:00:00Z');
  const timers = new Set<{ readonly at: number; readonly callback: () => void }>();
  return {
    now: () => now,
    after(milliseconds, callback) {
      const timer = { at: now + milliseconds, callback };
      timers.add(timer);
      return { dispose: () => timers.delete(timer) };
    },
    async advance(milliseconds) {
      const end = now + milliseconds;
      await settled();
      for (let turns = 0; turns < 10_000; turns++) {
        const [next] = [...timers].filter(({ at }) => at <= end).sort((a, b) => a.at - b.at);
        if (!next) break;
        timers.delete(next);
        now = Math.max(now, next.at);
        next.callback();
        await settled();
      }
      now = end;
    },
    get pending() {
      return timers.size;
    },
    get waits() {
      return [...timers].map(({ at }) => at - now).sort((a, b) => a - b);
    },
  };
}

/** Every promise that can go on has gone on. */
function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
