import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { deepEqual } from '../../../src/engine/json.ts';
import type { JsonObject, JsonValue } from '../../../src/engine/types.ts';

const keys = ['a', 'b', 'toString', 'constructor', '__proto__'];
const { json } = fc.letrec<{ json: JsonValue }>((tie) => ({
  json: fc.oneof(
    { maxDepth: 3 },
    fc.constantFrom<JsonValue>(null, true, 0, 1, '1', 'x'),
    fc.array(tie('json'), { maxLength: 2 }),
    fc
      .uniqueArray(fc.tuple(fc.constantFrom(...keys), tie('json')), { selector: ([key]) => key })
      .map((entries): JsonObject => Object.fromEntries(entries)),
  ),
}));

/** The same text for the same JSON. */
function canonical(value: JsonValue): string {
  if (Array.isArray(value)) return `[${value.map((item) => canonical(item as JsonValue)).join()}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const entries = Object.entries(value).map(([key, item]) => `${key}:${canonical(item)}`);
  return `{${entries.sort().join()}}`;
}

test('deepEqual says what canonical texts say', () => {
  fc.assert(
    fc.property(json, json, (a, b) => {
      assert.equal(deepEqual(a, b), canonical(a) === canonical(b));
      assert.ok(deepEqual(a, structuredClone(a)));
    }),
    { numRuns: 5000 },
  );
});

test('deepEqual does not count inherited members', () => {
  const own = (key: string, value: JsonValue): JsonObject => Object.fromEntries([[key, value]]);
  for (const key of keys) {
    assert.ok(!deepEqual(own(key, {}), own('x', {})), key);
    assert.ok(!deepEqual(own('x', {}), own(key, {})), key);
    assert.ok(deepEqual(own(key, { a: 1 }), own(key, { a: 1n })), key);
  }
  assert.ok(!deepEqual({}, []));
  assert.ok(!deepEqual([], {}));
  assert.ok(!deepEqual([null], [{}]));
  assert.ok(!deepEqual(undefined, null));
});
