import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { deepEqual } from '../../../src/engine/json.ts';
import type { JsonValue } from '../../../src/engine/types.ts';
import { readGoYaml } from '../../../src/yaml/index.ts';

/** A document and the JSON that sigs.k8s.io/yaml v1.6.0 makes of it, none where it answers with an error. */
type Row = readonly [text: string, json?: string];

const rows = readFileSync(new URL('goAnswers.jsonl', import.meta.url), 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as Row);

/** Integers of 64 bits keep all their digits. */
function fromGoJson(json: string): JsonValue {
  const revive = (_key: string, value: unknown, context: { source?: string }): unknown => {
    const digits = context.source ?? '';
    if (typeof value !== 'number' || !/^-?\d+$/.test(digits)) return value;
    const exact = BigInt(digits);
    return exact < 2n ** 64n && exact > -(2n ** 64n) ? exact : value;
  };
  // The type of the standard library does not know the third argument yet.
  return JSON.parse(json, revive as (key: string, value: unknown) => unknown) as JsonValue;
}

test(`answers as Go does to ${rows.length} documents`, () => {
  assert.ok(rows.length > 1000);
  for (const [text, json] of rows) {
    const read = readGoYaml(text);
    if (json === undefined) assert.ok('error' in read, `Go refuses ${JSON.stringify(text)}`);
    else {
      assert.ok('value' in read, `Go reads ${JSON.stringify(text)}`);
      assert.ok(deepEqual(read.value, fromGoJson(json)), JSON.stringify(text));
    }
  }
});

test('only integers that a number cannot hold safely are bigint', () => {
  const read = readGoYaml('[9007199254740991, 9007199254740993, -9007199254740993, 1e3, 1e18]');
  assert.ok('value' in read);
  assert.deepEqual(read.value, [
    9007199254740991,
    9007199254740993n,
    -9007199254740993n,
    1000,
    1000000000000000000n,
  ]);
});

test('keys such as __proto__ are own keys', () => {
  const read = readGoYaml('__proto__: 1\nconstructor: 2\ntoString: {__proto__: 3}\n');
  assert.ok('value' in read);
  const value = read.value as Record<string, JsonValue>;
  assert.deepEqual(Object.keys(value), ['__proto__', 'constructor', 'toString']);
  assert.deepEqual(Object.keys(value['toString'] as object), ['__proto__']);
});

test('refuses aliases of aliases of aliases', () => {
  const levels = Array.from({ length: 12 }, (_, i) => {
    const inner = i === 0 ? 'x' : `*a${i - 1}`;
    return `a${i}: &a${i} [${Array(9).fill(inner).join(', ')}]`;
  });
  assert.deepEqual(readGoYaml(levels.join('\n')), {
    error: 'yaml: document contains excessive aliasing',
  });
});

test('refuses what is nested deeper than 200 levels, aliases expanded', () => {
  assert.ok('value' in readGoYaml('['.repeat(200) + ']'.repeat(200)));
  assert.ok('error' in readGoYaml('['.repeat(201) + ']'.repeat(201)));
  const chain = Array.from({ length: 300 }, (_, i) => `- &a${i} [${i === 0 ? 'x' : `*a${i - 1}`}]`);
  assert.ok('error' in readGoYaml(chain.join('\n')));
});

test('a value that is overwritten need not be JSON', () => {
  assert.deepEqual(readGoYaml('a: .inf\na: 1'), { value: { a: 1 } });
  assert.ok('error' in readGoYaml('a: 1\na: .inf'));
  assert.deepEqual(readGoYaml('a: {~: 1}\na: 2'), { value: { a: 2 } });
});
