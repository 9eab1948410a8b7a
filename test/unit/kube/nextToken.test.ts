import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nextToken } from '../../../src/kube/nextToken.ts';

const rows: readonly [name: string, text: string, token: string][] = [
  [
    'metadata before the items, as of built-in kinds',
    '{"kind":"SecretList","apiVersion":"v1","metadata":{"resourceVersion":"5","continue":"a\\u003db"},"items":[]}\n',
    'a=b',
  ],
  [
    'metadata behind the items, as of custom resources',
    '{"apiVersion":"g/v1","items":[{"metadata":{"continue":"no"}}],"kind":"XList","metadata":{"continue":"tail","resourceVersion":"5"}}\n',
    'tail',
  ],
  ['the last page', '{"kind":"List","metadata":{"resourceVersion":"5"},"items":[]}', ''],
  ['metadata of an item alone', '{"items":[{"metadata":{"continue":"no"}}]}', ''],
  ['no list', '<html>', ''],
  ['a token that is no text', '{"metadata":{"continue":3},"items":[]}', ''],
  ['an answer that is cut', '{"kind":"List","metadata":{"continue":"a', ''],
  ['nothing', '', ''],
];

for (const [name, text, token] of rows) {
  test(`the token of ${name}`, () => assert.equal(nextToken(text), token));
}

test('hostile texts cost no more than their length', () => {
  const began = performance.now();
  for (const part of ['{"kind":"', '"metadata":{', '}', ' ', '"kind":"x",']) {
    nextToken(`{${part.repeat(100_000)}`);
  }
  assert(performance.now() - began < 1000);
});
