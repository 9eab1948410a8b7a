import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { parseExactJson, toExactJson } from '../../../src/kube/exactJson.ts';
import { warningsOf } from '../../../src/kube/warningHeader.ts';

test('keeps every digit of integers, both ways', () => {
  const text =
    '{"a":9007199254740993,"b":[-18446744073709551615,1],"c":1.5e300,"d":"12345678901234567890"}';
  const value = parseExactJson(text);
  assert.deepEqual(value, {
    a: 9007199254740993n,
    b: [-18446744073709551615n, 1],
    c: 1.5e300,
    d: '12345678901234567890',
  });
  assert.equal(toExactJson(value), text.replace('1.5e300', '1.5e+300'));
});

test('reads and writes all JSON as JSON does', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const text = JSON.stringify(value);
      assert.equal(toExactJson(JSON.parse(text)), text);
      assert.deepEqual(withNumbers(parseExactJson(text)), JSON.parse(text));
    }),
  );
  fc.assert(
    fc.property(fc.array(fc.bigInt()), (list) => {
      const read = parseExactJson(toExactJson(list)) as (bigint | number)[];
      assert.deepEqual(read.map(BigInt), list);
    }),
  );
});

/** With a number for every big integer, as JSON reads them. */
function withNumbers(value: unknown): unknown {
  const text = JSON.stringify(value, (_, child: unknown) =>
    typeof child === 'bigint' ? Number(child) : child,
  );
  return JSON.parse(text);
}

test('own keys such as __proto__ stay', () => {
  const text = '{"__proto__":{"a":12345678901234567890},"toString":1}';
  assert.equal(toExactJson(parseExactJson(text)), text);
});

test('reads warnings as API servers send them', () => {
  const header =
    '299 - "spec.a: \\"x, y\\" is old", 299 kube "other", 299 - "spec.a: \\"x, y\\" is old"';
  assert.deepEqual(warningsOf(header), ['spec.a: "x, y" is old', 'other']);
  const bytes = Buffer.from('299 - "größer"', 'utf8').toString('latin1');
  assert.deepEqual(warningsOf(bytes), ['größer']);
  assert.deepEqual(warningsOf(''), []);
});
