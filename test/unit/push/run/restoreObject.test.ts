import assert from 'node:assert/strict';
import { it } from 'node:test';
import { memberAt, withMember } from '../../../../src/engine/index.ts';
import type { JsonObject } from '../../../../src/engine/index.ts';
import type { PushApi } from '../../../../src/push/index.ts';
import { restoreObject } from '../../../../src/push/run/restoreObject.ts';

const reference = { apiVersion: 'v1', kind: 'ConfigMap', namespace: 'default', name: 'a' };
const claim = 'propagationpolicy.karmada.io/name';
const karmada = {
  manager: 'karmada-controller-manager',
  operation: 'Update',
  fieldsV1: { 'f:metadata': { 'f:annotations': { '.': {}, [`f:${claim}`]: {} } } },
};
const ours = {
  manager: 'vscode-karmada-flux',
  operation: 'Apply',
  fieldsV1: { 'f:data': { 'f:key': {} } },
};

function configMap(key: string, metadata: JsonObject): JsonObject {
  const named = { name: 'a', namespace: 'default', uid: '1', ...metadata };
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: named, data: { key } };
}

it('gives no field back that Karmada took off after the review', async () => {
  const after = configMap('before', {
    annotations: { [claim]: 'policy' },
    managedFields: [ours, karmada],
  });
  const now = configMap('pushed', { managedFields: [ours] });
  const written: JsonObject[] = [];
  const api = {
    replace(_: unknown, object: JsonObject) {
      written.push(object);
      return Promise.resolve(withMember(object, 'metadata', { name: 'a', managedFields: [] }));
    },
  } as unknown as PushApi;
  const change = { reference, type: 'change', after, checkedBy: 'engine' } as const;
  await restoreObject(api, { ...change, conflicts: [], verdicts: [] }, { now, isHeld: false });
  assert.deepEqual(
    written.map((object) => memberAt(object, 'data', 'key')),
    ['before', 'before'],
  );
  assert.deepEqual(memberAt(written.at(-1), 'metadata', 'managedFields'), [ours]);
  assert.equal(memberAt(written.at(-1), 'metadata', 'annotations', claim), undefined);
});
