import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { JsonObject } from '../../../src/engine/index.ts';
import {
  createInterner,
  readBinding,
  readCluster,
  readObject,
  toLiveControlPlane,
} from '../../../src/live/index.ts';
import type { LiveSource } from '../../../src/live/index.ts';

const interner = createInterner();

/** The row of a projection that must succeed. */
function rowOf<T>(answer: { readonly value: T } | { readonly error: string }): T {
  if ('error' in answer) throw new Error(answer.error);
  return answer.value;
}

const releaseObject = (interval: string, resourceVersion: string): JsonObject => ({
  apiVersion: 'helm.toolkit.fluxcd.io/v2',
  kind: 'HelmRelease',
  metadata: { name: 'shop', namespace: 'apps', uid: '1', resourceVersion },
  spec: { interval },
  status: { observedGeneration: Number(resourceVersion) },
});

const bindingObject = (names: readonly string[], resourceVersion: string): JsonObject => ({
  apiVersion: 'work.karmada.io/v1alpha2',
  kind: 'ResourceBinding',
  metadata: { name: 'shop-helmrelease', namespace: 'apps', uid: '2', resourceVersion },
  spec: {
    resource: {
      apiVersion: 'helm.toolkit.fluxcd.io/v2',
      kind: 'HelmRelease',
      namespace: 'apps',
      name: 'shop',
      uid: '1',
    },
    clusters: names.map((name) => ({ name })),
    gracefulEvictionTasks: [{ fromCluster: 'member9', producer: 'taint', reason: 'test' }],
  },
  status: {
    schedulerObservingAffinityName: 'primary',
    aggregatedStatus: [{ clusterName: 'member1', applied: true, appliedMessage: resourceVersion }],
  },
});

function source(version: string, names: readonly string[], interval = '10m'): LiveSource {
  const cluster = {
    apiVersion: 'cluster.karmada.io/v1alpha1',
    kind: 'Cluster',
    metadata: { name: 'member1', uid: '3', resourceVersion: version },
    spec: { syncMode: 'Push' },
    status: {},
  };
  return {
    context: 'prod',
    karmadaVersion: '1.18.2',
    served: new Map([['helm.toolkit.fluxcd.io', ['v2', 'v2beta2']]]),
    resources: [
      {
        group: 'helm.toolkit.fluxcd.io',
        version: 'v2',
        plural: 'helmreleases',
        kind: 'HelmRelease',
      },
      {
        group: 'helm.toolkit.fluxcd.io',
        version: 'v2beta2',
        plural: 'helmreleases',
        kind: 'HelmRelease',
      },
      { group: '', version: 'v1', plural: 'secrets', kind: 'Secret' },
    ],
    clusters: [rowOf(readCluster(cluster, interner))],
    objects: [rowOf(readObject(releaseObject(interval, version), interner))],
    bindings: [rowOf(readBinding(bindingObject(names, version), interner))],
    listed: new Set(['helm.toolkit.fluxcd.io/helmreleases']),
  };
}

test('rows become what documents are laid over', () => {
  const plane = toLiveControlPlane(source('1', ['member1', 'member2']));
  assert.deepEqual(
    [...plane.previous],
    [
      [
        'helm.toolkit.fluxcd.io/v2/HelmRelease/apps/shop',
        {
          clusters: [{ name: 'member1' }, { name: 'member2' }],
          affinity: 'primary',
          evicting: ['member9'],
          policy: '',
          preserves: false,
          uid: '1',
        },
      ],
    ],
  );
  assert.deepEqual([...plane.unread], ['/Secret']);
  assert.deepEqual(
    [...(plane.kinds ?? [])],
    [
      ['helm.toolkit.fluxcd.io/HelmRelease', ['v2', 'v2beta2']],
      ['/Secret', ['v1']],
    ],
  );
});

test('what only reports, writes status or beats is no change', () => {
  const first = toLiveControlPlane(source('1', ['member1']));
  assert.equal(toLiveControlPlane(source('2', ['member1']), first), first);
});

test('what changes is new, everything else the identical object', () => {
  const first = toLiveControlPlane(source('1', ['member1']));
  const moved = toLiveControlPlane(source('2', ['member2']), first);
  assert.notEqual(moved.previous, first.previous);
  assert.equal(moved.objects, first.objects);
  assert.equal(moved.clusters, first.clusters);
  const edited = toLiveControlPlane(source('3', ['member2'], '5m'), moved);
  assert.notEqual(edited.objects, moved.objects);
  assert.equal(edited.previous, moved.previous);
});

test('a binding that begins to preserve resources is another placement', () => {
  const source1 = source('1', ['member1']);
  const first = toLiveControlPlane(source1);
  const bindings = [...source1.bindings].map((row) => ({ ...row, isPreserving: true as const }));
  const [placement] = toLiveControlPlane({ ...source1, bindings }, first).previous.values();
  assert.equal(placement?.preserves, true);
});

test('another context shares nothing', () => {
  const first = toLiveControlPlane(source('1', ['member1']));
  const other = toLiveControlPlane({ ...source('1', ['member1']), context: 'stage' }, first);
  assert.notEqual(other.objects, first.objects);
  assert.equal(other.context, 'stage');
});

test('schemas that are read again and say the same change nothing', () => {
  const differing = (path: string): LiveSource => ({
    ...source('1', ['member1']),
    differences: { lacking: new Map([['PropagationPolicy', [{ path }]]]), unknown: new Map() },
  });
  const before = toLiveControlPlane(differing('spec.failover'));
  const { differences } = before;
  const again = toLiveControlPlane(differing('spec.failover'), before);
  assert.equal(again.differences, differences);
  assert.equal(toLiveControlPlane(differing('spec.suspension'), before) === before, false);
});
