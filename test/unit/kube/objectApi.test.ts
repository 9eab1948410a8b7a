import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createObjectApi } from '../../../src/kube/objectApi.ts';
import { memberPath } from '../../../src/kube/resourcePath.ts';
import type { ResourceType } from '../../../src/kube/types.ts';
import { fakeTransport } from '../../support/fakeTransport.ts';

const release: ResourceType = {
  group: 'helm.toolkit.fluxcd.io',
  version: 'v2',
  plural: 'helmreleases',
  kind: 'HelmRelease',
  isNamespaced: true,
};
const reference = {
  apiVersion: 'helm.toolkit.fluxcd.io/v2',
  kind: 'HelmRelease',
  namespace: 'apps',
  name: 'podinfo',
};
const path = '/apis/helm.toolkit.fluxcd.io/v2/namespaces/apps/helmreleases/podinfo';
const base = memberPath('member1');

test('Reads an object by what is known of its kind', async () => {
  const transport = fakeTransport({ [path]: { kind: 'HelmRelease' } });
  const api = createObjectApi(transport, { base: '', known: () => [release], idleLimit: 1 });
  assert.deepEqual(await api.get(reference), { kind: 'HelmRelease' });
  assert.equal(transport.requests.length, 1);
});

test('Asks a member once for a kind that the control plane does not have', async () => {
  const transport = fakeTransport({
    [`${base}/apis/helm.toolkit.fluxcd.io/v2`]: {
      resources: [{ name: 'helmreleases', kind: 'HelmRelease', namespaced: true }],
    },
    [base + path]: { kind: 'HelmRelease' },
  });
  const api = createObjectApi(transport, { base, known: () => [], idleLimit: 1 });
  await api.get(reference);
  await api.get(reference);
  assert.deepEqual(
    transport.requests.map((request) => request.path),
    [`${base}/apis/helm.toolkit.fluxcd.io/v2`, base + path, base + path],
  );
});

test('Says that a kind is not there', async () => {
  const transport = fakeTransport({ '/apis/helm.toolkit.fluxcd.io/v2': { resources: [] } });
  const api = createObjectApi(transport, { base: '', known: () => [], idleLimit: 1 });
  await assert.rejects(api.get(reference), {
    reason: 'notFound',
    message: 'The server has no kind HelmRelease in helm.toolkit.fluxcd.io/v2.',
  });
});

test('No name leaves its place in the path', async () => {
  const transport = fakeTransport({});
  const api = createObjectApi(transport, { base: '', known: () => [release], idleLimit: 1 });
  for (const name of ['', '.', '..']) {
    await assert.rejects(api.get({ ...reference, name }), { reason: 'invalid' });
  }
  assert.equal(transport.requests.length, 0);
  await assert.rejects(api.get({ ...reference, name: '../x?y#z\ud800' }), { reason: 'notFound' });
  assert.equal(transport.requests[0]?.path, path.replace('podinfo', '..%2Fx%3Fy%23z%EF%BF%BD'));
  assert.throws(() => memberPath('..'), { reason: 'invalid' });
});

test('Patches with a merge patch, for real or as a dry run', async () => {
  const transport = fakeTransport({ [path]: {} });
  const api = createObjectApi(transport, { base: '', known: () => [release], idleLimit: 1 });
  await api.patch(reference, { spec: { suspend: true } });
  await api.patch(reference, { spec: null }, { dryRun: true });
  const [real, dry] = transport.requests;
  assert.equal(real?.method, 'PATCH');
  assert.equal(real.contentType, 'application/merge-patch+json');
  assert.deepEqual(real.body, { spec: { suspend: true } });
  assert.equal(real.query?.['dryRun'], undefined);
  assert.equal(dry?.query?.['dryRun'], 'All');
});

test('Reads events on an object, newest last', async () => {
  const items = [
    { reason: 'new', lastTimestamp: '2026-01-02T00:00:00Z' },
    { reason: 'old', eventTime: '2026-01-01T00:00:00Z' },
    { reason: 'newest', series: { lastObservedTime: '2026-01-03T00:00:00Z' } },
  ];
  const transport = fakeTransport({
    '/api/v1/namespaces/apps/events': { items },
    '/api/v1/namespaces/default/events': { items: [] },
  });
  const api = createObjectApi(transport, { base: '', known: () => [release], idleLimit: 1 });
  const events = await api.events({ ...reference, uid: 'a=b,c' });
  assert.deepEqual(
    events.map(({ reason }) => reason),
    ['old', 'new', 'newest'],
  );
  assert.equal(
    transport.requests[0]?.query?.['fieldSelector'],
    'involvedObject.kind=HelmRelease,involvedObject.namespace=apps,involvedObject.name=podinfo,involvedObject.uid=a\\=b\\,c',
  );
  assert.deepEqual(await api.events({ ...reference, namespace: '' }), []);
});
