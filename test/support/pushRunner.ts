import { readFileSync } from 'node:fs';
import { runPush } from '../../src/push/run/runPush.ts';
import type { PushApi, PushReview } from '../../src/push/index.ts';
import { fileJournals } from './fileJournals.ts';
import { connectSession } from './liveSession.ts';
import { wallClock } from './wallClock.ts';

/*
 * A window that is closed in the middle of a push: a process that runs one and kills itself, as the system would, at a
 * write, before the request is sent or after it was answered.
 */

/** What the process is told, as JSON in its only argument's file. */
export interface RunnerJob {
  readonly kubeconfig: string;
  readonly context: string;
  readonly folder: string;
  readonly pushes: readonly {
    readonly id: string;
    readonly review: PushReview;
  }[];
  /** The write of each push at which all are stopped; the process dies when they all are. */
  readonly stops: readonly { readonly write: number; readonly when: 'before' | 'after' }[];
}

const job = JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8')) as RunnerJob;
const { session, model } = await connectSession({ ...job, interests: [] });
let left = job.pushes.length;

/** Stops for ever; the last one ends the process at once, with nothing cleaned up. */
function stop(): Promise<never> {
  left -= 1;
  if (left === 0) process.kill(process.pid, 'SIGKILL');
  return new Promise(() => undefined);
}

function stopping(api: PushApi, at: number): PushApi {
  const { write, when } = job.stops[at] ?? { write: 0, when: 'before' };
  let count = 0;
  const guarded =
    <A extends unknown[], R>(send: (...args: A) => Promise<R>) =>
    async (...args: A): Promise<R> => {
      count += 1;
      if (count !== write) return send(...args);
      if (when === 'after') await send(...args);
      return stop();
    };
  return {
    get: (...args) => api.get(...args),
    list: (...args) => api.list(...args),
    memberGet: (...args) => api.memberGet(...args),
    apply: guarded((...args) => api.apply(...args)),
    replace: guarded((...args) => api.replace(...args)),
    delete: guarded((...args) => api.delete(...args)),
  };
}

await Promise.all(
  job.pushes.map(({ id, review }, index) =>
    runPush(
      {
        api: stopping(session, index),
        model: { model, onDidChange: () => () => undefined },
        journals: fileJournals(job.folder),
        clock: wallClock(),
      },
      review,
      { id },
    ),
  ),
);
// Reached only when a push ended before its stop, which is a failure of the test.
process.exit(3);
