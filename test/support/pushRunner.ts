import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { runPush } from '../../src/push/run/runPush.ts';
import type { Journal, PushApi, PushReview } from '../../src/push/index.ts';
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
  /** Whether it waits for a line of its input before it begins, and says on its output when it is ready. */
  readonly isTold?: boolean;
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
  const guarded = async <R>(send: () => Promise<R>): Promise<R> => {
    count += 1;
    if (count !== write) return send();
    if (when === 'after') await send();
    return stop();
  };
  return {
    get: (...args) => api.get(...args),
    list: (...args) => api.list(...args),
    memberGet: (...args) => api.memberGet(...args),
    // A dry run writes nothing.
    apply: (...args) =>
      args[2].dryRun === true ? api.apply(...args) : guarded(() => api.apply(...args)),
    replace: (...args) => guarded(() => api.replace(...args)),
    delete: (...args) => guarded(() => api.delete(...args)),
  };
}

/** Which has ended where it should have been stopped, and why. */
function tell({ id, state, problem, states }: Journal): void {
  if (job.stops.length === 0) return;
  const failed = states.flatMap((one) => (one.type === 'failed' ? [one.message] : []));
  console.error([id, state, problem ?? '', ...failed].join(' '));
}

if (job.isTold === true) {
  console.log('ready');
  await once(process.stdin, 'data');
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
    ).then(tell),
  ),
);
// Where a stop was wanted, a push has ended before it, which is a failure of the test.
process.exit(job.stops.length === 0 ? 0 : 3);
