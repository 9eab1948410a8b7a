import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { memberAt } from '../../src/engine/index.ts';
import type { JsonObject } from '../../src/engine/index.ts';
import { accountOf } from '../../src/push/run/accountOf.ts';
import { runPush } from '../../src/push/run/runPush.ts';
import type { RunPorts, RunProgress } from '../../src/push/run/runPush.ts';
import type { PushReview } from '../../src/push/index.ts';
import { templateKey } from '../../src/push/waves/templateKey.ts';
import { sharedApiServer } from '../support/apiServer.ts';
import { clientOfKubeconfig } from '../support/apiServerClient.ts';
import { memoryJournals } from '../support/fakePushApi.ts';
import { connectSession } from '../support/liveSession.ts';
import type { LiveSession } from '../support/liveSession.ts';
import { changeTo, referenceTo, withSteps } from '../support/pushReviews.ts';
import { wallClock } from '../support/wallClock.ts';
import { bindingOf, workOf } from '../support/worksOfTemplates.ts';

/*
 * A push that waits for Works, which the test writes in the place of Karmada: of a changed template, for two clusters, and
 * only when it is told to.
 */

const server = sharedApiServer();
const client = clientOfKubeconfig(server.kubeconfig);
const clusters = [`waits-a-${process.pid}`, `waits-b-${process.pid}`];
const namespace = `push-waits-${process.pid}`;
const worksIn = (cluster: string): string =>
  `/apis/work.karmada.io/v1alpha1/namespaces/karmada-es-${cluster}/works`;
let live: LiveSession;
let ports: RunPorts;

before(async () => {
  for (const name of [namespace, ...clusters.map((cluster) => `karmada-es-${cluster}`)]) {
    await client.send('POST', '/api/v1/namespaces', { metadata: { name } });
  }
  live = await connectSession({ kubeconfig: server.kubeconfig, context: 'certificate' });
  ports = {
    api: live.session,
    model: {
      model: live.model,
      onDidChange: (listener) => {
        const held = live.session.onDidChangeRows(listener);
        return () => held.dispose();
      },
    },
    journals: memoryJournals(),
    clock: wallClock(),
  };
});
after(async () => {
  live.dispose();
  for (const name of [namespace, ...clusters.map((cluster) => `karmada-es-${cluster}`)]) {
    await client.raw('DELETE', `/api/v1/namespaces/${name}`);
  }
  client.dispose();
});

const configMap = (name: string, value: string): JsonObject => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, namespace },
  data: { key: value },
});

/** A template that is propagated to both clusters, its Works included. */
async function propagate(name: string): Promise<JsonObject> {
  const template = configMap(name, 'old');
  const held = await client.send<JsonObject>(
    'PATCH',
    `/api/v1/namespaces/${namespace}/configmaps/${name}?fieldManager=vscode-karmada-flux`,
    template,
    'application/apply-patch+yaml',
  );
  const bindings = `/apis/work.karmada.io/v1alpha2/namespaces/${namespace}/resourcebindings`;
  await client.send('POST', bindings, bindingOf(template, clusters));
  for (const cluster of clusters)
    await client.send('POST', worksIn(cluster), workOf(template, cluster));
  const count = (): number => {
    const row = live.model.bindingOf(referenceTo(template));
    return row ? [...live.model.worksOf(row)].length : 0;
  };
  await live.until(`the Works of ${name} are told`, () => count() === clusters.length);
  return held;
}

/** What Karmada does after the template has changed. */
async function sendTo(cluster: string, template: JsonObject): Promise<void> {
  const { spec } = workOf(template, cluster);
  const name = `${referenceTo(template).name}-work`;
  await client.send(
    'PATCH',
    `${worksIn(cluster)}/${name}`,
    { spec: spec ?? {} },
    'application/merge-patch+json',
  );
}

/** Changes a template, waits until both clusters are sent it, and makes another object then. */
function review(wanted: JsonObject, held: JsonObject): PushReview {
  const last = configMap(`${referenceTo(wanted).name}-after`, 'made');
  return withSteps([
    { type: 'apply', id: 'change', change: changeTo(wanted, held) },
    {
      type: 'settle',
      id: 'wait',
      works: [{ template: templateKey(referenceTo(wanted)), clusters, manifest: wanted }],
      reason: 'Waited for.',
    },
    { type: 'apply', id: 'after', change: changeTo(last) },
  ]);
}

describe('a push that waits for Works on a real API server', () => {
  it('goes on when both clusters have been sent what was reviewed, not before and not later', async () => {
    const held = await propagate('waited');
    const wanted = configMap('waited', 'new');
    const told: RunProgress[] = [];
    const running = runPush(ports, review(wanted, held), {
      id: 'waited',
      onProgress: (progress) => void told.push(progress),
    });
    const waitingFor = (): readonly string[] | undefined =>
      told.findLast(({ waitingFor: what }) => what.length > 0)?.waitingFor;
    const isMade = async (): Promise<boolean> =>
      (await client.raw('GET', `/api/v1/namespaces/${namespace}/configmaps/waited-after`))
        .status === 200;
    await live.until('it waits for both', () => waitingFor()?.length === 2);
    await sendTo(clusters[0] ?? '', wanted);
    await live.until('it waits for the second', () => waitingFor()?.length === 1);
    assert.equal(waitingFor()?.[0], `ConfigMap ${namespace}/waited on ${clusters[1]}`);
    // Something else than was reviewed does not count.
    await sendTo(clusters[1] ?? '', configMap('waited', 'other'));
    await ports.clock.sleep(2500);
    assert.equal(await isMade(), false, 'it did not wait');
    const sentAt = performance.now();
    await sendTo(clusters[1] ?? '', wanted);
    const journal = await running;
    const took = performance.now() - sentAt;
    assert.equal(journal.state, 'done');
    assert.equal(await isMade(), true);
    assert.ok(took < 10_000, `it waited ${took} ms longer than it had to`);
  });

  it('stops with an exact account where a Work never comes to be as expected', async () => {
    const held = await propagate('stuck');
    const wanted = configMap('stuck', 'new');
    const begun = performance.now();
    const waitLimit = 4000;
    const running = runPush(ports, review(wanted, held), { id: 'stuck', waitLimit });
    await sendTo(clusters[0] ?? '', wanted);
    const journal = await running;
    const took = performance.now() - begun;
    assert.ok(took >= waitLimit && took < waitLimit + 15_000, `stopped after ${took} ms`);
    assert.equal(journal.state, 'stopped');
    const account = accountOf(journal);
    assert.deepEqual(
      account.map(({ state }) => state.type),
      ['done', 'failed', 'waiting'],
    );
    assert.equal(
      account[1]?.detail,
      `Not yet as expected after 1 minute: ConfigMap ${namespace}/stuck on ${clusters[1]}.`,
    );
    assert.equal(account[2]?.detail, 'Not begun, nothing written.');
    const now = await live.session.get(referenceTo(wanted));
    assert.equal(memberAt(now, 'data', 'key'), 'new');
    const path = `/api/v1/namespaces/${namespace}/configmaps/stuck-after`;
    assert.equal((await client.raw('GET', path)).status, 404);
  });
});
