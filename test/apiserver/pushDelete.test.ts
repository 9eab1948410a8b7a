import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { after, before, describe, it } from 'node:test';
import { createWorkspace } from '../../src/analysis/index.ts';
import { memberAt } from '../../src/engine/index.ts';
import type { JsonObject } from '../../src/engine/index.ts';
import { accountOf, preparePush, prepareUndo, runPush } from '../../src/push/index.ts';
import type { Journal, PushApi, PushReview, PushSource } from '../../src/push/index.ts';
import { sharedApiServer } from '../support/apiServer.ts';
import { clientOfKubeconfig } from '../support/apiServerClient.ts';
import { memoryJournals } from '../support/fakePushApi.ts';
import { changeOf, createReviewer, toSource } from '../support/pushReview.ts';
import type { Reviewer } from '../support/pushReview.ts';

const server = sharedApiServer();
const client = clientOfKubeconfig(server.kubeconfig);
// A plain API server never finishes the deletion of a namespace.
const namespace = `push-delete-${process.pid}`;
const applyType = 'application/apply-patch+yaml';
let reviewer: Reviewer;

before(async () => {
  await client.send('POST', '/api/v1/namespaces', {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name: namespace },
  });
  reviewer = await createReviewer(server.kubeconfig);
});
after(async () => {
  reviewer.dispose();
  await client.raw('DELETE', `/api/v1/namespaces/${namespace}`);
  client.dispose();
});

const configMap = (name: string, labels?: JsonObject): JsonObject => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, namespace, ...(labels && { labels }) },
  data: { a: 'b' },
});
const reference = (name: string) => toSource(configMap(name)).reference;
const create = (object: JsonObject) =>
  client.send('POST', `/api/v1/namespaces/${namespace}/configmaps`, object);
const exists = async (name: string): Promise<boolean> =>
  (await client.raw('GET', `/api/v1/namespaces/${namespace}/configmaps/${name}`)).status === 200;

const reviewOf = (
  sources: readonly PushSource[],
  deletions: readonly PushSource['reference'][],
  { ports, live } = reviewer,
): Promise<PushReview> =>
  preparePush(ports, {
    ...{ sources, deletions, title: 'test' },
    ...{ context: 'certificate', server: live.session.target.server },
  });
const run = (review: PushReview, api: PushApi = reviewer.ports.api): Promise<Journal> =>
  runPush({ ...reviewer.ports, api, journals: memoryJournals() }, review, { id: review.title });
const codes = ({ questions }: PushReview) =>
  questions.map(({ severity, code }) => `${severity} ${code}`);

