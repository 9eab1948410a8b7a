import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { JsonObject } from '../../src/engine/index.ts';
import { sharedApiServer } from '../support/apiServer.ts';
import { clientOfKubeconfig } from '../support/apiServerClient.ts';
import { changeOf, createReviewer } from '../support/pushReview.ts';

const server = sharedApiServer();
const client = clientOfKubeconfig(server.kubeconfig);
// A plain API server never finishes the deletion of a namespace.
const namespace = `push-rights-${process.pid}`;
const rbac = '/apis/rbac.authorization.k8s.io/v1';
const hooks = '/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations';

const repository = (name: string): JsonObject => ({
  apiVersion: 'source.toolkit.fluxcd.io/v1',
  kind: 'HelmRepository',
  metadata: { name, namespace },
  spec: { url: 'https://charts.example.com', interval: '10m' },
});
const release = (name: string): JsonObject => ({
  apiVersion: 'helm.toolkit.fluxcd.io/v2',
  kind: 'HelmRelease',
  metadata: { name, namespace },
  spec: {
    interval: '1m',
    chart: { spec: { chart: 'podinfo', sourceRef: { kind: 'HelmRepository', name: 'podinfo' } } },
  },
});
const configMap = (name: string): JsonObject => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, namespace },
  data: { a: 'b' },
});

before(async () => {
  await client.send('POST', '/api/v1/namespaces', {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name: namespace, labels: { 'kubernetes.io/metadata.name': namespace } },
  });
  await client.send('POST', `${rbac}/namespaces/${namespace}/roles`, {
    metadata: { name: 'half' },
    rules: [
      {
        apiGroups: ['source.toolkit.fluxcd.io'],
        resources: ['helmrepositories'],
        verbs: ['get', 'patch', 'create'],
      },
      { apiGroups: [''], resources: ['configmaps'], verbs: ['get'] },
    ],
  });
  await client.send('POST', `${rbac}/namespaces/${namespace}/rolebindings`, {
    metadata: { name: 'half' },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'half' },
    subjects: [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name: 'narrow' }],
  });
});
after(async () => {
  await client.raw('DELETE', `${hooks}/${namespace}`);
  await client.raw('DELETE', `/api/v1/namespaces/${namespace}`);
  client.dispose();
});

describe('the review of a push that a real API server lets through in part', () => {
  it('names what may not be read or written and reviews the rest', async () => {
    await client.send('POST', `/api/v1/namespaces/${namespace}/configmaps`, configMap('there'));
    const reviewer = await createReviewer(server.kubeconfig, 'narrow');
    try {
      const review = await reviewer.review([
        repository('allowed'),
        release('unreadable'),
        configMap('there'),
      ]);
      const said = (name: string) =>
        changeOf(review, name).verdicts.map(({ severity, message }) => [severity, message]);
      assert.deepEqual(said('allowed'), []);
      assert.equal(changeOf(review, 'allowed').type, 'create');
      assert.deepEqual(said('unreadable'), [
        [
          'error',
          `You may not get helmreleases.helm.toolkit.fluxcd.io in the namespace ${namespace}. Ask for a role that allows it.`,
        ],
      ]);
      assert.deepEqual(said('there'), [
        [
          'error',
          `You may not patch configmaps in the namespace ${namespace}. Ask for a role that allows it.`,
        ],
      ]);
      const written = review.steps.flatMap((step) =>
        step.type === 'apply' ? [step.change.reference.name] : [],
      );
      assert.deepEqual(written, ['allowed']);
      const refused = review.questions.filter(({ code }) => code === 'refused');
      assert.equal(refused.length, 2);
    } finally {
      reviewer.dispose();
    }
  });

  it('says which webhook does not answer', async () => {
    await client.send('POST', hooks, {
      metadata: { name: namespace },
      webhooks: [
        {
          name: 'propagation.example.com',
          clientConfig: { url: 'https://127.0.0.1:1/validate' },
          rules: [
            {
              apiGroups: ['source.toolkit.fluxcd.io'],
              apiVersions: ['*'],
              operations: ['*'],
              resources: ['helmrepositories'],
            },
          ],
          namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': namespace } },
          admissionReviewVersions: ['v1'],
          sideEffects: 'None',
          timeoutSeconds: 1,
        },
      ],
    });
    const reviewer = await createReviewer(server.kubeconfig);
    try {
      const message =
        'The webhook propagation.example.com cannot be reached, and without it the server takes nothing of this kind.';
      // It takes the server a moment to notice the webhook.
      let said = '';
      for (let i = 0; i < 50 && said === ''; i++) {
        const { verdicts } = changeOf(await reviewer.review([repository('hooked')]), 'hooked');
        said = verdicts[0]?.message ?? '';
      }
      assert.equal(said, message);
      const review = await reviewer.review([repository('hooked'), configMap('free')]);
      assert.deepEqual(changeOf(review, 'free').verdicts, []);
    } finally {
      reviewer.dispose();
    }
  });
});
