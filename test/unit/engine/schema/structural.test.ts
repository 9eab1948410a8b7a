import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkStructure } from '../../../../src/engine/schema/structural.ts';
import type { Schema } from '../../../../src/engine/schema/types.ts';
import type { JsonValue } from '../../../../src/engine/types.ts';

/** Problems of a value at `spec`, as `field: message`. */
function problems(value: JsonValue, schema: Schema): string[] {
  const root: Schema = { type: 'object', properties: { spec: schema } };
  return checkStructure({ spec: value }, root).map(({ field, message }) => `${field}: ${message}`);
}

test('names the type that is there and the type that should be', () => {
  const cases: [JsonValue, Schema['type'], string][] = [
    [true, 'integer', 'boolean'],
    ['1', 'integer', 'string'],
    [[], 'integer', 'array'],
    [{}, 'string', 'object'],
    [1, 'string', 'integer'],
    [1.5, 'string', 'number'],
    [null, 'array', 'null'],
    [2n ** 64n, 'string', 'number'],
    [2n ** 60n, 'string', 'integer'],
  ];
  for (const [value, type = 'string', found] of cases) {
    assert.deepEqual(problems(value, { type }), [
      `spec: Invalid value: "${found}": spec in body must be of type ${type}: "${found}"`,
    ]);
  }
});

test('takes a float with a whole value for an integer', () => {
  assert.deepEqual(problems(3, { type: 'integer', format: 'int32' }), []);
  assert.deepEqual(problems(3.0000000001, { type: 'integer' }).length, 1);
  assert.match(problems(3.0000000001, { type: 'integer' })[0] ?? '', /^<nil>: .*default format/);
  assert.deepEqual(problems(3, { type: 'number' }), []);
});

test('says what is wrong with a value and its type at once', () => {
  assert.deepEqual(problems(1.5, { type: 'string', enum: ['A', 'B'] }), [
    'spec: Invalid value: "number": spec in body must be of type string: "number"',
    'spec: Unsupported value: 1.5: supported values: "A", "B"',
  ]);
  assert.deepEqual(
    problems([{}], { type: 'string', enum: ['A'] })[1],
    ['spec: Unsupported value: [{}]: supported values: "A"'][0],
  );
});

test('checks only the first of length and pattern', () => {
  const schema: Schema = { type: 'string', minLength: 2, maxLength: 3, pattern: '^[a-z]+$' };
  assert.deepEqual(problems('ABCD', schema), ['spec: Too long: may not be more than 3 bytes']);
  assert.deepEqual(problems('A', schema), [
    'spec: Invalid value: "A": spec in body should be at least 2 chars long',
  ]);
  assert.deepEqual(problems('AB', schema), [
    `spec: Invalid value: "AB": spec in body should match '^[a-z]+$'`,
  ]);
});

test('counts characters, not units or bytes', () => {
  assert.deepEqual(problems('😀é', { type: 'string', maxLength: 2, minLength: 2 }), []);
  assert.equal(problems('😀é!', { type: 'string', maxLength: 2 }).length, 1);
});

test('checks the bounds of numbers, lists and maps', () => {
  assert.deepEqual(problems(0, { type: 'integer', minimum: 1 }), [
    'spec: Invalid value: 0: spec in body should be greater than or equal to 1',
  ]);
  assert.deepEqual(problems([], { type: 'array', minItems: 1 }), [
    'spec: Invalid value: 0: spec in body should have at least 1 items',
  ]);
  assert.deepEqual(problems([1, 2], { type: 'array', maxItems: 1 }), [
    'spec: Too many: 2: must have at most 1 item',
  ]);
});

test('names items, members of maps and missing fields by their path', () => {
  const schema: Schema = {
    type: 'object',
    required: ['a', 'b'],
    properties: {
      a: { type: 'array', items: { type: 'string' } },
      labels: { type: 'object', additionalProperties: { type: 'string' } },
    },
  };
  assert.deepEqual(problems({ a: ['x', 1], labels: { 'k.io/x': 2 } }, schema), [
    'spec.a[1]: Invalid value: "integer": spec.a[1] in body must be of type string: "integer"',
    'spec.labels.k.io/x: Invalid value: "integer": spec.labels.k.io/x in body must be of type string: "integer"',
    'spec.b: Required value',
  ]);
});

test('takes either type of an int-or-string, and a pattern only of the string', () => {
  const schema: Schema = { intOrString: true, pattern: '^[0-9]+m$' };
  assert.deepEqual(problems(5, schema), []);
  assert.deepEqual(problems('5m', schema), []);
  assert.equal(problems('5', schema).length, 1);
  assert.deepEqual(problems(true, schema), [
    'spec: Invalid value: "boolean": spec in body must be of type integer,string: "boolean"',
  ]);
});

test('checks the format date-time', () => {
  const schema: Schema = { type: 'string', format: 'date-time' };
  for (const good of ['2024-02-29T23:59:59Z', '2024-01-01t00:00:00.5+02:00']) {
    assert.deepEqual(problems(good, schema), []);
  }
  for (const bad of ['2023-02-29T00:00:00Z', '2024-01-01', '2024-01-01T24:00:00Z', '']) {
    assert.deepEqual(problems(bad, schema), [
      `spec: Invalid value: "${bad}": spec in body must be of type date-time: "${bad}"`,
    ]);
  }
  // A list passes for the time itself, as in the API server.
  assert.deepEqual(problems([], schema), []);
  assert.deepEqual(problems(5, schema), [
    'spec: Invalid value: "int64": spec in body must be of type date-time: "int64"',
  ]);
});

test('accepts null where the schema does, and anything without a type', () => {
  assert.deepEqual(problems(null, { type: 'string', nullable: true }), []);
  for (const value of [null, 1, 'x', [], {}]) {
    assert.deepEqual(problems(value, { preserveUnknownFields: true }), []);
  }
});
