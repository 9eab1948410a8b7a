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

const ours = applied('vscode-karmada-flux', 'Apply');
/** All of `applied`, as values. */
const documents = {
  metadata: { annotations: { team: 'a' } },
  spec: { interval: '5m', values: { a: 1 }, dependsOn: [{ name: 'x' }] },
};

test('what anybody else owns is kept beside what was pushed, down to one of several values', () => {
  assert.deepEqual(keptFields(release([ours, byHand, reported])), {
    metadata: { annotations: { note: 'seen' } },
    spec: { suspend: true, interval: '5m', values: { b: 2 } },
  });
});

test('what other tools apply is theirs: a push of ours does not take it away', () => {
  for (const document of [
    applied('kubectl-client-side-apply'),
    applied('kubectl', 'Apply'),
    applied('vscode-karmada-flux'),
  ]) {
    assert.deepEqual(keptFields(release([document])), documents);
    assert.deepEqual(keptFields(release([ours, document, reported])), documents);
  }
});

test('a map is kept without the values in it that are ours, a list without its items', () => {
  const held = (fields: object) => ({
    manager: 'x',
    operation: 'Apply',
    fieldsV1: { 'f:spec': { 'f:dependsOn': fields, 'f:values': { '.': {} } } },
  });
  const kept = (fields: object) => keptFields(release([ours, held(fields)]));
  assert.deepEqual(kept({ 'k:{"name":"y"}': {} }), { spec: { values: {} } });
  assert.deepEqual(kept({ 'k:{"name":"x"}': { '.': {}, 'f:name': {} }, 'k:no': {} }), {
    spec: { values: {}, dependsOn: [{ name: 'x' }] },
  });
  assert.deepEqual(kept({ 'v:{"name":"x"}': {} }), {
    spec: { values: {}, dependsOn: [{ name: 'x' }] },
  });
});

test('nothing is kept where all is ours, and managed fields of any shape are read', () => {
  assert.equal(keptFields(release([ours, reported])), undefined);
  for (const shape of [undefined, null, {}, 'x', [null, 1, {}, { fieldsV1: 3 }, []]]) {
    assert.equal(keptFields(release(shape)), undefined);
  }
});
