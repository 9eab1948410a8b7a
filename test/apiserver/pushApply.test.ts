import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { member, memberAt, stringMember } from '../../src/engine/index.ts';
import type { JsonObject } from '../../src/engine/index.ts';
import type { ControlPlaneSession } from '../../src/kube/index.ts';
import { sharedApiServer } from '../support/apiServer.ts';
import { clientOfKubeconfig } from '../support/apiServerClient.ts';
import { connectSession } from '../support/liveSession.ts';
import type { LiveSession } from '../support/liveSession.ts';

const server = sharedApiServer();
const client = clientOfKubeconfig(server.kubeconfig);
// A plain API server never finishes the deletion of a namespace.
const namespace = `push-apply-${process.pid}`;
let live: LiveSession;
let session: ControlPlaneSession;

before(async () => {
  await client.send('POST', '/api/v1/namespaces', {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name: namespace },
  });
  live = await connectSession({
    kubeconfig: server.kubeconfig,
    context: 'certificate',
    interests: [],
  });
  ({ session } = live);
});
after(async () => {
  live.dispose();
  await client.raw('DELETE', `/api/v1/namespaces/${namespace}`);
  client.dispose();
});

const reference = (name: string) => ({
  ...{ apiVersion: 'v1', kind: 'ConfigMap' },
  ...{ namespace, name },
});
const configMap = (name: string, data: JsonObject, metadata: JsonObject = {}): JsonObject => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, namespace, ...metadata },
  data,
});
const versionOf = (object: JsonObject): string =>
  stringMember(member(object, 'metadata'), 'resourceVersion');
const uidOf = (object: JsonObject): string => stringMember(member(object, 'metadata'), 'uid');

describe('writing single objects of a real API server', () => {
  it('applies with a manager, and says whether there was none', async () => {
    const dry = await session.apply(reference('one'), configMap('one', { a: 'b' }), {
      dryRun: true,
    });
    assert.equal(dry.isCreated, true);
    await assert.rejects(session.get(reference('one')), { reason: 'notFound', status: 404 });
    const made = await session.apply(reference('one'), configMap('one', { a: 'b' }), {});
    assert.deepEqual([made.isCreated, made.warnings], [true, []]);
    const again = await session.apply(reference('one'), configMap('one', { a: 'c' }), {});
    assert.equal(again.isCreated, false);
    assert.equal(memberAt(again.object, 'data', 'a'), 'c');
    await assert.rejects(
      session.apply(reference('one'), configMap('one', { a: 'd' }), { fieldManager: 'other' }),
      (error: { causes?: unknown }) => {
        const causes = [
          {
            reason: 'FieldManagerConflict',
            message: 'conflict with "vscode-karmada-flux"',
            field: '.data.a',
          },
        ];
        assert.deepEqual(error.causes, causes);
        return true;
      },
    );
    const options = { fieldManager: 'other', force: true };
    const taken = await session.apply(reference('one'), configMap('one', { a: 'd' }), options);
    assert.equal(memberAt(taken.object, 'data', 'a'), 'd');
  });

  it('hands on what the server warns of', async () => {
    const spec = {
      containers: [{ name: 'a', image: 'a' }],
      nodeSelector: { 'beta.kubernetes.io/os': 'linux' },
    };
    const labels = { app: 'warned' };
    const deployment: JsonObject = {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'warned', namespace },
      spec: { selector: { matchLabels: labels }, template: { metadata: { labels }, spec } },
    };
    const at = { apiVersion: 'apps/v1', kind: 'Deployment', namespace, name: 'warned' };
    const { warnings } = await session.apply(at, deployment, { dryRun: true });
    assert.deepEqual(warnings, [
      'spec.template.spec.nodeSelector[beta.kubernetes.io/os]: deprecated since v1.14; use "kubernetes.io/os" instead',
    ]);
  });

  it('replaces and deletes only what it has seen', async () => {
    const { object } = await session.apply(reference('two'), configMap('two', { a: 'b' }), {});
    const stale = { resourceVersion: '1' };
    await assert.rejects(session.replace(reference('two'), configMap('two', {}, stale)), {
      reason: 'conflict',
    });
    const seen = { resourceVersion: versionOf(object) };
    const replaced = await session.replace(reference('two'), configMap('two', { z: 'z' }, seen));
    assert.deepEqual(replaced['data'], { z: 'z' });
    const uid = uidOf(object);
    await assert.rejects(session.delete(reference('two'), { uid: 'another' }), {
      reason: 'conflict',
    });
    await assert.rejects(
      session.delete(reference('two'), { uid, resourceVersion: versionOf(object) }),
      { reason: 'conflict' },
    );
    const precondition = { uid, resourceVersion: versionOf(replaced) };
    await session.delete(reference('two'), precondition, { dryRun: true });
    assert.equal(uidOf(await session.get(reference('two'))), uid);
    await session.delete(reference('two'), precondition);
    await assert.rejects(session.get(reference('two')), { reason: 'notFound' });
    await session.delete(reference('two'), precondition);
  });

  it('lists by label through all pages, every item with its kind', async () => {
    const names = Array.from({ length: 120 }, (_, i) => `many-${i}`);
    await Promise.all(
      names.map((name, i) =>
        client.send(
          'POST',
          `/api/v1/namespaces/${namespace}/configmaps`,
          configMap(name, { i: `${i}` }, { labels: { parity: i % 2 === 0 ? 'even' : 'odd' } }),
        ),
      ),
    );
    const kind = { apiVersion: 'v1', kind: 'ConfigMap' };
    const all = await session.list({ ...kind, namespace });
    const listed = all.map((object) => stringMember(member(object, 'metadata'), 'name'));
    assert.deepEqual(
      listed.filter((name) => name.startsWith('many-')).toSorted(),
      names.toSorted(),
    );
    assert.ok(
      all.every((object) => object['kind'] === 'ConfigMap' && object['apiVersion'] === 'v1'),
    );
    const labelSelector = 'parity in (even)';
    const even = await session.list({ ...kind, namespace: '' }, { labelSelector });
    assert.equal(
      even.filter((object) => memberAt(object, 'metadata', 'namespace') === namespace).length,
      60,
    );
  });
});
