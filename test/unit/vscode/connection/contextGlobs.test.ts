import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { matchesContext } from '../../../../src/vscode/connection/contextGlobs.ts';

test('a star is any text, slashes and colons too', () => {
  const context = 'arn:aws:eks:eu-west-1:1234:cluster/prod';
  for (const glob of ['*', 'arn:*/prod', '*cluster/p?od', context, '**prod']) {
    assert.equal(matchesContext([glob], context), true, glob);
  }
  for (const glob of ['', 'prod', '*/prod?', 'ARN:*']) {
    assert.equal(matchesContext([glob], context), false, glob);
  }
});

test('any of several globs is enough, none of none', () => {
  assert.equal(matchesContext(['a', 'prod-*'], 'prod-eu'), true);
  assert.equal(matchesContext([], 'prod-eu'), false);
});

test('signs of other pattern languages are plain text', () => {
  assert.equal(matchesContext(['prod.eu'], 'prod-eu'), false);
  assert.equal(matchesContext(['[ab]'], 'a'), false);
  assert.equal(matchesContext(['[ab]'], '[ab]'), true);
});

test('answers as the regular expression of the glob does', () => {
  const text = fc.string({ unit: fc.constantFrom('a', 'b', '/', '.'), maxLength: 12 });
  const glob = fc.string({ unit: fc.constantFrom('a', 'b', '*', '?', '.'), maxLength: 8 });
  fc.assert(
    fc.property(glob, text, (pattern, context) => {
      const source = [...pattern].map((sign) =>
        sign === '*' ? '.*' : sign === '?' ? '.' : sign === '.' ? '\\.' : sign,
      );
      const expected = new RegExp(`^${source.join('')}$`, 's').test(context);
      assert.equal(matchesContext([pattern], context), expected);
    }),
    { numRuns: 2000 },
  );
});

test('many stars take no time', () => {
  const started = performance.now();
  assert.equal(matchesContext(['*a'.repeat(200) + 'b'], 'a'.repeat(5000)), false);
  assert.ok(performance.now() - started < 500);
});
