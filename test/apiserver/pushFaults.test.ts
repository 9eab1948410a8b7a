import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, beforeEach, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { setTimeout as sleep } from 'node:timers/promises';
import { startApiServer } from '../../scripts/apiServer.mjs';
import type { ApiServer } from '../../scripts/apiServer.mjs';
import type { JsonObject } from '../../src/engine/index.ts';
import { readJournal } from '../../src/push/journal.ts';
import { accountOf } from '../../src/push/run/accountOf.ts';
import { checkPush, resumePush, runPush } from '../../src/push/run/runPush.ts';
import type { RunPorts } from '../../src/push/run/runPush.ts';
import { contentOf } from '../../src/push/run/objectContent.ts';
import type { WriteStep } from '../../src/push/run/standing.ts';
import { isWriteStep, referenceOf } from '../../src/push/run/writeStep.ts';
import type { GroundPorts } from '../../src/push/prepare/readGround.ts';
import { prepareUndo } from '../../src/push/undo/prepareUndo.ts';
import type { Journal, PushReview, PushSource } from '../../src/push/index.ts';
import { apiServerClient } from '../support/apiServerClient.ts';
import type { ApiServerClient } from '../support/apiServerClient.ts';
import { installKinds } from '../support/apiServerKinds.ts';
import { startFaultProxy } from '../support/faultProxy.ts';
import type { FaultProxy, Seen } from '../support/faultProxy.ts';
import { emptyPushModel } from '../support/fakePushApi.ts';
import { fileJournals } from '../support/fileJournals.ts';
import { connectSession } from '../support/liveSession.ts';
import type { LiveSession } from '../support/liveSession.ts';
import {
  announced,
  createWorld,
  promised,
  reviewWorld,
  worldObjects,
  writeCount,
} from '../support/pushFaultWorld.ts';
import type { RunnerJob } from '../support/pushRunner.ts';
import { wallClock } from '../support/wallClock.ts';

/*
 * A push of twelve writes is broken at every one of them, before the server has seen the request and after it has done
 * it, in three ways; each push has a namespace of its own, and all of one way run at once. Every time: the account is
 * exact, and undoing brings everything back. Every other push is resumed before it is undone, which completes it: by
 * turns, so that each of the places is met both ways, but not in each of the three ways of breaking.
 */

type When = 'before' | 'after';

/** One push that is broken at one place. */
interface Scene {
  readonly fault: (typeof faults)[number];
  readonly namespace: string;
  /** Which write, from 1. */
  readonly write: number;
  readonly when: When;
  /** Whether it is resumed before it is undone, or undone as it is. */
  readonly ending: 'resume' | 'undo';
  readonly review: PushReview;
  readonly objects: ReadonlyMap<string, JsonObject>;
}

let server: ApiServer;
let client: ApiServerClient;
let proxy: FaultProxy;
let live: LiveSession;
let ports: RunPorts & GroundPorts;
let folder: string;
let kubeconfig: string;

before(async () => {
  server = await startApiServer({ say: () => undefined });
  client = apiServerClient(server);
  await installKinds(client);
  proxy = await startFaultProxy(server);
  folder = join(server.folder, 'journals');
  mkdirSync(folder);
  kubeconfig = writeKubeconfig();
  live = await connectSession({ kubeconfig, context: 'test', interests: [] });
  ports = {
    api: live.session,
    model: emptyPushModel(),
    journals: fileJournals(folder),
    clock: wallClock(),
  };
});
after(async () => {
  live.dispose();
  client.dispose();
  await proxy.dispose();
  await server.stop();
});
beforeEach(() => {
  proxy.reset();
  proxy.forget();
});

function writeKubeconfig(): string {
  const path = join(server.folder, 'through-proxy');
  const ca = Buffer.from(proxy.ca).toString('base64');
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [
      { name: 'test', cluster: { server: proxy.address, 'certificate-authority-data': ca } },
    ],
    users: [{ name: 'user', user: { token: server.tokens.admin } }],
    contexts: [{ name: 'test', context: { cluster: 'test', user: 'user' } }],
    'current-context': 'test',
  };
  writeFileSync(path, JSON.stringify(config));
  return path;
}

const faults = ['cut', 'killed', 'closed'] as const;

/** A world for every write and both moments. */
async function scenes(fault: Scene['fault']): Promise<readonly Scene[]> {
  const places = Array.from({ length: writeCount }, (_, index) => index + 1).flatMap((write) =>
    (['before', 'after'] as const).map((when) => ({ write, when })),
  );
  return Promise.all(
    places.map(async ({ write, when }) => {
      const turn = write + faults.indexOf(fault) + (when === 'before' ? 0 : 1);
      const ending = turn % 2 === 0 ? 'resume' : 'undo';
      const namespace = `${fault}-${write}-${when}-${ending}`;
      await createWorld(client, namespace);
      const review = await reviewWorld(ports.api, namespace);
      const objects = await worldObjects(ports.api, namespace);
      return { fault, namespace, write, when, ending, review, objects };
    }),
  );
}

