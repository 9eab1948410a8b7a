import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { member } from '../../src/engine/index.ts';
import type { JsonObject } from '../../src/engine/index.ts';
import { applyBody } from '../../src/push/index.ts';
import { sharedApiServer } from '../support/apiServer.ts';
import { clientOfKubeconfig } from '../support/apiServerClient.ts';
import type { KubeList } from '../support/apiServerClient.ts';
import { changeOf, createReviewer } from '../support/pushReview.ts';
import type { Reviewer } from '../support/pushReview.ts';

const server = sharedApiServer();
const client = clientOfKubeconfig(server.kubeconfig);
// A plain API server never finishes the deletion of a namespace.
const namespace = `push-prepare-${process.pid}`;
const applyType = 'application/apply-patch+yaml';
const repositories = `/apis/source.toolkit.fluxcd.io/v1/namespaces/${namespace}/helmrepositories`;
let reviewer: Reviewer;

before(async () => {
  await client.send(
    'PATCH',
    `/api/v1/namespaces/${namespace}?fieldManager=tests`,
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } },
    applyType,
  );
  reviewer = await createReviewer(server.kubeconfig);
});
after(async () => {
  reviewer.dispose();
  await client.raw('DELETE', `/api/v1/namespaces/${namespace}`);
  client.dispose();
});

const repository = (name: string, spec: JsonObject = {}, inside = namespace): JsonObject => ({
  apiVersion: 'source.toolkit.fluxcd.io/v1',
  kind: 'HelmRepository',
  metadata: { name, namespace: inside },
  spec: { url: 'https://charts.example.com', interval: '10m', ...spec },
});
const configMap = (name: string, data: JsonObject, inside = namespace): JsonObject => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, namespace: inside },
  data,
});
const secret = (name: string, stringData: JsonObject): JsonObject => ({
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { name, namespace },
  stringData,
});
const policy = (name: string, spec: JsonObject): JsonObject => ({
  apiVersion: 'policy.karmada.io/v1alpha1',
  kind: 'PropagationPolicy',
  metadata: { name, namespace },
  spec,
});
const send = (object: JsonObject, manager = 'tests'): Promise<unknown> => {
  const { name } = object['metadata'] as { name: string };
  return client.send('PATCH', `${repositories}/${name}?fieldManager=${manager}`, object, applyType);
};
const apply = (change: ReturnType<typeof changeOf>): Promise<unknown> =>
  reviewer.ports.api.apply(change.reference, applyBody(change), {});

/** Every object's version, by path. */
async function versions(): Promise<ReadonlyMap<string, string | undefined>> {
  const paths = [
    '/api/v1/namespaces',
    '/api/v1/configmaps',
    '/api/v1/secrets',
    '/apis/source.toolkit.fluxcd.io/v1/helmrepositories',
    '/apis/policy.karmada.io/v1alpha1/propagationpolicies',
  ];
  const found = new Map<string, string | undefined>();
  for (const path of paths) {
    const { items } = await client.send<KubeList>('GET', path);
    for (const { metadata } of items) {
      found.set(`${path} ${metadata.namespace}/${metadata.name}`, metadata.resourceVersion);
    }
  }
  return found;
}

const errors = (change: ReturnType<typeof changeOf>): readonly (readonly [string, string])[] =>
  change.verdicts
    .filter(({ severity }) => severity === 'error')
    .map(({ field, message }) => [field, message]);

