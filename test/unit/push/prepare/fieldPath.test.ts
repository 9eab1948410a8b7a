import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { fieldName, findField, valueAtPath } from '../../../../src/push/prepare/fieldPath.ts';
import { withoutFields } from '../../../../src/push/prepare/withoutFields.ts';

const object = {
  metadata: { labels: { 'app.kubernetes.io/name': 'a', app: { kubernetes: 'b' } } },
  spec: {
    clusters: ['member1', 'member2'],
    containers: [
      { name: 'a', ports: [{ containerPort: 80, protocol: 'TCP', name: 'web' }] },
      { name: 'b]"', image: 'i' },
    ],
    values: { deep: { only: 1 }, keep: true },
  },
};

test('finds fields by the names that server-side apply gives them', () => {
  const found = (field: string) => findField(object, field);
  assert.deepEqual(found('.spec.values.deep.only'), ['spec', 'values', 'deep', 'only']);
  const label = ['metadata', 'labels', 'app.kubernetes.io/name'];
  assert.deepEqual(found('.metadata.labels.app.kubernetes.io/name'), label);
  assert.deepEqual(found('.metadata.labels.app.kubernetes'), [
    ...['metadata', 'labels', 'app', 'kubernetes'],
  ]);
  const port = '.spec.containers[name="a"].ports[containerPort=80,protocol="TCP"].name';
  assert.deepEqual(found(port), ['spec', 'containers', 0, 'ports', 0, 'name']);
  assert.deepEqual(found('.spec.containers[name="b]\\""].image'), [
    ...['spec', 'containers', 1, 'image'],
  ]);
  assert.deepEqual(found('.spec.clusters[="member2"]'), ['spec', 'clusters', 1]);
  assert.deepEqual(found('.spec.clusters[1]'), ['spec', 'clusters', 1]);
  for (const none of [
    '.spec.nothing',
    '.spec.clusters[="x"]',
    '.spec.clusters[7]',
    '.toString',
    'x',
  ]) {
    assert.equal(found(none), undefined, none);
  }
});

test('names a field as servers do in causes', () => {
  assert.equal(fieldName(['spec', 'containers', 0, 'image']), 'spec.containers[0].image');
});

test('leaves out fields, and what is empty by that', () => {
  assert.deepEqual(
    withoutFields(object, [
      ['spec', 'values', 'deep', 'only'],
      ['spec', 'containers', 1, 'image'],
      ['spec', 'clusters', 0],
      ['spec', 'clusters', 1],
      ['metadata', 'labels', 'app.kubernetes.io/name'],
    ]),
    {
      metadata: { labels: { app: { kubernetes: 'b' } } },
      spec: {
        clusters: [],
        containers: [object.spec.containers[0], { name: 'b]"' }],
        values: { keep: true },
      },
    },
  );
  assert.deepEqual(
    withoutFields({ metadata: { name: 'a' }, spec: { a: { b: 1 } } }, [['spec', 'a', 'b']]),
    {
      metadata: { name: 'a' },
    },
  );
});

test('a field that is left out is gone, whatever it is called, and nothing else changes', () => {
  const key = fc.oneof(fc.constantFrom('__proto__', 'constructor', 'a', 'a.b', 'b'), fc.string());
  const keys = fc.array(key, { minLength: 1, maxLength: 4 });
  fc.assert(
    fc.property(keys, fc.jsonValue(), (path, value) => {
      const start = JSON.parse(JSON.stringify({ other: value, at: 1 })) as Record<string, never>;
      const nested = JSON.parse(
        path.reduceRight((text, one) => `{${JSON.stringify(one)}:${text}}`, '7'),
      ) as never;
      const whole = { ...start, at: nested };
      const full = ['at', ...path];
      assert.equal(valueAtPath(whole, full), 7);
      const left = withoutFields(whole, [full]);
      assert.equal(valueAtPath(left, full), undefined);
      assert.deepEqual(left['other'], start['other']);
      assert.equal(valueAtPath(whole, full), 7);
    }),
  );
});
