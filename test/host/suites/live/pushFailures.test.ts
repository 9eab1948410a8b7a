import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'mocha';
import * as vscode from 'vscode';
import { press, screenshot, waitFor } from '../../support/driver.ts';
import { setSetting } from '../../support/kubeconfigs.ts';
import { client, context, seedFleet, writeKubeconfig } from '../../support/liveFleet.ts';
import { playKarmada, type PlayedKarmada } from '../../support/playedKarmada.ts';
import { closeEverything } from '../../support/previews.ts';
import {
  documentsIn,
  forgetJournals,
  helm,
  journals,
  latest,
  leavePush,
  leaveJournal,
  namespaceObject,
  propagationObject,
  releaseObject,
  reviewed,
  runReviewed,
  resumeStopped,
  sourceObject,
  toggleOthers,
} from '../../support/pushes.ts';
import { line, noLine, notified, run, shown, treeLines } from '../../support/window.ts';

const namespace = 'halfway';
const documents = documentsIn('halfway');
const hooks = '/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations';
const releases = `/apis/${helm}/namespaces/${namespace}/helmreleases`;
const sources = `/apis/source.toolkit.fluxcd.io/v1/namespaces/${namespace}/helmrepositories`;
const policies = `/apis/policy.karmada.io/v1alpha1/namespaces/${namespace}/propagationpolicies`;

const isThere = async (path: string) => (await client.raw('GET', path)).status === 200;

/** Makes the server ask a webhook about releases that nobody answers, and waits until it does. */
async function breakReleases(): Promise<void> {
  await client.send('POST', hooks, {
    ...{ apiVersion: 'admissionregistration.k8s.io/v1', kind: 'ValidatingWebhookConfiguration' },
    metadata: { name: 'down' },
    webhooks: [
      {
        ...{ name: 'down.example.com', sideEffects: 'None', failurePolicy: 'Fail' },
        ...{ admissionReviewVersions: ['v1'], timeoutSeconds: 1 },
        clientConfig: { url: 'https://127.0.0.1:1/' },
        rules: [
          {
            ...{ apiGroups: ['helm.toolkit.fluxcd.io'], apiVersions: ['*'] },
            ...{ operations: ['CREATE', 'UPDATE'], resources: ['helmreleases'] },
          },
        ],
      },
    ],
  });
  await waitFor('the webhook to be asked', async () => (await tryRelease()) >= 500);
}

async function mendReleases(): Promise<void> {
  await client.raw('DELETE', `${hooks}/down`);
  await waitFor('the webhook to be forgotten', async () => (await tryRelease()) === 201);
}

/** The status of a release that is not kept. */
async function tryRelease(): Promise<number> {
  const path = `/apis/${helm}/namespaces/default/helmreleases?dryRun=All`;
  return (await client.raw('POST', path, releaseObject('default', 'probe', {}))).status;
}

