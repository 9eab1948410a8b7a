import assert from 'node:assert/strict';
import { test } from 'node:test';
import { migrateHelmRelease } from '../../../src/engine/fluxMigration.ts';
import { findSchema } from '../../../src/engine/schema/registry.ts';
import { findUnknownFields } from '../../../src/engine/schema/unknownFields.ts';
import type { JsonObject, JsonValue } from '../../../src/engine/types.ts';

const v2 = 'helm.toolkit.fluxcd.io/v2';

function migrate(spec: JsonObject, version = 'v2beta2') {
  const apiVersion = `helm.toolkit.fluxcd.io/${version}`;
  return migrateHelmRelease({ apiVersion, kind: 'HelmRelease', spec });
}

const sourceRef = { kind: 'HelmRepository', name: 'charts' };

function chart(fields: JsonObject): JsonObject {
  return { chart: { spec: { chart: 'web', sourceRef, ...fields } } };
}

function kustomize(fields: JsonObject): JsonObject {
  return { postRenderers: [{ kustomize: fields }] };
}

test('swaps the version when nothing else has changed', () => {
  const { value, changes, problems } = migrate(chart({ version: '6.x' }), 'v2beta1');
  assert.equal(value['apiVersion'], v2);
  assert.deepEqual(changes, [{ type: 'set', path: ['apiVersion'], value: v2 }]);
  assert.deepEqual(problems, []);
});

test('puts the single values file before the list', () => {
  const cases: readonly (readonly [JsonObject, JsonObject])[] = [
    [{ valuesFile: 'a.yaml' }, { valuesFiles: ['a.yaml'] }],
    [{ valuesFiles: ['b.yaml'], valuesFile: 'a.yaml' }, { valuesFiles: ['a.yaml', 'b.yaml'] }],
    [{ valuesFiles: ['a.yaml'], valuesFile: 'a.yaml' }, { valuesFiles: ['a.yaml'] }],
    [{ valuesFiles: null, valuesFile: 'a.yaml' }, { valuesFiles: ['a.yaml'] }],
    [{ valuesFile: '' }, {}],
  ];
  for (const [before, after] of cases) {
    assert.deepEqual(migrate(chart(before)).value['spec'], chart(after));
  }
});

test('keeps the order in which kustomize applies patches', () => {
  const operation = { op: 'remove', path: '/spec/replicas' };
  const { value, changes } = migrate(
    kustomize({
      patchesStrategicMerge: [{ kind: 'Deployment' }],
      patches: [{ patch: 'second' }],
      patchesJson6902: [{ target: { kind: 'Deployment' }, patch: [operation] }],
      images: [{ name: 'web' }],
    }),
  );
  assert.deepEqual(
    value['spec'],
    kustomize({
      patches: [
        { patch: 'kind: Deployment\n' },
        { patch: 'second' },
        { patch: '- op: remove\n  path: /spec/replicas\n', target: { kind: 'Deployment' } },
      ],
      images: [{ name: 'web' }],
    }),
  );
  assert.deepEqual(changes.map(({ type, path }) => `${type} ${path.slice(4).join('.')}`).slice(1), [
    'insert patches.0',
    'insert patches.2',
    'remove patchesStrategicMerge',
    'remove patchesJson6902',
  ]);
});

test('leaves what it cannot carry over, and says so', () => {
  const { value, problems } = migrate({
    ...chart({ sourceRef: { name: 'charts' }, valuesFile: 3 }),
    ...kustomize({ patchesStrategicMerge: [{ kind: 'Deployment' }, 'text'] }),
  });
  assert.deepEqual(problems, [
    { code: 'not-convertible', path: ['spec', 'chart', 'spec', 'valuesFile'] },
    { code: 'source-kind-missing', path: ['spec', 'chart', 'spec', 'sourceRef', 'kind'] },
    {
      code: 'not-convertible',
      path: ['spec', 'postRenderers', 0, 'kustomize', 'patchesStrategicMerge', 1],
    },
  ]);
  const spec = value['spec'] as { readonly [key: string]: JsonValue };
  assert.deepEqual(
    spec['postRenderers'],
    kustomize({ patchesStrategicMerge: [{ kind: 'Deployment' }, 'text'] })['postRenderers'],
  );
});

test('gives fields that v2 knows', () => {
  const { value } = migrateHelmRelease({
    apiVersion: 'helm.toolkit.fluxcd.io/v2beta1',
    kind: 'HelmRelease',
    metadata: { name: 'web' },
    spec: {
      interval: '5m',
      ...chart({ valuesFile: 'a.yaml' }),
      ...kustomize({ patchesStrategicMerge: [{}], patchesJson6902: [{ target: {}, patch: [] }] }),
    },
    status: { lastAppliedRevision: '1.0.0', failures: 1 },
  });
  const table = findSchema(v2, 'HelmRelease');
  assert.ok(table);
  assert.deepEqual(findUnknownFields(value, table.schema), []);
  assert.deepEqual(value['status'], { failures: 1 });
});

test('gives other objects back as they are', () => {
  const others: readonly JsonObject[] = [
    { apiVersion: v2, kind: 'HelmRelease', spec: chart({}) },
    { apiVersion: 'v2beta1', kind: 'HelmRelease' },
    { apiVersion: 'source.toolkit.fluxcd.io/v1beta2', kind: 'HelmRepository' },
    {},
  ];
  for (const object of others) {
    const migration = migrateHelmRelease(object);
    assert.equal(migration.value, object);
    assert.deepEqual(migration.changes, []);
  }
});

test('changes nothing in its input', () => {
  const frozen = chart({ valuesFile: 'a.yaml', valuesFiles: Object.freeze(['b.yaml']) });
  const copy = structuredClone(frozen);
  migrate(frozen);
  assert.deepEqual(frozen, copy);
});
