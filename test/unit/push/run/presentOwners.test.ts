import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { memberAt } from '../../../../src/engine/index.ts';
import type { JsonObject, JsonValue } from '../../../../src/engine/index.ts';
import { withPresentOwners } from '../../../../src/push/run/presentOwners.ts';

function presentOwners(managedFields: readonly JsonValue[], object: JsonObject): unknown {
  const owned = { metadata: { managedFields: [...managedFields] } };
  return memberAt(withPresentOwners(object, owned), 'metadata', 'managedFields');
}

const karmada = {
  manager: 'karmada-controller-manager',
  operation: 'Update',
  fieldsV1: {
    'f:metadata': {
      'f:annotations': { '.': {}, 'f:propagationpolicy.karmada.io/name': {} },
      'f:labels': { '.': {}, 'f:propagationpolicy.karmada.io/permanent-id': {} },
      'f:finalizers': { '.': {}, 'v:"karmada.io/x"': {} },
    },
  },
};

describe('owners of what an object has', () => {
  it('are without those of notes that are not there, and without managers that own nothing else', () => {
    assert.deepEqual(presentOwners([karmada], { metadata: { name: 'a' } }), []);
    const object = { metadata: { name: 'a', labels: { tier: 'gold' }, finalizers: ['mine/x'] } };
    assert.deepEqual(presentOwners([karmada], object), [
      {
        ...karmada,
        fieldsV1: { 'f:metadata': { 'f:labels': { '.': {} }, 'f:finalizers': { '.': {} } } },
      },
    ]);
  });

  it('stay for what is there, outside metadata in any case', () => {
    const mine = {
      manager: 'vscode-karmada-flux',
      operation: 'Apply',
      fieldsV1: {
        'f:data': { 'f:password': {} },
        'f:metadata': {
          'f:labels': { 'f:tier': {}, 'f:gone': {} },
          'f:ownerReferences': { 'k:{"uid":"1"}': {} },
        },
      },
    };
    const metadata = { labels: { tier: 'gold' }, ownerReferences: [{ uid: '1' }] };
    assert.deepEqual(presentOwners([mine, 'odd', {}], { metadata }), [
      {
        ...mine,
        fieldsV1: {
          'f:data': { 'f:password': {} },
          'f:metadata': {
            'f:labels': { 'f:tier': {} },
            'f:ownerReferences': { 'k:{"uid":"1"}': {} },
          },
        },
      },
      'odd',
      {},
    ]);
  });
});
