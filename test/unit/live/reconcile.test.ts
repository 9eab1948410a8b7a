import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { JsonObject } from '../../../src/engine/index.ts';
import {
  createFleetModel,
  createInterner,
  readBinding,
  readCluster,
  readObject,
  readWork,
  reconcilePatch,
  reconcileRefusal,
  type FleetModel,
} from '../../../src/live/index.ts';
import { suspendRefusal } from '../../../src/vscode/acting/suspendRefusal.ts';

const reference = {
  apiVersion: 'helm.toolkit.fluxcd.io/v2',
  kind: 'HelmRelease',
  namespace: 'apps',
  name: 'podinfo',
};
const requested = { 'reconcile.fluxcd.io/requestedAt': '2026-01-01T00:00:00Z' };

interface Situation {
  readonly ready?: string;
  readonly apis?: readonly string[];
  readonly templateAnnotations?: JsonObject;
  readonly templateSpec?: JsonObject;
  readonly manifestAnnotations?: JsonObject;
  readonly manifestSpec?: JsonObject;
  readonly work?: 'none' | 'elsewhere';
}

function value<T>(result: { readonly value: T } | { readonly error: string }): T {
  assert.ok('value' in result);
  return result.value;
}

/** A release that is on member1. */
function modelOf(situation: Situation): FleetModel {
  const interner = createInterner();
  const { ready = 'True', apis = ['helm.toolkit.fluxcd.io/v2'], work } = situation;
  const cluster: JsonObject = {
    metadata: { name: 'member1' },
    status: {
      conditions: [{ type: 'Ready', status: ready }],
      apiEnablements: apis.map((groupVersion) => ({
        groupVersion,
        resources: [{ kind: 'HelmRelease', name: 'helmreleases' }],
      })),
    },
  };
  const binding: JsonObject = {
    metadata: { name: 'podinfo-helmrelease', namespace: 'apps', uid: 'b' },
    spec: { resource: { ...reference, uid: 't' }, clusters: [{ name: 'member1' }] },
  };
  const workObject: JsonObject = {
    metadata: {
      name: 'podinfo-1',
      namespace: work === 'elsewhere' ? 'karmada-es-member2' : 'karmada-es-member1',
      annotations: {
        'resourcebinding.karmada.io/name': 'podinfo-helmrelease',
        'resourcebinding.karmada.io/namespace': 'apps',
      },
    },
    spec: {
      workload: {
        manifests: [
          {
            apiVersion: reference.apiVersion,
            kind: reference.kind,
            metadata: {
              name: 'podinfo',
              namespace: 'apps',
              annotations: situation.manifestAnnotations ?? {},
            },
            spec: situation.manifestSpec ?? {},
          },
        ],
      },
    },
  };
  const template: JsonObject = {
    apiVersion: reference.apiVersion,
    kind: reference.kind,
    metadata: {
      name: 'podinfo',
      namespace: 'apps',
      uid: 't',
      annotations: situation.templateAnnotations ?? {},
    },
    spec: situation.templateSpec ?? {},
  };
  const model = createFleetModel();
  const change = { reset: true, deleted: [] };
  const works = work === 'none' ? [] : [value(readWork(workObject, interner))];
  model.apply([
    { ...change, list: 'clusters', origin: 'c', set: [value(readCluster(cluster, interner))] },
    { ...change, list: 'bindings', origin: 'b', set: [value(readBinding(binding, interner))] },
    { ...change, list: 'works', origin: 'w', set: works },
    { ...change, list: 'objects', origin: 'o', set: [value(readObject(template, interner))] },
  ]);
  return model;
}

const refusal = (situation: Situation, cluster = 'member1'): string | undefined =>
  reconcileRefusal(modelOf(situation), reference, cluster);

test('Asks with the annotation that Flux looks at', () => {
  assert.deepEqual(reconcilePatch('2026-01-01T00:00:00.123Z'), {
    metadata: {
      annotations: { 'reconcile.fluxcd.io/requestedAt': '2026-01-01T00:00:00.123Z' },
    },
  });
});

test('A release on a cluster with Flux can be reconciled, also where Works cannot be read', () => {
  assert.equal(refusal({}), undefined);
  assert.equal(refusal({ work: 'none' }), undefined);
  assert.equal(refusal({ apis: [] }), undefined);
  assert.equal(refusal({ apis: ['helm.toolkit.fluxcd.io/v2beta2'] }), undefined);
});

test('Says why asking would do nothing', () => {
  assert.match(refusal({ ready: 'False' }) ?? '', /not ready/);
  assert.match(refusal({ ready: 'Unknown' }) ?? '', /not ready/);
  assert.match(refusal({ apis: ['v1'] }) ?? '', /Flux is not installed/);
  assert.match(refusal({}, 'member9') ?? '', /no such cluster/);
  assert.match(refusal({ work: 'elsewhere' }) ?? '', /sends no HelmRelease podinfo/);
  assert.match(refusal({ manifestSpec: { suspend: true } }) ?? '', /suspended/);
  assert.match(refusal({ work: 'none', templateSpec: { suspend: true } }) ?? '', /suspended/);
});

test('Refuses where Karmada would take the annotation back', () => {
  for (const situation of [
    { templateAnnotations: requested },
    { manifestAnnotations: requested },
  ]) {
    assert.match(refusal(situation) ?? '', /sets reconcile\.fluxcd\.io\/requestedAt itself/);
  }
});

test('Only what Flux reconciles is asked for', () => {
  const other = { ...reference, apiVersion: 'v1', kind: 'ConfigMap' };
  assert.match(reconcileRefusal(modelOf({}), other, 'member1') ?? '', /kind ConfigMap/);
});

test('Suspends what is not suspended by itself, and resumes what an override suspends', () => {
  const target = { reference, cluster: 'member1' };
  const refusals = (situation: Situation) => {
    const model = modelOf(situation);
    return [suspendRefusal(model, target, 'suspend'), suspendRefusal(model, target, 'resume')];
  };
  assert.deepEqual(refusals({}), [undefined, 'It is not suspended there.']);
  assert.deepEqual(refusals({ manifestSpec: { suspend: true } }), [undefined, undefined]);
  assert.deepEqual(refusals({ templateSpec: { suspend: true } }), [
    'It is suspended on every cluster by its own spec.suspend.',
    'Its own spec.suspend suspends it on every cluster. Remove that to resume it.',
  ]);
});
