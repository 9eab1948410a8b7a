import { KubeError } from '../../live/index.ts';

/** Work that all who ask at the same time wait for together. */
export interface SharedRun<T> {
  /** Joins the work under way or starts it. Rejects with a `KubeError` 'aborted' when the signal comes first. */
  get(signal?: AbortSignal): Promise<T>;
  /** Stops the work under way; later calls reject. */
  dispose(): void;
}

/** One run at a time. It is told to stop when the last who waits for it has gone. */
export function createSharedRun<T>(run: (signal: AbortSignal) => Promise<T>): SharedRun<T> {
  let current: { result: Promise<T>; stop: AbortController; waiting: number } | undefined;
  let isDisposed = false;

  const start = (): NonNullable<typeof current> => {
    const stop = new AbortController();
    const started = { result: run(stop.signal), stop, waiting: 0 };
    const forget = (): void => {
      if (current === started) current = undefined;
    };
    started.result.then(forget, forget);
    return started;
  };
  return {
    get(signal) {
      if (isDisposed || signal?.aborted) return Promise.reject(stopped());
      const joined = (current ??= start());
      joined.waiting += 1;
      return new Promise((resolve, reject) => {
        const leave = (): void => {
          signal?.removeEventListener('abort', abort);
          joined.waiting -= 1;
        };
        const abort = (): void => {
          leave();
          if (joined.waiting === 0) {
            if (current === joined) current = undefined;
            joined.stop.abort();
          }
          reject(stopped());
        };
        signal?.addEventListener('abort', abort);
        joined.result.then(
          (value) => {
            leave();
            resolve(value);
          },
          (error: unknown) => {
            leave();
            // However the work puts it: it was told to stop.
            if (joined.stop.signal.aborted) reject(stopped());
            else reject(error instanceof Error ? error : new Error(String(error)));
          },
        );
      });
    },
    dispose() {
      isDisposed = true;
      current?.stop.abort();
      current = undefined;
    },
  };
}

/** The failure of whoever asked to stop. */
export function stopped(): KubeError {
  return new KubeError('aborted', 'Stopped.');
}
