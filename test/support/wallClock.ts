import { setTimeout as sleep } from 'node:timers/promises';
import type { PushClock } from '../../src/push/index.ts';

/** The machine's own clock. */
export function wallClock(): PushClock {
  return {
    now: () => Date.now(),
    sleep: async (ms, signal) => {
      const controller = new AbortController();
      const stop = (): void => controller.abort();
      if (signal?.aborted === true) return;
      signal?.addEventListener('abort', stop, { once: true });
      await sleep(ms, undefined, { signal: controller.signal, ref: false }).catch(() => undefined);
      signal?.removeEventListener('abort', stop);
    },
  };
}
