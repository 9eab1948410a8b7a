import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { parseDuration } from '../../../src/engine/duration.ts';

test('reads durations into milliseconds', () => {
  const cases: readonly (readonly [string, number])[] = [
    ['0', 0],
    ['5m', 300_000],
    ['1h30m', 5_400_000],
    ['1.5h', 5_400_000],
    ['1m0.5s', 60_500],
    ['250ms', 250],
    ['.5s', 500],
    ['1.s', 1000],
    ['-2m', -120_000],
    ['+2m', 120_000],
    ['10us', 0.01],
    ['10\u00b5s', 0.01],
    ['2562047h47m16.854775807s', Number(2n ** 63n - 1n) / 1e6],
  ];
  for (const [text, milliseconds] of cases) {
    assert.deepEqual(parseDuration(text), { value: milliseconds }, text);
  }
});

test('refuses what Go refuses, in its words', () => {
  const cases: readonly (readonly [string, string])[] = [
    ['', 'time: invalid duration ""'],
    ['.s', 'time: invalid duration ".s"'],
    [' 1h', 'time: invalid duration " 1h"'],
    ['300', 'time: missing unit in duration "300"'],
    ['1.5.5s', 'time: missing unit in duration "1.5.5s"'],
    ['1d', 'time: unknown unit "d" in duration "1d"'],
    ['1h 30m', 'time: unknown unit "h " in duration "1h 30m"'],
    ['1é', 'time: unknown unit "\\xc3\\xa9" in duration "1\\xc3\\xa9"'],
    ['2562048h', 'time: invalid duration "2562048h"'],
    ['9'.repeat(30) + 's', `time: invalid duration "${'9'.repeat(30)}s"`],
  ];
  for (const [text, error] of cases) assert.deepEqual(parseDuration(text), { error }, text);
});

test('adds up parts in any order', () => {
  const part = fc.tuple(
    fc.integer({ min: 0, max: 500 }),
    fc.constantFrom(['ms', 1] as const, ['s', 1000] as const, ['m', 60_000] as const),
  );
  fc.assert(
    fc.property(fc.array(part, { minLength: 1, maxLength: 5 }), (parts) => {
      const text = parts.map(([count, [unit]]) => `${count}${unit}`).join('');
      const sum = parts.reduce((total, [count, [, size]]) => total + count * size, 0);
      assert.deepEqual(parseDuration(text), { value: sum });
    }),
  );
});