describe('deletions in a push to a real API server', () => {
  it('are reviewed without deleting, done after all writes, and undone', async () => {
    await create(configMap('gone'));
    const review = await reviewOf([toSource(configMap('new'))], [reference('gone')]);
    assert.ok(await exists('gone'));
    const change = changeOf(review, 'gone');
    assert.deepEqual([change.type, change.verdicts], ['delete', []]);
    assert.deepEqual(memberAt(change.before, 'data'), { a: 'b' });
    const written = review.steps.filter(({ type }) => type === 'apply' || type === 'delete');
    assert.deepEqual(
      written.map(({ type }) => type),
      ['apply', 'delete'],
    );
    const journal = await run(review);
    assert.equal(journal.state, 'done');
    assert.deepEqual([await exists('gone'), await exists('new')], [false, true]);
    const undo = await prepareUndo(reviewer.ports, journal);
    assert.deepEqual(codes(undo), []);
    assert.equal((await run(undo)).state, 'done');
    assert.deepEqual([await exists('gone'), await exists('new')], [true, false]);
  });

  it('leave what is not there, and what the documents define after all', async () => {
    await create(configMap('kept'));
    const review = await reviewOf(
      [toSource(configMap('kept'))],
      [reference('kept'), reference('never'), { ...reference('x'), apiVersion: 'none.io/v1' }],
    );
    const types = review.changes.map(({ reference: { name }, type }) => [name, type]);
    assert.deepEqual(types, [
      ['kept', 'unchanged'],
      ['never', 'unchanged'],
      ['x', 'unchanged'],
    ]);
    assert.deepEqual([review.steps, review.questions], [[], []]);
  });

  it('stop where the object was changed since the review', async () => {
    await create(configMap('raced'));
    const review = await reviewOf([], [reference('raced')]);
    const path = `/api/v1/namespaces/${namespace}/configmaps/raced?fieldManager=other`;
    await client.send('PATCH', path, configMap('raced', { new: 'label' }), applyType);
    const journal = await run(review);
    assert.equal(journal.state, 'stopped');
    const [state] = journal.states;
    assert.ok(state?.type === 'failed' && state.isOutdated);
    assert.ok(await exists('raced'));
  });

  it('say which finalizers they wait for', async () => {
    const held = configMap('held');
    const metadata = { ...(held['metadata'] as JsonObject), finalizers: ['example.com/hold'] };
    await create({ ...held, metadata });
    const journal = await run(await reviewOf([], [reference('held')]));
    assert.equal(journal.state, 'done');
    assert.deepEqual(
      accountOf(journal).map(({ detail }) => detail),
      ['Deleted. It stays until its finalizers are taken off: example.com/hold.'],
    );
    const path = `/api/v1/namespaces/${namespace}/configmaps/held`;
    const merge = 'application/merge-patch+json';
    await client.send('PATCH', path, { metadata: { finalizers: null } }, merge);
  });

  it('are blocked by the deletion protection', async () => {
    const label = 'resourcetemplate.karmada.io/deletion-protected';
    await create(configMap('guarded', { [label]: 'Always' }));
    const review = await reviewOf([], [reference('guarded')]);
    assert.deepEqual(codes(review), ['blocked deletion-protected']);
  });

  it('are refused where the user may not delete', async () => {
    await create(configMap('forbidden'));
    const rbac = '/apis/rbac.authorization.k8s.io/v1';
    await client.send('POST', `${rbac}/clusterroles`, {
      metadata: { name: namespace },
      rules: [{ apiGroups: ['*'], resources: ['*'], verbs: ['get', 'list', 'watch'] }],
    });
    await client.send('POST', `${rbac}/clusterrolebindings`, {
      metadata: { name: namespace },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: namespace },
      subjects: [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name: 'narrow' }],
    });
    const narrow = await createReviewer(server.kubeconfig, 'narrow');
    try {
      const review = await reviewOf([], [reference('forbidden')], narrow);
      const message = `You may not delete configmaps in the namespace ${namespace}. Ask for a role that allows it.`;
      assert.deepEqual(changeOf(review, 'forbidden').verdicts, [
        { severity: 'error', message, field: '' },
      ]);
      assert.deepEqual([codes(review), review.steps], [['blocked refused'], []]);
    } finally {
      narrow.dispose();
      await client.raw('DELETE', `${rbac}/clusterrolebindings/${namespace}`);
      await client.raw('DELETE', `${rbac}/clusterroles/${namespace}`);
    }
  });
});