function isWriteOf(namespace: string, { method, path, query }: Seen): boolean {
  return method !== 'GET' && !query.has('dryRun') && isAbout(namespace, path);
}

function isAbout(namespace: string, path: string): boolean {
  return (
    path.includes(`/namespaces/${namespace}/`) || path.endsWith(`/namespaces/${namespace}-new`)
  );
}

/** Breaks the connection of every push at its write, and keeps it broken for that push. */
function breakAtWrites(all: readonly Scene[], fault: { before: 'drop'; after: 'cut' | 'freeze' }) {
  const broken = new Set<string>();
  for (const { namespace, write, when } of all) {
    let count = 0;
    proxy.add({
      times: 1,
      when: (seen) => {
        if (broken.has(namespace) || !isWriteOf(namespace, seen)) return false;
        count += 1;
        if (count === write) broken.add(namespace);
        return count === write;
      },
      fault: when === 'before' ? { type: fault.before } : { type: fault.after, after: 1 },
    });
    proxy.add({
      when: ({ path }) => broken.has(namespace) && isAbout(namespace, path),
      fault: { type: 'drop' },
    });
  }
  return broken;
}

/** States of the steps that write. */
function writeStates({ review, states }: Journal): readonly string[] {
  return review.steps.flatMap((step, index) =>
    isWriteStep(step) ? [states[index]?.type ?? ''] : [],
  );
}

/** Before anybody asked the server: what came before is done, what comes after is not, this one is in doubt. */
function assertStopped(journal: Journal, { write, namespace }: Scene): void {
  const expected = Array.from({ length: writeCount }, (_, index) =>
    index + 1 < write ? 'done' : index + 1 === write ? 'running' : 'waiting',
  );
  assert.deepEqual(writeStates(journal), expected, namespace);
  const line = accountOf(journal).find(({ state }) => state.type === 'running');
  if (journal.state === 'stopped') assert.match(line?.detail ?? '', /Not known whether/, namespace);
}

async function assertExact(journal: Journal, { write, when, namespace }: Scene): Promise<Journal> {
  const checked = await checkPush(ports, journal);
  const done = when === 'after' ? write : write - 1;
  const expected = Array.from({ length: writeCount }, (_, index) =>
    index < done ? 'done' : 'waiting',
  );
  assert.equal(checked.problem, undefined);
  assert.deepEqual(writeStates(checked), expected, namespace);
  assert.equal(checked.state, 'stopped');
  return checked;
}

function sourcesOf({ changes }: PushReview): readonly PushSource[] {
  return changes.flatMap(({ source }) => (source ? [source] : []));
}

async function assertResumes(journal: Journal, scene: Scene): Promise<Journal> {
  const { namespace, review, objects } = scene;
  const resumed = await resumePush(ports, journal, { sources: sourcesOf(review) });
  assert.equal(resumed.state, 'done', `${namespace}: ${describeJournal(resumed)}`);
  const now = await worldObjects(ports.api, namespace);
  const content = Object.fromEntries([...now].map(([key, one]) => [key, contentOf(one)]));
  assert.deepEqual(content, announced(review, objects), namespace);
  const writes = proxy.seen.filter((seen) => isWriteOf(namespace, seen)).length;
  // What the server has done is not sent again. What it never saw is, and a closed window had not even sent it.
  const isSentTwice = scene.when === 'before' && scene.fault !== 'closed';
  assert.equal(writes, isSentTwice ? writeCount + 1 : writeCount, namespace);
  return resumed;
}

/** What the server got of a world's push is what its review says of an object, and nothing else. */
function assertReviewed({ review, namespace }: Scene): void {
  const reviewed = new Set(review.steps.filter(isWriteStep).map(reviewedWrite));
  for (const seen of proxy.seen) {
    // What was not sent on, the server has not got.
    if (!isWriteOf(namespace, seen) || (seen.method === 'PATCH' && seen.body.length === 0))
      continue;
    const name = seen.path.split('/').slice(-2).join('/');
    const content = seen.method === 'PATCH' ? contentText(textOf(seen)) : '';
    const write = `${seen.method} ${name} ${content}`;
    assert.ok(reviewed.has(write), `not reviewed: ${write}`);
  }
}

function textOf({ body }: Seen): string {
  return Buffer.concat(body).toString('utf8');
}

/** What is applied, without the metadata: its names are in the path, and the rest are preconditions. */
function contentText(text: string): string {
  const { metadata: _, ...content } = JSON.parse(text) as JsonObject;
  return JSON.stringify(Object.fromEntries(Object.entries(content).toSorted()));
}

function reviewedWrite(step: WriteStep): string {
  const { apiVersion, kind, name } = referenceOf(step);
  const place = `${kind.toLowerCase().replace(/y$/, 'ie')}s/${name}`;
  if (step.type === 'delete') return `DELETE ${place} `;
  if (step.type !== 'hold') {
    const { source } = step.change;
    return `PATCH ${place} ${contentText(JSON.stringify(source?.object ?? {}))}`;
  }
  const isHeld = step.hold.clusters === 'all';
  const spec = { suspension: { dispatching: true } };
  return `PATCH ${place} ${contentText(JSON.stringify({ apiVersion, kind, ...(isHeld && { spec }) }))}`;
}