describe('a push to a real API server that does not come to its end, Karmada being played', () => {
  let karmada: PlayedKarmada;

  before(async () => {
    await seedFleet();
    await setSetting('kubeconfig', writeKubeconfig());
    forgetJournals();
    karmada = playKarmada({
      client,
      namespace,
      clusters: ['member1', 'member2', 'member3'],
      seen: ({ metadata }) => metadata.name,
    });
    await documents.write(
      'all.yaml',
      namespaceObject(namespace),
      sourceObject(namespace, 'web'),
      releaseObject(namespace, 'web', { replicas: 1 }),
      propagationObject(namespace, 'web', { kind: 'HelmRelease', clusters: ['member1'] }),
    );
    await run('karmada.connect', context);
    await line(/^podinfo/);
    await run('notifications.clearAll');
    await toggleOthers();
  });

  afterEach(() => run('notifications.clearAll'));

  after(async () => {
    await toggleOthers();
    await client.raw('DELETE', `${hooks}/down`);
    await leavePush();
    await run('karmada.rollout.stop');
    await closeEverything();
    await documents.remove();
    await karmada.stop();
    await client.raw('DELETE', `/api/v1/namespaces/${namespace}`);
    forgetJournals();
    await run('karmada.disconnect');
  });

  it('stops at the first object that is refused, and says what is done and what is not', async () => {
    await reviewed([documents.uri], /^Changes ?4 created/);
    await breakReleases();
    await runReviewed();
    const { review, states } = await latest('stopped');
    const failed = states.findIndex(({ type }) => type === 'failed');
    const step = review.steps[failed];
    assert.ok(step?.type === 'apply');
    assert.equal(step.change.reference.kind, 'HelmRelease');
    // What lies in the new namespace was shown to the server before the first of it was to be written.
    assert.deepEqual(
      states.map(({ type }, index) => [index === failed, type]),
      states.map((_, index) => [
        index === failed,
        index === failed ? 'failed' : index === 0 ? 'done' : 'waiting',
      ]),
    );
    assert.ok(!(await isThere(`${releases}/web`)));
    assert.ok(!(await isThere(`${policies}/web-helmrelease`)));
    await line(/^Steps/);
    await screenshot('live-push-stopped');
    await run('karmada.push.showAccount');
    const account = await waitFor('the account', () => {
      const document = vscode.window.activeTextEditor?.document;
      return document?.uri.scheme === 'karmada-push' ? document.getText() : undefined;
    });
    const lines = account.split('\n').filter((text) => /^ +\d+\. /.test(text));
    assert.equal(lines.length, review.steps.length);
    assert.match(lines[failed] ?? '', /Failed .*HelmRelease halfway\/web/);
    assert.match(account, /down\.example\.com/);
    await screenshot('live-push-account');
    await closeEverything();
  });

  it('goes on from there when the server lets it', async () => {
    await mendReleases();
    await resumeStopped();
    await latest('done');
    assert.ok(await isThere(`${releases}/web`));
    assert.ok(await isThere(`${policies}/web-helmrelease`));
    assert.equal((await journals()).length, 1, 'it is the same push');
    await noLine(/^Steps/);
  });

  it('is found by the next start, with what became of it, and goes on', async () => {
    const done = await latest('done');
    const from = done.review.steps.findIndex(
      (step) => step.type === 'apply' && step.change.reference.kind === 'PropagationPolicy',
    );
    assert.ok(from > 0);
    await client.send('DELETE', `${policies}/web-helmrelease`);
    await run('karmada.disconnect');
    // As a window leaves it that is closed while the policy is being written.
    forgetJournals();
    await leaveJournal({
      ...done,
      id: `${done.id}-cut`,
      state: 'running',
      states: done.states.map((state, index) => {
        if (index < from) return state;
        return index === from ? { type: 'running', since: Date.now() } : { type: 'waiting' };
      }),
    });
    await run('karmada.connect', context);
    await line(/^Steps/);
    await screenshot('live-push-found');
    assert.ok(!(await isThere(`${policies}/web-helmrelease`)), 'nothing is written unasked');
    assert.notEqual((await journals())[0]?.states[from]?.type, 'done');
    await resumeStopped();
    await latest('done');
    assert.ok(await isThere(`${policies}/web-helmrelease`));
  });

  it('of another control plane is listed, and is not gone on with here', async () => {
    const done = await latest('done');
    const { review } = done;
    const foreign = {
      ...done,
      ...{ id: `${done.id}-elsewhere`, startedAt: Date.now(), state: 'stopped' as const },
      review: { ...review, context: 'elsewhere', server: 'https://elsewhere.example.com:6443' },
      states: done.states.map(() => ({ type: 'waiting' as const })),
    };
    await client.send('DELETE', `${policies}/web-helmrelease`);
    await leaveJournal(foreign);
    await run('karmada.disconnect');
    await run('karmada.connect', context);
    void run('karmada.push.showHistory');
    await shown('.quick-input-list-row', /elsewhere/);
    await shown('.quick-input-list-row', /fleet.*done/s);
    await screenshot('live-push-history');
    // The latest one is first.
    await press('Enter');
    await shown('.quick-input-list-row', /Resume/);
    await press('ArrowDown');
    await press('Enter');
    await notified(/elsewhere\.example\.com/);
    await noLine(/^Steps/);
    assert.deepEqual((await journals())[0], foreign);
    assert.ok(!(await isThere(`${policies}/web-helmrelease`)));
    assert.ok((await treeLines()).every((text) => !text.startsWith('Push to')));
  });

  it('says so when what is left has changed on the server before it goes on', async () => {
    forgetJournals();
    await documents.write('more.yaml', sourceObject(namespace, 'more'));
    await reviewed([documents.file('more.yaml')], /^Changes ?1 created/);
    await runReviewed();
    const done = await latest('done');
    // As a window leaves it that was closed before it wrote anything, and the object was changed since.
    await run('karmada.disconnect');
    const id = `${done.id}-changed`;
    const states = done.states.map(() => ({ type: 'waiting' as const }));
    await leaveJournal({ ...done, id, startedAt: Date.now(), state: 'running', states });
    await run('karmada.connect', context);
    await line(/^Steps/);
    await resumeStopped();
    await notified(/was created by someone else since the review/);
    const kept = (await journals()).find((one) => one.id === id);
    assert.equal(kept?.state, 'stopped', 'the account is kept');
    await line(/^Steps/);
    await leavePush();
    assert.equal((await journals()).find((one) => one.id === id)?.state, 'dropped');
    await client.send('DELETE', `${sources}/more`);
    await vscode.workspace.fs.delete(documents.file('more.yaml'));
  });
});
