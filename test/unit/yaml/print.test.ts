import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { deepEqual } from '../../../src/engine/json.ts';
import type { JsonValue } from '../../../src/engine/types.ts';
import { printFlow, printYaml } from '../../../src/yaml/print.ts';
import { readGoYaml } from '../../../src/yaml/index.ts';

const oddWords = [
  ...[
    'yes',
    'No',
    'ON',
    'y',
    'null',
    '~',
    '',
    'true',
    '0777',
    '1_000',
    '1e3',
    '.5',
    '.inf',
    '-.INF',
  ],
  ...[
    '12:30',
    '2001-12-14',
    '0x1F',
    '08',
    '+1',
    '1.',
    '<<',
    '=',
    '-',
    '?',
    ':',
    '- a',
    '? a',
    'a: b',
  ],
  ...[
    'a #b',
    '#a',
    'a:',
    '[a',
    'a]',
    '{a}',
    'a, b',
    '&a',
    '*a',
    '!a',
    '|',
    '>',
    "'",
    '"',
    '%a',
    '@a',
  ],
  ...[
    '`a',
    '---',
    '...',
    '--- a',
    ' a',
    'a ',
    '\ta',
    'a\tb',
    'a\n',
    '\n',
    '\n\n',
    'a\n\n',
    ' a\nb',
  ],
  ...[
    'a\n  b\n',
    '\n a',
    '\ta\nb',
    'a \nb',
    'a\r\nb',
    '\u0085',
    '\u2028a',
    '\ufeff',
    '\u007f',
    '😀',
  ],
  ...[
    'it\'s "x"',
    'a\\b',
    '__proto__',
    'constructor',
    'é',
    '0o17',
    '1__0',
    'x\n---\ny',
    '  \nx',
    '0b1',
  ],
];
const text = fc.oneof(
  fc.constantFrom(...oddWords),
  fc.string({ unit: 'binary', maxLength: 12 }),
  fc.string({
    unit: fc.constantFrom(...' \n\t:-#\'"[]{},&*!|>%@?.0123456789eE_xyn~'),
    maxLength: 10,
  }),
);
const json = fc.letrec<{ value: JsonValue }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, depthSize: 'small' },
    text,
    fc.constantFrom<JsonValue>(null, true, false, 0, -1, 1.5, 1e21, 1e-7, 2 ** 60, 2 ** 63, 1e20),
    fc.double({ noNaN: true, noDefaultInfinity: true }).map((n) => (Object.is(n, -0) ? 0 : n)),
    fc.bigInt({ min: -(2n ** 63n), max: 2n ** 64n - 1n }),
    fc.array(tie('value'), { maxLength: 4 }),
    fc
      .array(fc.tuple(text, tie('value')), { maxLength: 4 })
      .map((entries) => Object.fromEntries(entries)),
  ),
})).value;

test('what is printed is read back as the same value', () => {
  fc.assert(
    fc.property(json, (value) => {
      const read = readGoYaml(printYaml(value));
      assert.ok('value' in read && deepEqual(read.value, value), printYaml(value));
    }),
    { numRuns: 3000 },
  );
});

test('flow style is read back as the same value', () => {
  fc.assert(
    fc.property(json, (value) => {
      const read = readGoYaml(`a: ${printFlow(value)}\n`);
      assert.ok('value' in read && deepEqual(read.value, { a: value }), printFlow(value));
    }),
    { numRuns: 1500 },
  );
});

test('prints as kubectl users write', () => {
  const value = {
    kind: 'X',
    list: [1, { a: 'b', c: [] }, ['x', 'w'], {}],
    text: 'one\ntwo\n',
    version: '1.10',
    big: 9007199254740993n,
    answer: 'no',
  };
  const lines = [
    'kind: X',
    'list:',
    '- 1',
    '- a: b',
    '  c: []',
    '- - x',
    '  - w',
    '- {}',
    'text: |',
    '  one',
    '  two',
    'version: "1.10"',
    'big: 9007199254740993',
    'answer: "no"',
    '',
  ];
  assert.equal(printYaml(value), lines.join('\n'));
});

test('never folds a long line', () => {
  const long = 'word '.repeat(200).trim();
  assert.equal(printYaml({ long }), `long: ${long}\n`);
});