describe('what a push never sends', () => {
  it('is said once for each kind, and the rest of a folder goes in one push', async () => {
    const folder = new URL('../../examples/podinfo/', import.meta.url);
    const workspace = createWorkspace({ defaultNamespace: namespace });
    const uris = readdirSync(folder).map((name) => `file:///podinfo/${name}`);
    for (const uri of uris) {
      const text = readFileSync(new URL(uri.slice(uri.lastIndexOf('/') + 1), folder), 'utf8');
      workspace.update(uri, text);
    }
    const others = 'file:///podinfo/others.yaml';
    workspace.update(others, otherDocuments);
    const review = await reviewOf(workspace.pushSources([...uris, others]), []);
    const said = review.questions.filter(({ code }) => code === 'left-out');
    assert.deepEqual(
      said.map(({ severity, message }) => [severity, message]),
      [
        ['warning', '3 Clusters in fleet.yaml are left out: clusters join with karmadactl.'],
        ['warning', '1 Work in others.yaml is left out: Karmada makes them itself.'],
        ['warning', '1 Event in others.yaml is left out: they only say what has happened.'],
        ['warning', '1 ConfigMap in others.yaml is left out: they are for tools on this machine.'],
      ],
    );
    const blocked = review.questions.filter(({ severity }) => severity === 'blocked');
    assert.deepEqual(blocked, []);
    assert.ok(review.changes.every(({ reference: { kind } }) => kind !== 'Cluster'));
    assert.ok(review.changes.length >= 5);
    const deletions = workspace.pushSources([others]).map((source) => source.reference);
    const works = deletions.filter(({ kind }) => kind === 'Work');
    assert.deepEqual((await reviewOf([], works)).changes, []);
  });
});

const otherDocuments = `apiVersion: kustomize.config.k8s.io/v1beta1
kind: Kustomization
metadata: {name: all}
resources: [a.yaml]
---
apiVersion: work.karmada.io/v1alpha1
kind: Work
metadata: {name: w, namespace: karmada-es-member1}
---
apiVersion: v1
kind: Event
metadata: {name: e}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: local, annotations: {config.kubernetes.io/local-config: "true"}}
---
apiVersion: v2
name: chart
version: 1.0.0
---
replicaCount: 2
`;

describe('fields that are taken over', () => {
  it('are only those that were reviewed, also when an owner appears in between', async () => {
    const path = `/api/v1/namespaces/${namespace}/configmaps/owned?fieldManager=`;
    const owned = (data: JsonObject): JsonObject => ({
      ...{ apiVersion: 'v1', kind: 'ConfigMap' },
      ...{ metadata: { name: 'owned', namespace }, data },
    });
    const write = (manager: string, data: JsonObject) =>
      client.send('PATCH', `${path}${manager}`, owned(data), applyType);
    await write('helm', { reviewed: 'theirs' });
    // Ours already, so that the review has nothing to ask about it.
    await write('vscode-karmada-flux', { free: 'old' });
    const source = toSource(owned({ reviewed: 'mine', free: 'mine' }));
    const choices = [
      {
        ...{ reference: source.reference, manager: 'helm' },
        ...{ field: '.data.reviewed', choice: 'take' as const },
      },
    ];
    const review = await reviewer.review([source.object], choices);
    assert.deepEqual(codes(review), []);
    // The same content, so that only the owners of the fields differ from what was reviewed.
    await write('argocd', { free: 'old' });
    const journal = await run(review);
    assert.equal(journal.state, 'stopped');
    const [state] = journal.states;
    assert.ok(state?.type === 'failed' && state.isOutdated);
    assert.match(state.message, /others own since the review: data\.free by argocd\./);
    const held = await client.send<JsonObject>('GET', path.replace(/\?.*/, ''));
    assert.deepEqual(held['data'], { reviewed: 'theirs', free: 'old' });
  });

  it('are taken when nobody else came', async () => {
    const object = configMap('taken');
    await client.send(
      'PATCH',
      `/api/v1/namespaces/${namespace}/configmaps/taken?fieldManager=helm`,
      object,
      applyType,
    );
    const source = toSource({ ...object, data: { a: 'mine' } });
    const choices = [
      {
        ...{ reference: source.reference, manager: 'helm' },
        ...{ field: '.data.a', choice: 'take' as const },
      },
    ];
    const review = await reviewer.review([source.object], choices);
    const journal = await run(review);
    assert.equal(journal.state, 'done');
    const path = `/api/v1/namespaces/${namespace}/configmaps/taken`;
    assert.deepEqual((await client.send<JsonObject>('GET', path))['data'], { a: 'mine' });
  });
});
