import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nearestName } from '../../../../src/engine/schema/nearestName.ts';
import { findSchema } from '../../../../src/engine/schema/registry.ts';
import { findUnknownFields } from '../../../../src/engine/schema/unknownFields.ts';
import type { JsonObject } from '../../../../src/engine/types.ts';

const policy = findSchema('policy.karmada.io/v1alpha1', 'PropagationPolicy');
assert.ok(policy);
const { schema } = policy;

function fields(object: JsonObject): string[] {
  return findUnknownFields(object, schema).map(({ field }) => field);
}

test('lists unknown fields sorted by path, those of the metadata first', () => {
  const object = {
    apiVersion: 'policy.karmada.io/v1alpha1',
    kind: 'PropagationPolicy',
    zone: 1,
    metadata: {
      name: 'a',
      owner: 'x',
      labels: { anything: 'goes' },
      ownerReferences: [{ who: 1 }],
    },
    spec: {
      resourceSelectors: [{ apiVersion: 'v1', kind: 'A', Name: 'x' }],
      placement: { clusterAffinity: { clusterName: ['m'] } },
    },
  };
  assert.deepEqual(fields(object), [
    'metadata.owner',
    'metadata.ownerReferences[0].who',
    'spec.placement.clusterAffinity.clusterName',
    'spec.resourceSelectors[0].Name',
    'zone',
  ]);
});

test('knows nothing below a value of the wrong type', () => {
  assert.deepEqual(fields({ spec: { resourceSelectors: { a: { b: 1 } } } }), [
    'spec.resourceSelectors.a',
  ]);
  assert.deepEqual(fields({ spec: [{ x: 1 }, 'text'] }), ['spec[0].x']);
});

test('looks into nothing that may hold anything', () => {
  const override = findSchema('policy.karmada.io/v1alpha1', 'OverridePolicy');
  assert.ok(override);
  const plaintext = [{ path: '/a', operator: 'add', value: { any: [{ thing: 1 }] } }];
  const object = { spec: { overrideRules: [{ overriders: { plaintext } }] } };
  assert.deepEqual(findUnknownFields(object, override.schema), []);
});

test('takes names of built-in members for ordinary unknown fields', () => {
  const spec = JSON.parse('{"__proto__":{"a":1},"constructor":1,"toString":2}') as JsonObject;
  assert.deepEqual(fields({ spec }), ['spec.__proto__', 'spec.constructor', 'spec.toString']);
});

test('tells which field was meant', () => {
  const [problem] = findUnknownFields({ spec: { Placment: {} } }, schema);
  assert.equal(problem?.nearest, 'placement');
  assert.deepEqual(problem?.path, ['spec', 'Placment']);
  const names = ['clusterNames', 'clusterAffinity', 'exclude'];
  assert.equal(nearestName('clusterName', names), 'clusterNames');
  assert.equal(nearestName('CLUSTERAFFINITY', names), 'clusterAffinity');
  assert.equal(nearestName('excldue', names), 'exclude');
  assert.equal(nearestName('weight', names), undefined);
});
