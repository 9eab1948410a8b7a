import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { withStringData } from '../../../../src/push/prepare/secretData.ts';

const secret = { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'a' } };

test('writes texts of a Secret as its data, as a server does', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (text) => {
      const { data } = withStringData({ ...secret, stringData: { key: text } }) as {
        data: { key: string };
      };
      assert.equal(data.key, Buffer.from(text, 'utf8').toString('base64'));
    }),
  );
  assert.deepEqual(
    withStringData({ ...secret, data: { a: 'eA==', b: 'eQ==' }, stringData: { b: 'z' } }),
    { ...secret, data: { a: 'eA==', b: 'eg==' } },
  );
});

test('leaves to the server what is wrong, and what is no Secret', () => {
  for (const object of [
    { ...secret, stringData: { a: 1 } },
    { ...secret, data: 'x', stringData: { a: 'b' } },
    { ...secret, kind: 'ConfigMap', stringData: { a: 'b' } },
  ]) {
    assert.equal(withStringData(object), object);
  }
});
