import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { memberAt } from '../../src/engine/index.ts';
import type { JsonObject } from '../../src/engine/index.ts';
import { runPush } from '../../src/push/run/runPush.ts';
import { hasSameOwners } from '../../src/push/run/standing.ts';
import { prepareUndo } from '../../src/push/undo/prepareUndo.ts';
import { sharedApiServer } from '../support/apiServer.ts';
import { clientOfKubeconfig } from '../support/apiServerClient.ts';
import { memoryJournals } from '../support/fakePushApi.ts';
import { changeOf, createReviewer } from '../support/pushReview.ts';
import type { Reviewer } from '../support/pushReview.ts';
import { referenceTo } from '../support/pushReviews.ts';
import { wallClock } from '../support/wallClock.ts';

const server = sharedApiServer();
const client = clientOfKubeconfig(server.kubeconfig);
const namespace = `push-secret-undo-${process.pid}`;
let reviewer: Reviewer;

before(async () => {
  await client.send('POST', '/api/v1/namespaces', { metadata: { name: namespace } });
  reviewer = await createReviewer(server.kubeconfig);
});
after(async () => {
  reviewer.dispose();
  await client.raw('DELETE', `/api/v1/namespaces/${namespace}`);
  client.dispose();
});

const secret = (name: string, password: string, app: string): JsonObject => ({
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { name, namespace, labels: { app } },
  data: { password },
});

/** Pushes a Secret over one that the same manager has applied, and undoes it. */
async function pushAndUndo(name: string, wanted: JsonObject) {
  const path = `/api/v1/namespaces/${namespace}/secrets/${name}`;
  const old = secret(name, 'b2xk', 'old');
  const manager = 'fieldManager=vscode-karmada-flux';
  await client.send('PATCH', `${path}?${manager}`, old, 'application/apply-patch+yaml');
  const start = await reviewer.ports.api.get(referenceTo(old));
  const review = await reviewer.review([wanted]);
  const ports = { ...reviewer.ports, journals: memoryJournals(), clock: wallClock() };
  const journal = await runPush(ports, review, { id: name });
  assert.equal(journal.state, 'done');
  const undo = await prepareUndo(ports, journal);
  const undone = await runPush(ports, undo, { id: `${name}-undo` });
  assert.equal(undone.state, 'done');
  const codes = (questions: typeof undo.questions) =>
    questions.map(({ code }) => code).filter((code) => code === 'secret-not-undoable');
  const now = await reviewer.ports.api.get(referenceTo(old));
  const said = JSON.stringify([undo, ...ports.journals.texts.values()]);
  assert.ok(!said.includes('b2xk') && !said.includes('bmV3'), 'a value is in a review or journal');
  return {
    start,
    now,
    change: changeOf(review, name),
    asked: [review, undo].map(({ questions }) => codes(questions)),
  };
}

describe('undoing a push of a Secret on a real API server', () => {
  it('puts labels and owners back, and asks nothing, where no value was changed', async () => {
    const wanted = secret('labels', 'b2xk', 'new');
    const { start, now, change, asked } = await pushAndUndo('labels', wanted);
    assert.deepEqual([change.type, change.secretKeys], ['change', []]);
    assert.deepEqual(asked, [[], []]);
    assert.deepEqual(memberAt(now, 'metadata', 'labels'), { app: 'old' });
    assert.deepEqual(now['data'], { password: 'b2xk' });
    assert.ok(hasSameOwners(start, now), 'the owners are others');
  });

  it('keeps a value that was pushed, asks before and after, and puts the labels back', async () => {
    const { now, asked } = await pushAndUndo('values', secret('values', 'bmV3', 'new'));
    assert.deepEqual(asked, [['secret-not-undoable'], ['secret-not-undoable']]);
    assert.deepEqual(memberAt(now, 'metadata', 'labels'), { app: 'old' });
    assert.deepEqual(now['data'], { password: 'bmV3' });
  });

  it('deletes one that it created after a later push of values, and not after somebody else', async () => {
    const ports = { ...reviewer.ports, journals: memoryJournals(), clock: wallClock() };
    const push = async (title: string, password: string) => {
      const review = { ...(await reviewer.review([secret('created', password, 'a')])), title };
      const journal = await runPush(ports, review, { id: title });
      assert.equal(journal.state, 'done');
      // The server notes the time of a write in whole seconds.
      await sleep(1100);
      return journal;
    };
    const created = await push('first', 'YQ==');
    await push('second', 'Yg==');
    const path = `/api/v1/namespaces/${namespace}/secrets/created`;
    const undo = await prepareUndo(ports, created);
    assert.deepEqual(
      undo.questions.map(({ severity, message }) => `${severity}: ${message}`),
      [
        `confirm: Secret ${namespace}/created has values of second, and is deleted with them.`,
        `confirm: Deleting Secret ${namespace}/created cannot be undone: values of Secrets are not kept.`,
      ],
    );
    const patch = { data: { password: 'Yw==' } };
    await client.send('PATCH', `${path}?fieldManager=helm`, patch, 'application/merge-patch+json');
    const refused = await prepareUndo(ports, created);
    assert.deepEqual(
      refused.questions.map(({ severity, drift }) => [severity, drift?.map(({ field }) => field)]),
      [['blocked', ['data.password']]],
    );
  });
});
