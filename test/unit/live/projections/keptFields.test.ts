import assert from 'node:assert/strict';
import { test } from 'node:test';
import { keptFields } from '../../../../src/live/projections/keptFields.ts';

const release = (managedFields: unknown) =>
  ({
    apiVersion: 'helm.toolkit.fluxcd.io/v2',
    kind: 'HelmRelease',
    metadata: {
      name: 'podinfo',
      finalizers: ['f'],
      annotations: { note: 'seen', team: 'a' },
      managedFields,
    },
    spec: { interval: '5m', suspend: true, values: { a: 1, b: 2 }, dependsOn: [{ name: 'x' }] },
    status: { observedGeneration: 1 },
  }) as never;

const applied = (manager: string, operation = 'Update') => ({
  manager,
  operation,
  fieldsV1: {
    'f:metadata': { 'f:annotations': { '.': {}, 'f:team': {} } },
    'f:spec': { 'f:interval': {}, 'f:values': { '.': {}, 'f:a': {} }, 'f:dependsOn': {} },
  },
});
const byHand = {
  manager: 'kubectl-edit',
  operation: 'Update',
  fieldsV1: {
    'f:metadata': { 'f:annotations': { 'f:note': {} }, 'f:finalizers': { 'v:"f"': {} } },
    'f:spec': { 'f:suspend': {}, 'f:values': { 'f:b': {} }, 'f:interval': {} },
  },
};
const reported = {
  manager: 'helm-controller',
  operation: 'Update',
  subresource: 'status',
  fieldsV1: { 'f:status': { 'f:observedGeneration': {} } },
};

test('what was set by hand beside applied documents is kept, down to one of several values', () => {
  const kept = {
    metadata: { annotations: { note: 'seen' } },
    spec: { suspend: true, values: { b: 2 } },
  };
  for (const document of [
    applied('kubectl-client-side-apply'),
    applied('kubectl-create'),
    applied('any', 'Apply'),
  ]) {
    assert.deepEqual(keptFields(release([document, byHand, reported])), kept);
  }
});

test('nothing is kept where documents own all, and managed fields of any shape are read', () => {
  assert.equal(keptFields(release([applied('kubectl-client-side-apply'), reported])), undefined);
  for (const shape of [undefined, null, {}, 'x', [null, 1, {}, { fieldsV1: 3 }, []]]) {
    assert.equal(keptFields(release(shape)), undefined);
  }
});
