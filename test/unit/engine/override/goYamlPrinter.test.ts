import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { compareYamlKeys } from '../../../../src/engine/override/goYamlOrder.ts';
import { printGoYaml } from '../../../../src/engine/override/goYamlPrinter.ts';
import { deepEqual } from '../../../../src/engine/json.ts';
import type { JsonValue } from '../../../../src/engine/types.ts';
import { readGoYaml } from '../../../../src/yaml/goYaml.ts';

function print(value: JsonValue): string {
  const result = printGoYaml(value);
  return 'error' in result ? `! ${result.error}` : result.value;
}

test('prints collections in block style', () => {
  const cases: readonly (readonly [JsonValue, string])[] = [
    [null, 'null\n'],
    [{}, '{}\n'],
    [[], '[]\n'],
    [{ a: [1, 2], b: {}, c: [] }, 'a:\n- 1\n- 2\nb: {}\nc: []\n'],
    [
      { a: { b: [{ c: 1, d: [[1, 2], []] }] } },
      'a:\n  b:\n  - c: 1\n    d:\n    - - 1\n      - 2\n    - []\n',
    ],
    [[[1], { a: null }], '- - 1\n- a: null\n'],
    [{ ['k'.repeat(129)]: 1 }, `? ${'k'.repeat(129)}\n: 1\n`],
    [{ ['k'.repeat(129)]: [1] }, `? ${'k'.repeat(129)}\n: - 1\n`],
    [{ 'a\nb': 1 }, '? |-\n  a\n  b\n: 1\n'],
  ];
  for (const [value, text] of cases) assert.equal(print(value), text);
});

test('prints scalars', () => {
  const cases: readonly (readonly [JsonValue, string])[] = [
    [1e6, '1000000'],
    [1234567.5, '1.2345675e+06'],
    [999999.5, '999999.5'],
    [0.00001, '1e-05'],
    [1e20, '1e+20'],
    [-0, '0'],
    [18446744073709551615n, '18446744073709551615'],
    [123456789012345678901n, '1.2345678901234568e+20'],
    ['', '""'],
    ['yes', '"yes"'],
    ['tRUE', 'tRUE'],
    ['0o17', '"0o17"'],
    ['0o8', '0o8'],
    ['0x', '0x'],
    ['1_000', '"1_000"'],
    ['1e999', '1e999'],
    ['2001-2-29', '2001-2-29'],
    ['2000-2-29', '"2000-2-29"'],
    ['1:30', '"1:30"'],
    ['1:99', '1:99'],
    ['a: b', "'a: b'"],
    ["it's: x", "'it''s: x'"],
    ['a #b', "'a #b'"],
    ['-a', '-a'],
    ['----', "'----'"],
    ['<<', '<<'],
    ['a\tb', '"a\\tb"'],
    ['\ufeffa b', '"\\uFEFF\\x61\\x20\\x62"'],
    ['é😀', '"é\\U0001F600"'],
    ['a\u0085b', 'a b'],
    ['a\u2028b', "'a\u2028  b'"],
    ['a\nb', '|-\n  a\n  b'],
    ['a\n\nb\n', '|\n  a\n\n  b'],
    [' a\nb\n\n', '|2+\n   a\n  b\n'],
    ['a \nb', '"a \\nb"'],
  ];
  for (const [value, text] of cases) assert.equal(print(value), `${text}\n`);
  assert.equal(print('\u007f'), '! yaml: control characters are not allowed');
});

test('folds behind column 80 at single blanks', () => {
  const word = 'x'.repeat(40);
  assert.equal(print({ a: `${word} ${word} ${word}` }), `a: ${word} ${word}\n  ${word}\n`);
  assert.equal(print({ a: `${word} ${word}  ${word}` }), `a: ${word} ${word}  ${word}\n`);
  assert.equal(print({ a: `: ${word} ${word} ${word}` }), `a: ': ${word} ${word}\n  ${word}'\n`);
  assert.equal(
    print({ a: `\t${word} ${word}  ${word}` }),
    `a: "\\t${word} ${word}\n  \\ ${word}"\n`,
  );
});

test('orders keys as go-yaml does', () => {
  const inOrder = (text: string) => {
    const keys = text.split(' ');
    assert.deepEqual([...keys].reverse().sort(compareYamlKeys), keys);
  };
  inOrder('_u 9 10 A a a2 a9 a10 b é');
  inOrder('a a-b a.b a_b a0 a1 a1.2 a1.10 a01 a2 a10 aB ab');
});

const texts = fc.oneof(
  fc.string({ unit: 'binary-ascii', maxLength: 12 }),
  fc.string({ unit: 'grapheme', maxLength: 12 }),
  fc
    .array(fc.constantFrom('a', ' ', '\n', ':', '#', '-', "'", '"', 'word ', '\t'), {
      maxLength: 40,
    })
    .map((all) => all.join('')),
  fc.array(fc.stringMatching(/^[a-z]{1,9}$/), { maxLength: 30 }).map((words) => words.join(' ')),
  fc.constantFrom(
    'yes',
    'null',
    '~',
    '1',
    '0x1f',
    '1e3',
    '2001-01-01',
    '.inf',
    '1:20',
    '=',
    '<<',
    '|',
    '>',
  ),
);
// A key `<<` is printed bare and so read back as a merge: the library does that.
const keys = texts.filter((text) => text !== '<<');
/** Larger integers come back as what their digits say, not as the nearest float. */
const fractions = fc
  .double({ noNaN: true, noDefaultInfinity: true })
  .filter((value) => !Number.isInteger(value) || Number.isSafeInteger(value));
const documents = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    texts,
    fc.integer(),
    fractions,
    fc.constantFrom(null, true, false),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(keys, tie('value'), { maxKeys: 4, noNullPrototype: true }),
  ),
})).value as fc.Arbitrary<JsonValue>;

test('prints what reads back as the same value', () => {
  let read = 0;
  fc.assert(
    fc.property(documents, (value) => {
      const result = printGoYaml(value);
      if ('error' in result) return;
      read++;
      const back = readGoYaml(result.value);
      assert.ok('value' in back, result.value);
      assert.ok(deepEqual(back.value, value), result.value);
    }),
    { numRuns: 2000, seed: 7 },
  );
  assert.ok(read > 1000, `only ${read} documents were printed`);
});
