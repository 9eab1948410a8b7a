import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findSchema, kindSchemas } from '../../../../src/engine/schema/registry.ts';
import { compareFluxMinors, resolveKindSchema } from '../../../../src/engine/schema/resolve.ts';
import type { KindSchema, SchemaRule } from '../../../../src/engine/schema/types.ts';
import { compareApiVersions } from '../../../../src/engine/schema/versionOrder.ts';

const rule: SchemaRule = { rule: 'true', message: 'm', holds: () => true };

const table: KindSchema = {
  apiVersion: 'a/v1',
  kind: 'A',
  plural: 'as',
  namespaced: true,
  description: 'For the test.',
  schema: {
    type: 'object',
    properties: {
      spec: {
        type: 'object',
        required: ['always', 'early'],
        rules: [rule, { ...rule, since: '2.5' }],
        properties: {
          always: { type: 'string', variants: [{ since: '2.6', schema: { maxLength: 5 } }] },
          early: { type: 'string', until: '2.4' },
          late: { type: 'array', items: { type: 'object', properties: {} }, since: '2.10' },
        },
      },
    },
  },
};

function specAt(minor: `${number}.${number}`) {
  return resolveKindSchema(table, minor).schema.properties?.['spec'];
}

test('resolves fields, required lists, rules and variants for a minor', () => {
  assert.deepEqual(Object.keys(specAt('2.3')?.properties ?? {}), ['always', 'early']);
  assert.deepEqual(specAt('2.3')?.required, ['always', 'early']);
  assert.deepEqual(specAt('2.4')?.required, ['always']);
  assert.equal(specAt('2.4')?.rules?.length, 1);
  assert.equal(specAt('2.5')?.rules?.length, 2);
  assert.equal(specAt('2.5')?.properties?.['always']?.maxLength, undefined);
  assert.equal(specAt('2.6')?.properties?.['always']?.maxLength, 5);
  assert.deepEqual(Object.keys(specAt('2.10')?.properties ?? {}), ['always', 'late']);
});

test('orders minors by number', () => {
  const minors: `${number}.${number}`[] = ['2.10', '0.41', '2.9', '2.0'];
  assert.deepEqual(minors.sort(compareFluxMinors), ['0.41', '2.0', '2.9', '2.10']);
});

test('orders versions as Kubernetes prefers them', () => {
  const versions = ['g/v1beta2', 'g/v2beta1', 'g/v1', 'g/v10', 'g/v1alpha1', 'g/x', 'g/v1beta10'];
  assert.deepEqual(versions.sort(compareApiVersions), [
    'g/v10',
    'g/v1',
    'g/v2beta1',
    'g/v1beta10',
    'g/v1beta2',
    'g/v1alpha1',
    'g/x',
  ]);
});

test('finds the same table for the same question', () => {
  for (const { apiVersion, kind } of kindSchemas) {
    assert.ok(findSchema(apiVersion, kind));
    assert.equal(findSchema(apiVersion, kind), findSchema(apiVersion, kind));
    assert.equal(findSchema(apiVersion, kind, '2.3'), findSchema(apiVersion, kind, '2.3'));
  }
});

test('finds a version only in the minors that serve it', () => {
  const apiVersion = 'helm.toolkit.fluxcd.io/v2beta2';
  assert.equal(findSchema(apiVersion, 'HelmRelease', '2.1'), undefined);
  assert.ok(findSchema(apiVersion, 'HelmRelease', '2.2'));
  assert.ok(findSchema(apiVersion, 'HelmRelease', '2.7'));
  assert.equal(findSchema(apiVersion, 'HelmRelease', '2.8'), undefined);
  assert.ok(findSchema(apiVersion, 'HelmRelease'), 'without a minor: as last served');
  assert.equal(findSchema('helm.toolkit.fluxcd.io/v2', '__proto__'), undefined);
});
