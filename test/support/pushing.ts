import { setTimeout as sleep } from 'node:timers/promises';
import type { LiveControlPlane } from '../../src/analysis/index.ts';
import { member, stringMember } from '../../src/engine/index.ts';
import type { JsonObject } from '../../src/engine/index.ts';
import { isKubeError, readPlane } from '../../src/live/index.ts';
import type { ObjectReference } from '../../src/live/index.ts';
import { accountOf, preparePush, prepareUndo, runPush } from '../../src/push/index.ts';
import type {
  CancelSignal,
  Journal,
  JournalStore,
  PlaneModel,
  PushApi,
  PushClock,
  PushReview,
  PushSource,
} from '../../src/push/index.ts';
import type { LiveSession } from './liveSession.ts';

/** Pushes as the extension does, everything in a review confirmed. */
export interface Pusher {
  review(
    sources: readonly PushSource[],
    deletions?: readonly ObjectReference[],
  ): Promise<PushReview>;
  reviewUndo(journal: Journal): Promise<PushReview>;
  /** Runs a review to its end; rejects with the account when it stops before. */
  run(review: PushReview): Promise<Journal>;
}

/** What pushes through a session. */
export function createPusher(live: LiveSession): Pusher {
  const { session } = live;
  const { context } = session.target;
  const model = pushModel(live);
  const ports = { api: session, model, journals: journalsInMemory(), clock: wallClock };
  let count = 0;
  return {
    async review(sources, deletions = []) {
      const { server } = session.target;
      const request = { sources, deletions, context, server, title: 'A test', choices: [] };
      return open(await preparePush(ports, request));
    },
    reviewUndo: async (journal) => open(await prepareUndo(ports, journal)),
    async run(review) {
      const journal = await runPush(ports, review, { id: `test-${count++}`, waitLimit: 60_000 });
      if (journal.state === 'done') {
        await whenGone(session, review);
        return journal;
      }
      const lines = accountOf(journal).map(({ label, detail }) => `${label}: ${detail}`);
      throw new Error(`The push stopped. ${lines.join('\n')}`);
    },
  };
}

/** Deleted policies stay until Karmada has taken its finalizer off; until then none of their name can be pushed. */
async function whenGone(session: PushApi, { steps }: PushReview): Promise<void> {
  for (const step of steps) {
    if (step.type !== 'delete') continue;
    const { reference } = step.change;
    for (let tries = 0; tries < 200; tries++) {
      const isGone = await session.get(reference).then(
        () => false,
        (error: unknown) => isKubeError(error) && error.reason === 'notFound',
      );
      if (isGone) break;
      await sleep(100);
    }
  }
}

/** The review, unless nothing may be written. */
function open(review: PushReview): PushReview {
  const blocked = review.questions.filter(({ severity }) => severity === 'blocked');
  if (blocked.length === 0) return review;
  throw new Error(`The review is blocked: ${blocked.map(({ message }) => message).join(' ')}`);
}

/** The clock on the wall. */
const wallClock: PushClock = {
  now: () => Date.now(),
  sleep: async (ms: number, signal?: CancelSignal) => {
    if (signal?.aborted === true) return;
    const cut = new AbortController();
    const stop = (): void => cut.abort();
    signal?.addEventListener('abort', stop, { once: true });
    await sleep(ms, undefined, { signal: cut.signal }).catch(() => undefined);
    signal?.removeEventListener('abort', stop);
  },
};

/** Journals that last as long as the test. */
function journalsInMemory(): JournalStore {
  const texts = new Map<string, string>();
  return {
    list: () => Promise.resolve([...texts.keys()]),
    read: (id) => Promise.resolve(texts.get(id)),
    write: (id, text) => Promise.resolve(void texts.set(id, text)),
    append: (id, text) => Promise.resolve(void texts.set(id, (texts.get(id) ?? '') + text)),
    remove: (id) => Promise.resolve(void texts.delete(id)),
    claim: () => Promise.resolve(true),
    holds: () => Promise.resolve(true),
    unclaim: () => Promise.resolve(),
  };
}

/** The rows of a live session, as a push follows them. */
export function pushModel({ model, session }: LiveSession): PlaneModel {
  const { context } = session.target;
  let plane: LiveControlPlane | undefined;
  return {
    model,
    plane: () => (plane = readPlane({ context, model }, session, plane)),
    onDidChange(listener) {
      const subscription = session.onDidChangeRows(() => listener());
      return () => subscription.dispose();
    },
  };
}

/** Documents as sources of a push. */
export function sourcesOf(documents: readonly JsonObject[]): readonly PushSource[] {
  return documents.map((object, i) => {
    const uri = `file:///push/${i}.yaml`;
    return { reference: referenceOf(object), object, uri, item: `${uri}#0` };
  });
}

/** What names an object. */
export function referenceOf(object: JsonObject): ObjectReference {
  const metadata = member(object, 'metadata');
  return {
    apiVersion: stringMember(object, 'apiVersion'),
    kind: stringMember(object, 'kind'),
    namespace: stringMember(metadata, 'namespace'),
    name: stringMember(metadata, 'name'),
  };
}
