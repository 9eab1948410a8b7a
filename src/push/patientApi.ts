import { isKubeError } from '../live/index.ts';
import type { CancelSignal, PushApi, PushClock } from './ports.ts';

/** So often is a server asked again that has too much to do. */
const attempts = 5;
/** Seconds, where it does not say how long to wait, and the most that it is given. */
const usualPause = 1;
const longestPause = 15;

/**
 * An API that waits for a server which has too much to do, as `client-go` does (`rest/with_retry.go`): it refuses such a
 * request (429) before it looks at it, so that nothing has been done.
 */
export function patientApi(api: PushApi, clock: PushClock): PushApi {
  const patiently = async <R>(signal: CancelSignal | undefined, ask: () => Promise<R>) => {
    for (let attempt = 1; ; attempt++) {
      try {
        return await ask();
      } catch (error) {
        const isBusy = isKubeError(error) && error.reason === 'throttled';
        if (!isBusy || attempt === attempts || signal?.aborted === true) throw error;
        const seconds = Math.min(error.retryAfter ?? usualPause, longestPause);
        await clock.sleep(seconds * 1000, signal);
      }
    }
  };
  return {
    get: (...args) => patiently(args[1], () => api.get(...args)),
    list: (...args) => patiently(args[1]?.signal, () => api.list(...args)),
    apply: (...args) => patiently(args[2].signal, () => api.apply(...args)),
    replace: (...args) => patiently(args[2]?.signal, () => api.replace(...args)),
    delete: (...args) => patiently(args[2]?.signal, () => api.delete(...args)),
    memberGet: (...args) => patiently(args[2], () => api.memberGet(...args)),
  };
}
