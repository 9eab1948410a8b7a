import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { JsonObject } from '../../src/engine/index.ts';
import { readJournal } from '../../src/push/journal.ts';
import { accountOf } from '../../src/push/run/accountOf.ts';
import { isAsReviewed, versionOf } from '../../src/push/run/standing.ts';
import { isWriteStep, referenceOf } from '../../src/push/run/writeStep.ts';
import type { Journal, PushReview } from '../../src/push/index.ts';
import { sharedApiServer } from '../support/apiServer.ts';
import { clientOfKubeconfig } from '../support/apiServerClient.ts';
import { connectSession } from '../support/liveSession.ts';
import type { LiveSession } from '../support/liveSession.ts';
import { createWorld, keyOf, reviewWorld } from '../support/pushFaultWorld.ts';
import type { RunnerJob } from '../support/pushRunner.ts';
import { withSteps } from '../support/pushReviews.ts';

const server = sharedApiServer();
const client = clientOfKubeconfig(server.kubeconfig);
let live: LiveSession;
let folder: string;

before(async () => {
  live = await connectSession({
    kubeconfig: server.kubeconfig,
    context: 'certificate',
    interests: [],
  });
  folder = mkdtempSync(join(tmpdir(), 'karmada-flux-windows-'));
});
after(() => {
  live.dispose();
  client.dispose();
  rmSync(folder, { recursive: true, force: true });
});

/** One window: a process of its own with journals of its own, that begins when it is told. */
function openWindow(
  name: string,
  pushes: RunnerJob['pushes'],
): { ready: Promise<unknown>; begin: () => Promise<readonly Journal[]> } {
  const journals = join(folder, name);
  mkdirSync(journals);
  const job: RunnerJob = {
    kubeconfig: server.kubeconfig,
    context: 'certificate',
    folder: journals,
    pushes,
    stops: [],
    isTold: true,
  };
  const file = join(folder, `${name}-job.json`);
  writeFileSync(file, JSON.stringify(job));
  const program = fileURLToPath(new URL('../support/pushRunner.ts', import.meta.url));
  const child = spawn(process.execPath, [program, file], { stdio: ['pipe', 'pipe', 'inherit'] });
  const ended = once(child, 'exit');
  return {
    ready: Promise.race([once(child.stdout, 'data'), ended]),
    begin: async () => {
      child.stdin.end('go\n');
      assert.deepEqual(await ended, [0, null]);
      return pushes.map(({ id }) => {
        const journal = readJournal(readFileSync(join(journals, `${id}.json`), 'utf8'));
        return journal ?? assert.fail('the journal cannot be read');
      });
    },
  };
}

/** What both windows write: each object once, so without holds. */
async function reviewOnce(namespace: string): Promise<PushReview> {
  await createWorld(client, namespace);
  const { steps } = await reviewWorld(live.session, namespace);
  return withSteps(steps.filter(({ type }) => type === 'apply' || type === 'delete'));
}

/** Keys of the objects that a window says it has written, with what it says of them then. */
function written({ review, states }: Journal): ReadonlyMap<string, JsonObject | undefined> {
  return new Map(
    review.steps.flatMap((step, index) => {
      const state = states[index];
      if (!isWriteStep(step) || state?.type !== 'done') return [];
      return [[keyOf(referenceOf(step)), state.result] as const];
    }),
  );
}

/** The account of a window that came too late for an object: done before it, failed there, nothing after it. */
function assertTooLate(journal: Journal): void {
  assert.equal(journal.state, 'stopped');
  const account = accountOf(journal);
  const at = account.findIndex(({ state }) => state.type === 'failed');
  assert.ok(at >= 0, 'it stopped without a failure');
  assert.match(account[at]?.detail ?? '', /was (?:created|changed|deleted) .*since the review/);
  assert.ok(account.slice(0, at).every(({ state }) => state.type === 'done'));
  assert.ok(account.slice(at + 1).every(({ state }) => state.type === 'waiting'));
}

/** Every object is as the one window left it that wrote it, to the version: nobody has written after that. */
async function assertUntouched(journals: readonly Journal[]): Promise<void> {
  for (const { review, states } of journals) {
    for (const [index, step] of review.steps.entries()) {
      const state = states[index];
      if (!isWriteStep(step) || state?.type !== 'done' || !state.result) continue;
      const now = await live.session.get(referenceOf(step));
      assert.equal(versionOf(now), versionOf(state.result), keyOf(referenceOf(step)));
      assert.ok(isAsReviewed(state.result, now));
    }
  }
}

describe('two windows that push the same objects at once', () => {
  // Several pushes each, so that they meet at many moments.
  const worlds = [1, 2, 3, 4];
  for (const order of ['the same order', 'opposite orders'] as const) {
    it(`write each object once, in ${order}`, async () => {
      const prefix = `windows-${process.pid}-${order === 'the same order' ? 'same' : 'opposite'}`;
      const reviews = await Promise.all(worlds.map((one) => reviewOnce(`${prefix}-${one}`)));
      const turned = reviews.map((review) =>
        order === 'the same order' ? review : withSteps(review.steps.toReversed()),
      );
      const pushes = (all: readonly PushReview[]): RunnerJob['pushes'] =>
        all.map((review, index) => ({ id: `push-${index}`, review }));
      const windows = [
        openWindow(`${prefix}-a`, pushes(reviews)),
        openWindow(`${prefix}-b`, pushes(turned)),
      ];
      await Promise.all(windows.map(({ ready }) => ready));
      const [first = [], second = []] = await Promise.all(windows.map(({ begin }) => begin()));
      for (const [index, review] of reviews.entries()) {
        const both = [first[index], second[index]].filter((one) => one !== undefined);
        assert.equal(both.length, 2);
        const [mine = new Map(), theirs = new Map()] = both.map(written);
        // What is gone already needs no deletion.
        const twice = [...mine].flatMap(([key, one]) => (one && theirs.has(key) ? [key] : []));
        assert.deepEqual(twice, [], 'written by both');
        const none = review.steps.filter(
          (step) =>
            isWriteStep(step) &&
            !mine.has(keyOf(referenceOf(step))) &&
            !theirs.has(keyOf(referenceOf(step))),
        );
        const ended = both.filter(({ state }) => state === 'done');
        assert.deepEqual(none, [], 'written by nobody');
        assert.ok(ended.length <= 1);
        for (const journal of both) if (journal.state !== 'done') assertTooLate(journal);
        await assertUntouched(both);
      }
    });
  }
});
