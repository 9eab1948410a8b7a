import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'mocha';
import * as vscode from 'vscode';
import { screenshot, waitFor } from '../../support/driver.ts';
import { setSetting } from '../../support/kubeconfigs.ts';
import { client, context, seedFleet, writeKubeconfig } from '../../support/liveFleet.ts';
import { playKarmada, type PlayedKarmada } from '../../support/playedKarmada.ts';
import { closeEverything } from '../../support/previews.ts';
import {
  documentsIn,
  forgetJournals,
  helm,
  latest,
  leavePush,
  namespaceObject,
  propagationObject,
  releaseObject,
  reviewed,
  runReviewed,
  sourceObject,
  toggleOthers,
} from '../../support/pushes.ts';
import { line, run } from '../../support/window.ts';

const namespace = 'halfway';
const documents = documentsIn('halfway');
const hooks = '/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations';
const releases = `/apis/${helm}/namespaces/${namespace}/helmreleases`;
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
    await mendReleases();
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
    assert.ok(states.slice(0, failed).every(({ type }) => type === 'done'));
    assert.ok(states.slice(failed + 1).every(({ type }) => type === 'waiting'));
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
});
