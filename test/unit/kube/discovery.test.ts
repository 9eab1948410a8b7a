import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { JsonObject } from '../../../src/engine/index.ts';
import { discover, findResource } from '../../../src/kube/discovery.ts';
import { KubeError } from '../../../src/live/index.ts';
import { fakeTransport, type Answer } from '../../support/fakeTransport.ts';

const down = new KubeError('server', 'The API is down.', { status: 503 });

const resource = (plural: string, kind: string, scope = 'Namespaced'): JsonObject => ({
  resource: plural,
  responseKind: { group: '', version: '', kind },
  scope,
  verbs: ['get', 'list', 'watch'],
  subresources: [{ subresource: 'status' }],
});

const group = (name: string, versions: readonly JsonObject[]): JsonObject => ({
  metadata: { name },
  versions,
});

const aggregated = (...items: readonly JsonObject[]): JsonObject => ({
  kind: 'APIGroupDiscoveryList',
  apiVersion: 'apidiscovery.k8s.io/v2',
  items,
});

const core = aggregated(group('', [{ version: 'v1', resources: [resource('secrets', 'Secret')] }]));

const cluster = resource('clusters', 'Cluster', 'Cluster');
const policies = group('policy.karmada.io', [
  { version: 'v1alpha1', resources: [resource('overridepolicies', 'OverridePolicy')] },
]);

const karmada = aggregated(
  policies,
  group('cluster.karmada.io', [{ version: 'v1alpha1', resources: [cluster] }]),
  group('source.toolkit.fluxcd.io', [
    { version: 'v1', resources: [resource('helmrepositories', 'HelmRepository')] },
    { version: 'v1beta2', resources: [resource('helmrepositories', 'HelmRepository')] },
  ]),
);

const version: JsonObject = { gitVersion: 'v1.36.1' };
const versionMap = '/api/v1/namespaces/karmada-system/configmaps/karmada-version';

test('Reads aggregated discovery: groups, versions in the order of preference, kinds', async () => {
  const transport = fakeTransport({ '/version': version, '/api': core, '/apis': karmada });
  const info = await discover(transport);
  assert.equal(info.isKarmada, true);
  assert.equal(info.kubernetesVersion, 'v1.36.1');
  assert.equal(info.karmadaVersion, '');
  assert.deepEqual(Object.fromEntries(info.served), {
    'policy.karmada.io': ['v1alpha1'],
    'cluster.karmada.io': ['v1alpha1'],
    'source.toolkit.fluxcd.io': ['v1', 'v1beta2'],
  });
  assert.deepEqual(findResource(info.resources, 'v1', 'Secret'), {
    group: '',
    version: 'v1',
    plural: 'secrets',
    kind: 'Secret',
    isNamespaced: true,
  });
  const found = findResource(info.resources, 'cluster.karmada.io/v1alpha1', 'Cluster');
  assert.equal(found?.isNamespaced, false);
  const { accept } = transport.requests.find(({ path }) => path === '/apis') ?? {};
  assert.match(accept ?? '', /^application\/json;g=apidiscovery\.k8s\.io;v=v2;as=/);
});

test("Tells Karmada's version where its Helm chart wrote it", async () => {
  const versions = {
    'v1.18.2': '1.18.2',
    '1.17.0': '1.17.0',
    'v1.19.0-alpha.1': '1.19.0',
    latest: '',
    v1: '',
  };
  for (const [written, told] of Object.entries(versions)) {
    const answers = { '/version': version, '/api': core, '/apis': karmada };
    const map = { data: { karmadaVersion: written } };
    const info = await discover(fakeTransport({ ...answers, [versionMap]: map }));
    assert.equal(info.karmadaVersion, told, written);
  }
});

test('An API server without Karmada is told from one with it, and not asked for its version', async () => {
  const transport = fakeTransport({
    '/version': version,
    '/api': core,
    '/apis': aggregated(policies),
  });
  assert.equal((await discover(transport)).isKarmada, false);
  assert.ok(transport.requests.every(({ path }) => path !== versionMap));
});

const legacy: Record<string, Answer> = {
  '/version': version,
  '/api': { kind: 'APIVersions', versions: ['v1'] },
  '/apis': {
    kind: 'APIGroupList',
    groups: [
      {
        name: 'policy.karmada.io',
        versions: [{ version: 'v1alpha1' }],
        preferredVersion: { version: 'v1alpha1' },
      },
      {
        name: 'helm.toolkit.fluxcd.io',
        versions: [{ version: 'v2beta2' }, { version: 'v2' }],
        preferredVersion: { version: 'v2' },
      },
      { name: 'cluster.karmada.io', versions: [{ version: 'v1alpha1' }] },
    ],
  },
  '/api/v1': { resources: [{ name: 'secrets', kind: 'Secret', namespaced: true }] },
  '/apis/policy.karmada.io/v1alpha1': {
    resources: [{ name: 'overridepolicies', kind: 'OverridePolicy', namespaced: true }],
  },
  '/apis/helm.toolkit.fluxcd.io/v2': {
    resources: [
      { name: 'helmreleases', kind: 'HelmRelease', namespaced: true },
      { name: 'helmreleases/status', kind: 'HelmRelease', namespaced: true },
    ],
  },
  '/apis/helm.toolkit.fluxcd.io/v2beta2': { resources: [] },
  '/apis/cluster.karmada.io/v1alpha1': {
    resources: [{ name: 'clusters', kind: 'Cluster', namespaced: false }],
  },
};

test('Reads group by group from a server without aggregated discovery', async () => {
  const info = await discover(fakeTransport(legacy));
  assert.equal(info.isKarmada, true);
  assert.deepEqual(info.served.get('helm.toolkit.fluxcd.io'), ['v2', 'v2beta2']);
  assert.deepEqual(info.resources.map(({ plural }) => plural).sort(), [
    'clusters',
    'helmreleases',
    'overridepolicies',
    'secrets',
  ]);
});

test('An API that is down costs only its own kinds', async () => {
  const info = await discover(
    fakeTransport({ ...legacy, '/apis/cluster.karmada.io/v1alpha1': down }),
  );
  assert.equal(info.isKarmada, true);
  assert.equal(findResource(info.resources, 'cluster.karmada.io/v1alpha1', 'Cluster'), undefined);
  assert.ok(findResource(info.resources, 'helm.toolkit.fluxcd.io/v2', 'HelmRelease'));
});

test('Rejects when the server does not answer which groups it has', async () => {
  const transport = fakeTransport({ ...legacy, '/apis': down, '/version': down });
  await assert.rejects(discover(transport), { reason: 'server' });
});

test('Survives answers of any shape', async () => {
  for (const odd of [{}, { kind: 'APIGroupDiscoveryList', items: [null, 3, { versions: [7] }] }]) {
    const info = await discover(fakeTransport({ '/api': odd, '/apis': odd }));
    assert.equal(info.isKarmada, false);
    assert.deepEqual(info.resources, []);
  }
});
