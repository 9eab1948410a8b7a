import assert from 'node:assert/strict';
import { test } from 'node:test';
import { overrideDifference } from '../../../../src/analysis/propagate/overrideDifference.ts';
import type { JsonObject, JsonValue } from '../../../../src/engine/index.ts';

function entries(before: JsonObject, after: JsonObject): readonly string[] | undefined {
  const copies = structuredClone([before, after]);
  const found = overrideDifference(before, after);
  assert.deepEqual([before, after], copies, 'the input was changed');
  return found?.map(({ path, operator, value }) =>
    [operator, path, ...(value === undefined ? [] : [text(value)])].join(' '),
  );
}

function text(value: JsonValue): string {
  return JSON.stringify(value, (_, one: unknown) => (typeof one === 'bigint' ? `${one}n` : one));
}

test('Maps are changed key by key, in the order of the document', () => {
  assert.deepEqual(
    entries({ a: { b: 1, c: 2, d: 3 }, e: 1 }, { a: { b: 2, d: 4, 'x/~': 5 }, e: null }),
    ['replace /a/b 2', 'remove /a/c', 'replace /a/d 4', 'replace /e null', 'add /a/x~1~0 5'],
  );
});

test('Of the ways to change a list the shortest is taken', () => {
  const long = (letter: string): JsonObject => ({ name: letter.repeat(20), value: letter });
  const [a, b, c] = [long('a'), long('b'), long('c')];
  assert.deepEqual(entries({ l: [a] }, { l: [a, b] }), [`add /l/- ${text(b)}`]);
  assert.deepEqual(entries({ l: [a, c] }, { l: [a, b, c] }), [`add /l/1 ${text(b)}`]);
  assert.deepEqual(entries({ l: [a, b, c] }, { l: [a, c] }), ['remove /l/1']);
  assert.deepEqual(entries({ l: [a, b, c, a] }, { l: [c, a] }), ['remove /l/1', 'remove /l/0']);
  assert.deepEqual(entries({ l: [a, b] }, { l: [a, { ...b, value: 'x' }] }), [
    'replace /l/1/value "x"',
  ]);
  assert.deepEqual(entries({ l: [a, { l: [a] }] }, { l: [a, { l: [a, b] }] }), [
    `add /l/1/l/- ${text(b)}`,
  ]);
  assert.deepEqual(entries({ l: [1, 2, 3] }, { l: [4, 5, 6] }), ['replace /l [4,5,6]']);
  assert.deepEqual(entries({ l: [a] }, { l: {} }), ['replace /l {}']);
});

test('Integers beyond a number’s reach are what they are, and texts are never taken for them', () => {
  const big = 10n ** 20n;
  assert.deepEqual(entries({ a: 1, b: big, c: big }, { a: 1n, b: big + 1n, c: 1e20 }), [
    'replace /b "100000000000000000001n"',
  ]);
  assert.deepEqual(entries({ a: { b: big } }, { a: { b: `\0${big}` } }), [
    `replace /a/b "\\u0000${big}"`,
  ]);
  assert.deepEqual(overrideDifference({}, { a: [{ b: big }] }), [
    { path: '/a', operator: 'add', value: [{ b: big }] },
  ]);
});

test('Below an empty key, and where it goes, the nearest place that can be reached is replaced', () => {
  assert.deepEqual(entries({ a: { '': { b: 1 } } }, { a: { '': { b: 2 } } }), [
    'replace /a/ {"b":2}',
  ]);
  assert.deepEqual(entries({ a: { '': 1, b: 1, c: 1 } }, { a: { b: 2, c: 1 } }), [
    'replace /a {"b":2,"c":1}',
  ]);
  assert.deepEqual(entries({ a: {} }, { a: { '': 1 } }), ['add /a/ 1']);
  assert.deepEqual(entries({ l: [{ '': { b: 1 } }] }, { l: [{ '': { b: 2 } }] }), [
    'replace /l [{"":{"b":2}}]',
  ]);
  assert.equal(entries({ '': 1 }, {}), undefined);
});

test('Names of JavaScript’s own are keys like any other', () => {
  const object = (json: string) => JSON.parse(json) as JsonObject;
  assert.deepEqual(
    entries(
      object('{"a":{"__proto__":{"b":1}}}'),
      object('{"a":{"__proto__":{"b":2},"toString":1}}'),
    ),
    ['replace /a/__proto__/b 2', 'add /a/toString 1'],
  );
});
