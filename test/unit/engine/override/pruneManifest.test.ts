import assert from 'node:assert/strict';
import { test } from 'node:test';
import { withBookkeeping } from '../../../../src/engine/override/bookkeeping.ts';
import { pruneManifest } from '../../../../src/engine/override/pruneManifest.ts';
import { bindingName, workName } from '../../../../src/engine/override/workName.ts';
import type { JsonObject, JsonValue } from '../../../../src/engine/types.ts';

function check(before: JsonObject, after: JsonValue): void {
  assert.deepEqual(pruneManifest(before), { value: after });
}

test('removes what an API server owns', () => {
  const kept = { name: 'x', labels: { a: 'b' } };
  const owned = {
    uid: '1',
    resourceVersion: '2',
    generation: 3,
    finalizers: ['f'],
    ownerReferences: [],
  };
  check({ kind: 'K', metadata: { ...kept, ...owned }, status: {} }, { kind: 'K', metadata: kept });
  const clean = { kind: 'K', metadata: kept };
  const result = pruneManifest(clean);
  assert.ok('value' in result && result.value === clean);
});

test('leaves labels and annotations as adding to them does', () => {
  check({ kind: 'K' }, { kind: 'K', metadata: {} });
  check({ kind: 'K', metadata: null }, { kind: 'K', metadata: null });
  check(
    { kind: 'K', metadata: { labels: { a: null } } },
    { kind: 'K', metadata: { labels: { a: '' } } },
  );
  check(
    { kind: 'K', metadata: { labels: { a: 'x', b: 1 }, annotations: 'x' } },
    { kind: 'K', metadata: {} },
  );
});

test('removes what belongs to a kind', () => {
  const metadata = { name: 'x' };
  check(
    { kind: 'Service', metadata, spec: { clusterIP: '1.2.3.4', clusterIPs: [], ports: [] } },
    { kind: 'Service', metadata, spec: { ports: [] } },
  );
  check(
    { kind: 'Service', metadata, spec: { clusterIP: 'None' } },
    { kind: 'Service', metadata, spec: { clusterIP: 'None' } },
  );
  check(
    { kind: 'Secret', metadata, type: 'kubernetes.io/service-account-token', data: { a: 'b' } },
    { kind: 'Secret', metadata, type: 'kubernetes.io/service-account-token', data: null },
  );
  const secrets = ['x-token-1', 'x-token-2', 'keep', 'x-token-3'].map((name) => ({ name }));
  check(
    { kind: 'ServiceAccount', metadata, secrets },
    { kind: 'ServiceAccount', metadata, secrets: [{ name: 'x-token-2' }, { name: 'keep' }] },
  );
  check(
    {
      kind: 'Job',
      metadata,
      spec: {
        ttlSecondsAfterFinished: 1,
        selector: { matchLabels: { 'controller-uid': 'u', a: 'b' } },
        template: { metadata: { labels: { 'job-name': 'x', a: 'b' } } },
      },
    },
    {
      kind: 'Job',
      metadata,
      spec: {
        selector: { matchLabels: { a: 'b' } },
        template: { metadata: { labels: { a: 'b' } } },
      },
    },
  );
  assert.deepEqual(pruneManifest({ kind: 'Job', metadata, spec: 'x' }), {
    error: 'cannot restore struct from: string',
  });
});

test('names Works and bindings', () => {
  const cases: readonly (readonly [string, string, string, string])[] = [
    ['Deployment', 'nginx', 'default', 'nginx-687f7fb96f'],
    ['HelmRelease', 'podinfo', 'apps', 'podinfo-587f8f5f59'],
    ['HelmRepository', 'podinfo', 'apps', 'podinfo-59b8d88ccd'],
    ['Namespace', 'apps', '', 'apps-5f45684cd7'],
    ['ClusterRole', 'system:foo', '', 'system.foo-5f7d88f69'],
  ];
  for (const [kind, name, namespace, work] of cases) {
    assert.equal(workName(kind, name, namespace), work);
  }
  assert.equal(bindingName('ClusterRole', 'system:Foo'), 'system.foo-clusterrole');
});

test('adds what Karmada writes into every manifest', () => {
  const template = {
    apiVersion: 'helm.toolkit.fluxcd.io/v2',
    kind: 'HelmRelease',
    metadata: { name: 'podinfo', namespace: 'apps', generation: 2 },
  };
  const manifest = {
    ...template,
    metadata: { name: 'podinfo', namespace: 'apps', labels: { a: 'b' } },
  };
  const work = 'podinfo-587f8f5f59';
  const result = withBookkeeping(manifest, { template, cluster: 'member1', work });
  assert.deepEqual(result['metadata'], {
    name: 'podinfo',
    namespace: 'apps',
    labels: {
      a: 'b',
      'karmada.io/managed': 'true',
      'resourcebinding.karmada.io/permanent-id': '<permanent id of the binding>',
      'work.karmada.io/permanent-id': '<permanent id of the Work>',
    },
    annotations: {
      'resourcebinding.karmada.io/name': 'podinfo-helmrelease',
      'resourcebinding.karmada.io/namespace': 'apps',
      'resourcetemplate.karmada.io/generation': '2',
      'resourcetemplate.karmada.io/managed-annotations':
        'resourcebinding.karmada.io/name,resourcebinding.karmada.io/namespace,' +
        'resourcetemplate.karmada.io/generation,resourcetemplate.karmada.io/managed-annotations,' +
        'resourcetemplate.karmada.io/managed-labels,resourcetemplate.karmada.io/uid,' +
        'work.karmada.io/conflict-resolution,work.karmada.io/name,work.karmada.io/namespace',
      'resourcetemplate.karmada.io/managed-labels':
        'a,karmada.io/managed,resourcebinding.karmada.io/permanent-id,work.karmada.io/permanent-id',
      'resourcetemplate.karmada.io/uid': '<uid of the template>',
      'work.karmada.io/conflict-resolution': 'abort',
      'work.karmada.io/name': work,
      'work.karmada.io/namespace': 'karmada-es-member1',
    },
  });
});