describe('the review of a push on a real API server', () => {
  it('says what is created, changed and unchanged, as the server will hold it, and writes nothing', async () => {
    await send(repository('same'));
    await send(repository('other'), 'vscode-karmada-flux');
    const held = await versions();
    const review = await reviewer.review([
      repository('same'),
      repository('other', { interval: '5m' }),
      repository('new'),
      configMap('config', { a: 'b' }),
    ]);
    const types = review.changes.map(({ reference, type }) => [reference.name, type]);
    assert.deepEqual(types, [
      ['same', 'unchanged'],
      ['other', 'change'],
      ['new', 'create'],
      ['config', 'create'],
    ]);
    assert.deepEqual(changeOf(review, 'new').after?.['spec'], {
      ...(repository('new')['spec'] as JsonObject),
      provider: 'generic',
    });
    const written = review.steps.flatMap((step) =>
      step.type === 'apply' ? [step.change.reference.name] : [],
    );
    assert.deepEqual(written.toSorted(), ['config', 'new', 'other']);
    assert.deepEqual(
      review.changes.flatMap(({ verdicts }) => verdicts),
      [],
    );
    assert.deepEqual(await versions(), held);
  });

  it('puts verdicts on the fields that the server names', async () => {
    const review = await reviewer.review([
      repository('unknown', { intervall: '5m' }),
      repository('value', { interval: 'often' }),
      repository('shape', { url: 7 }),
      policy('rules', {
        resourceSelectors: [{ apiVersion: 'v1', kind: 'ConfigMap' }],
        priority: 'high',
      }),
      configMap('strict', { a: 'b' }),
    ]);
    const { changes } = review;
    assert.deepEqual(errors(changeOf(review, 'unknown')), [
      ['spec.intervall', 'The server does not know the field spec.intervall.'],
    ]);
    assert.equal(errors(changeOf(review, 'value'))[0]?.[0], 'spec.interval');
    assert.deepEqual(errors(changeOf(review, 'shape')), [
      ['spec.url', 'spec.url: expected string.'],
    ]);
    assert.equal(errors(changeOf(review, 'rules'))[0]?.[0], 'spec.priority');
    assert.deepEqual(errors(changeOf(review, 'strict')), []);
    const refused = review.questions.filter(({ code }) => code === 'refused');
    assert.equal(refused.length, changes.length - 1);
    assert.ok(refused.every(({ severity }) => severity === 'blocked'));
  });

  it('leaves out what only servers say, and says so', async () => {
    const pasted: JsonObject = {
      ...repository('pasted'),
      metadata: {
        name: 'pasted',
        namespace,
        uid: 'cfd6b0e0-7d9a-4b60-a6c0-4a6b5f0f4e4e',
        resourceVersion: '12',
        creationTimestamp: '2026-01-01T00:00:00Z',
        managedFields: [],
      },
      status: { observedGeneration: 3 },
    };
    const change = changeOf(await reviewer.review([pasted]), 'pasted');
    assert.deepEqual(errors(change), []);
    assert.deepEqual(
      change.verdicts.map(({ field }) => field),
      ['creationTimestamp', 'managedFields', 'resourceVersion', 'uid'].map(
        (key) => `metadata.${key}`,
      ),
    );
    assert.deepEqual(Object.keys(applyBody(change)['metadata'] as JsonObject).toSorted(), [
      'name',
      'namespace',
      'resourceVersion',
    ]);
  });

  it('names a missing kind, a missing version and a missing namespace', async () => {
    const review = await reviewer.review([
      { apiVersion: 'example.com/v1', kind: 'Gadget', metadata: { name: 'gadget', namespace } },
      { ...repository('version'), apiVersion: 'source.toolkit.fluxcd.io/v7' },
      repository('nowhere', {}, 'not-there'),
      { ...repository('case'), kind: 'helmRepository' },
      { ...repository('plural'), kind: 'HelmRepositories' },
      { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a/../b', namespace } },
      { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: '..', namespace } },
    ]);
    const said = review.changes.map((change) => errors(change)[0]?.[1] ?? '');
    assert.match(
      said[0] ?? '',
      /does not have the kind Gadget of example\.com\/v1\. Apply the CustomResourceDefinition/,
    );
    assert.match(
      said[1] ?? '',
      /does not serve HelmRepository in source\.toolkit\.fluxcd\.io\/v7, but in source\.toolkit\.fluxcd\.io\/v1/,
    );
    assert.equal(
      said[2],
      'The namespace not-there does not exist on the control plane. Push a Namespace together with this object, or create it first.',
    );
    assert.match(said[3] ?? '', /kind helmRepository .* It is spelt HelmRepository\.$/);
    assert.match(said[4] ?? '', /kind HelmRepositories .* check how the kind is spelt/);
    assert.match(said[5] ?? '', /“a\/\.\.\/b” is no name/);
    assert.match(said[6] ?? '', /“\.\.” is no name/);
  });

  it('finds a kind that came after it was connected', async () => {
    const definition: JsonObject = {
      apiVersion: 'apiextensions.k8s.io/v1',
      kind: 'CustomResourceDefinition',
      metadata: { name: `latecomers.push-${process.pid}.example.com` },
      spec: {
        group: `push-${process.pid}.example.com`,
        names: { kind: 'Latecomer', plural: 'latecomers' },
        scope: 'Cluster',
        versions: [
          {
            ...{ name: 'v1', served: true, storage: true },
            schema: { openAPIV3Schema: { type: 'object' } },
          },
        ],
      },
    };
    const late: JsonObject = {
      apiVersion: `push-${process.pid}.example.com/v1`,
      kind: 'Latecomer',
      metadata: { name: 'late' },
    };
    const review = async () => changeOf(await reviewer.review([late]), 'late');
    assert.equal(errors(await review()).length, 1);
    await client.send(
      'POST',
      '/apis/apiextensions.k8s.io/v1/customresourcedefinitions',
      definition,
    );
    let change = await review();
    for (let tries = 0; tries < 50 && errors(change).length > 0; tries++) {
      await new Promise((resolve) => setTimeout(resolve, 100));
      change = await review();
    }
    assert.deepEqual(errors(change), []);
    assert.equal(change.checkedBy, 'server');
  });

  it('lets the engine check what lies in a namespace or is of a kind of the same push', async () => {
    const definition: JsonObject = {
      apiVersion: 'apiextensions.k8s.io/v1',
      kind: 'CustomResourceDefinition',
      metadata: { name: 'gadgets.example.com' },
      spec: {
        group: 'example.com',
        names: { kind: 'Gadget', plural: 'gadgets' },
        scope: 'Namespaced',
        versions: [
          {
            name: 'v1',
            served: true,
            storage: true,
            schema: { openAPIV3Schema: { type: 'object' } },
          },
        ],
      },
    };
    const review = await reviewer.review([
      { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'push-coming' } },
      repository('inside', {}, 'push-coming'),
      repository('wrong', { intervall: '5m' }, 'push-coming'),
      definition,
      { apiVersion: 'example.com/v1', kind: 'Gadget', metadata: { name: 'gadget', namespace } },
    ]);
    assert.deepEqual(
      review.changes.map(({ checkedBy }) => checkedBy),
      ['server', 'engine', 'engine', 'server', 'engine'],
    );
    assert.deepEqual(errors(changeOf(review, 'inside')), []);
    assert.equal(member(changeOf(review, 'inside').after?.['spec'], 'provider'), 'generic');
    assert.deepEqual(errors(changeOf(review, 'wrong')), [
      ['spec.intervall', 'The server does not know the field spec.intervall.'],
    ]);
    assert.deepEqual(errors(changeOf(review, 'gadget')), []);
  });

  it('refuses what is being deleted, and two documents of one object', async () => {
    const held: JsonObject = { ...repository('going') };
    const metadata = { name: 'going', namespace, finalizers: ['example.com/hold'] };
    await send({ ...held, metadata });
    await client.send('DELETE', `${repositories}/going`);
    const review = await reviewer.review([
      repository('going'),
      repository('twin'),
      repository('twin'),
    ]);
    assert.deepEqual(
      review.changes.map((change) => errors(change)),
      [
        [['', 'The object is being deleted. Wait until it is gone, then push it again.']],
        [['metadata.name', 'The same object is in push.yaml once more. Leave one of them out.']],
        [],
      ],
    );
    assert.deepEqual(
      review.questions.map(({ severity, code }) => [severity, code]),
      [
        ['blocked', 'refused'],
        ['blocked', 'refused'],
      ],
    );
    const merge = 'application/merge-patch+json';
    await client.send('PATCH', `${repositories}/going`, { metadata: { finalizers: null } }, merge);
  });

  it('never creates over an object that appeared, nor writes over one that changed or was deleted', async () => {
    const created = changeOf(await reviewer.review([repository('race')]), 'race');
    await send(repository('race', { interval: '1h' }), 'somebody');
    await assert.rejects(apply(created), { reason: 'conflict', status: 409 });
    const changed = changeOf(
      await reviewer.review([repository('race', { interval: '1h', timeout: '5s' })]),
      'race',
    );
    assert.equal(changed.type, 'change');
    await send(repository('race', { interval: '1h', timeout: '9s' }), 'somebody');
    await assert.rejects(apply(changed), { reason: 'conflict', status: 409 });
    const again = changeOf(
      await reviewer.review([repository('race', { interval: '1h', suspend: true })]),
      'race',
    );
    await client.send('DELETE', `${repositories}/race`);
    await assert.rejects(apply(again), { reason: 'conflict', status: 409 });
    assert.equal((await client.raw('GET', `${repositories}/race`)).status, 404);
  });

  it('shows no value of a Secret, plain or encoded', async () => {
    const [old, now] = ['0ld-Passw0rd', 'n3w-Passw0rd'];
    const path = `/api/v1/namespaces/${namespace}/secrets/login`;
    const last = JSON.stringify(secret('login', { password: old }));
    await client.send(
      'POST',
      `/api/v1/namespaces/${namespace}/secrets?fieldManager=kubectl-client-side-apply`,
      {
        ...secret('login', { password: old, user: 'me' }),
        metadata: {
          name: 'login',
          namespace,
          annotations: { 'kubectl.kubernetes.io/last-applied-configuration': last },
        },
      },
    );
    const wrong = { ...secret('bad', {}), data: { password: `!${now}` } };
    const sources = [secret('login', { password: now, user: 'me' }), wrong];
    const first = await reviewer.review(sources);
    const { conflicts } = changeOf(first, 'login');
    assert.deepEqual(
      conflicts.map(({ field }) => field),
      ['.data.password'],
    );
    const { reference } = changeOf(first, 'login');
    const choices = conflicts.map(({ manager, field }) => ({
      reference,
      manager,
      field,
      choice: 'take' as const,
    }));
    const review = await reviewer.review(sources, choices);
    assert.deepEqual(changeOf(review, 'login').secretKeys, ['password']);
    assert.ok(review.questions.some(({ code }) => code === 'secret-not-undoable'));
    assert.equal(errors(changeOf(review, 'bad')).length, 1);
    for (const one of [first, review]) {
      const text = JSON.stringify(one, (key, value: unknown) =>
        key === 'source' ? undefined : value,
      );
      for (const value of [old, now]) {
        assert.ok(!text.includes(value), text);
        assert.ok(!text.includes(Buffer.from(value).toString('base64')));
      }
    }
    await client.send('DELETE', path);
  });
});
