import assert from 'node:assert/strict';
import { test } from 'node:test';
import { applyDefaults, applyDefaultsAgain } from '../../../../src/engine/schema/defaulting.ts';
import { findSchema } from '../../../../src/engine/schema/registry.ts';
import type { KindSchema, Schema } from '../../../../src/engine/schema/types.ts';
import type { JsonObject } from '../../../../src/engine/types.ts';

function kindWith(spec: Schema): KindSchema {
  return {
    apiVersion: 'a/v1',
    kind: 'A',
    plural: 'as',
    namespaced: true,
    description: 'For the test.',
    schema: { type: 'object', properties: { spec } },
  };
}

test('fills what is absent, also inside what is there, and nothing else', () => {
  const policy = findSchema('policy.karmada.io/v1alpha1', 'PropagationPolicy');
  assert.ok(policy);
  const object = {
    spec: {
      resourceSelectors: [],
      priority: 5,
      failover: { application: { decisionConditions: {} } },
      placement: { replicaScheduling: {} },
    },
  };
  assert.deepEqual(applyDefaults(object, policy), {
    spec: {
      resourceSelectors: [],
      priority: 5,
      failover: {
        application: { decisionConditions: { tolerationSeconds: 300 }, purgeMode: 'Gracefully' },
      },
      placement: { replicaScheduling: { replicaSchedulingType: 'Divided' } },
      preemption: 'Never',
      conflictResolution: 'Abort',
      schedulerName: 'default-scheduler',
    },
  });
});

test('drops nulls that are not allowed, or puts the default in their place', () => {
  const table = kindWith({
    type: 'object',
    properties: {
      plain: { type: 'string' },
      defaulted: { type: 'string', default: 'd' },
      nullable: { type: 'string', nullable: true },
      map: { type: 'object', additionalProperties: { type: 'string' } },
      list: { type: 'array', items: { type: 'string' } },
    },
  });
  const object = {
    spec: { plain: null, defaulted: null, nullable: null, map: { a: null, b: 'x' }, list: [null] },
  };
  assert.deepEqual(applyDefaults(object, table).spec, {
    defaulted: 'd',
    nullable: null,
    map: { b: 'x' },
    list: [null],
  });
  assert.deepEqual(applyDefaultsAgain(object, table).spec, {
    plain: null,
    defaulted: 'd',
    nullable: null,
    map: { a: null, b: 'x' },
    list: [null],
  });
});

test('shares what it does not change and never changes its input', () => {
  const table = kindWith({
    type: 'object',
    properties: {
      a: { type: 'object', properties: { x: { type: 'string', default: 'd' } } },
      b: { type: 'object', properties: { y: { type: 'string' } } },
    },
  });
  const complete: JsonObject = { spec: { a: { x: '1' }, b: { y: '2' } } };
  assert.equal(applyDefaults(complete, table), complete);
  const partial = { spec: { a: {}, b: { y: '2' } }, other: {} };
  const before = structuredClone(partial);
  const defaulted = applyDefaults(partial, table);
  assert.deepEqual(partial, before);
  assert.deepEqual(defaulted, { spec: { a: { x: 'd' }, b: { y: '2' } }, other: {} });
  assert.equal((defaulted['spec'] as JsonObject)['b'], partial.spec.b);
});

test('goes into a default that is itself an object', () => {
  const table = kindWith({
    type: 'object',
    properties: {
      a: {
        type: 'object',
        default: {},
        properties: { x: { type: 'integer', default: 1 } },
      },
    },
  });
  assert.deepEqual(applyDefaults({ spec: {} }, table), { spec: { a: { x: 1 } } });
});
