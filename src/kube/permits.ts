/** Lets a limited number of tasks run at a time; the others wait in the order in which they came. */
export interface Permits {
  /** Runs a task when its turn comes. A signal that is aborted while it waits rejects with its reason. */
  run<T>(task: () => Promise<T>, signal: AbortSignal): Promise<T>;
}

export function createPermits(count: number): Permits {
  let free = count;
  const waiting = new Set<() => void>();
  const acquire = (signal: AbortSignal): Promise<void> => {
    if (free > 0) {
      free--;
      return Promise.resolve();
    }
    return new Promise((resolve, reject) => {
      const onAbort = (): void => {
        waiting.delete(proceed);
        reject(signal.reason as Error);
      };
      const proceed = (): void => {
        signal.removeEventListener('abort', onAbort);
        resolve();
      };
      signal.addEventListener('abort', onAbort, { once: true });
      waiting.add(proceed);
    });
  };
  const release = (): void => {
    const [next] = waiting;
    if (!next) {
      free++;
      return;
    }
    waiting.delete(next);
    next();
  };
  return {
    async run(task, signal) {
      signal.throwIfAborted();
      await acquire(signal);
      try {
        return await task();
      } finally {
        release();
      }
    },
  };
}