async function assertUndoes(journal: Journal, scene: Scene): Promise<Journal> {
  const { namespace, objects } = scene;
  // Until here only the push has written.
  assertReviewed(scene);
  const undo = await prepareUndo(ports, journal);
  assert.deepEqual(
    undo.questions.filter(({ severity }) => severity === 'blocked'),
    [],
    namespace,
  );
  const undone = await runPush(ports, undo, { id: `${journal.id}-undo` });
  assert.equal(undone.state, 'done', `${namespace}: ${describeJournal(undone)}`);
  const now = await worldObjects(ports.api, namespace);
  assert.deepEqual(promised(now), promised(objects), namespace);
  const kept = readJournal((await ports.journals.read(journal.id)) ?? '');
  assert.equal(kept?.state, 'undone');
  const bystander = (all: ReadonlyMap<string, JsonObject>): unknown =>
    all.get(`ConfigMap/${namespace}/bystander`)?.['metadata'];
  assert.deepEqual(bystander(now), bystander(objects), 'an object beside the push was written');
  return undone;
}

function describeJournal(journal: Journal): string {
  const lines = accountOf(journal).map(({ label, detail }) => `${label}: ${detail}`);
  return [journal.problem, ...lines].join('\n');
}

/** All at once: each has a world of its own. */
async function forEach(
  all: readonly Scene[],
  journals: readonly Journal[],
  look: (scene: Scene, journal: Journal) => Promise<void>,
): Promise<void> {
  await Promise.all(all.map((scene, index) => look(scene, journals[index] as Journal)));
}

/** Gets back from a fault: an exact account, then undone right away or after it was resumed. */
async function assertRecovers(journal: Journal, scene: Scene): Promise<Journal> {
  const checked = await assertExact(journal, scene);
  const end = scene.ending === 'resume' ? await assertResumes(checked, scene) : checked;
  await assertUndoes(end, scene);
  return end;
}

describe('a push that is broken at every write', () => {
  it('the connection is cut, then it is resumed and undone, or undone as it is', async () => {
    const all = await scenes('cut');
    breakAtWrites(all, { before: 'drop', after: 'cut' });
    const journals = await Promise.all(
      all.map(({ review, namespace }) => runPush(ports, review, { id: namespace })),
    );
    proxy.reset();
    await forEach(all, journals, async (scene, journal) => {
      assert.equal(journal.state, 'stopped');
      assertStopped(journal, scene);
      await assertRecovers(journal, scene);
    });
  });

  it('the server is killed, then it is resumed and undone, or undone as it is', async () => {
    const all = await scenes('killed');
    const broken = breakAtWrites(all, { before: 'drop', after: 'freeze' });
    // Windows of their own: one session has few connections, and each silent push keeps one.
    const windows = await Promise.all(
      all.map(() => connectSession({ kubeconfig, context: 'test', interests: [] })),
    );
    const running = Promise.all(
      all.map(({ review, namespace }, index) => {
        const api = windows[index]?.session ?? ports.api;
        return runPush({ ...ports, api }, review, { id: namespace });
      }),
    );
    while (broken.size < all.length) await sleep(20);
    // Those after which there is silence: the server has done them when it is killed.
    await sleep(1000);
    const [, apiServer] = server.pids();
    assert.ok(apiServer);
    process.kill(apiServer, 'SIGKILL');
    proxy.cut();
    const journals = await running;
    for (const window of windows) window.dispose();
    await server.restart();
    proxy.reset();
    await forEach(all, journals, async (scene, journal) => {
      assertStopped(journal, scene);
      await assertRecovers(journal, scene);
    });
  });

  it('the window is closed, then it is resumed and undone, or undone as it is', async () => {
    const all = await scenes('closed');
    const job: RunnerJob = {
      kubeconfig,
      context: 'test',
      folder,
      pushes: all.map(({ namespace, review }) => ({ id: namespace, review })),
      stops: all.map(({ write, when }) => ({ write, when })),
    };
    const file = join(server.folder, 'job.json');
    writeFileSync(file, JSON.stringify(job));
    assert.equal(await signalOf(file), 'SIGKILL');
    const journals = all.map(({ namespace }) => {
      const text = readFileSync(join(folder, `${namespace}.json`), 'utf8');
      assert.ok(!text.includes('c2VjcmV0'), 'the value of a Secret is in a journal');
      const journal = readJournal(text);
      assert.ok(journal, 'the journal cannot be read');
      return journal;
    });
    await forEach(all, journals, async (scene, journal) => {
      assertStopped(journal, scene);
      await assertRecovers(journal, scene);
    });
  });
});

/** Runs the process that closes itself. Answers the signal that ended it. */
function signalOf(file: string): Promise<NodeJS.Signals | number | null> {
  const program = fileURLToPath(new URL('../support/pushRunner.ts', import.meta.url));
  const child = spawn(process.execPath, [program, file], {
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => resolve(signal ?? code));
  });
}
