import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import * as fc from 'fast-check';
import {
  compareVersions,
  parseVersion,
  parseVersionRange,
  satisfies,
  type Version,
} from '../../../src/engine/versionRange.ts';

interface Recorded {
  readonly versions: readonly string[];
  readonly ranges: readonly (readonly [
    text: string,
    answer: string | { readonly error: string },
  ])[];
  readonly texts: readonly (readonly [text: string, accepted: boolean])[];
}

const recorded = JSON.parse(
  readFileSync(new URL('../../fixtures/versionRanges.json', import.meta.url), 'utf8'),
) as Recorded;

function version(text: string): Version {
  const parsed = parseVersion(text);
  assert.ok('value' in parsed, text);
  return parsed.value;
}

test('accepts, refuses and matches ranges as the Go library did', () => {
  assert.ok(recorded.ranges.length > 100);
  for (const [text, answer] of recorded.ranges) {
    const range = parseVersionRange(text);
    if (typeof answer !== 'string') {
      if (/^[\x20-\x7e]*$/.test(text)) assert.deepEqual(range, answer, text);
      else assert.ok('error' in range, text);
      continue;
    }
    assert.ok('value' in range, text);
    const found = recorded.versions.filter((each) => satisfies(version(each), range.value));
    assert.equal(found.join(' '), answer, text);
  }
});

test('accepts and refuses versions as the Go library did', () => {
  for (const [text, accepted] of recorded.texts) {
    assert.equal('value' in parseVersion(text), accepted, text);
  }
});

test('orders prereleases before their release and numbers before words', () => {
  const ordered = [
    '1.0.0-1',
    '1.0.0-2',
    '1.0.0-10',
    '1.0.0-alpha',
    '1.0.0-alpha.1',
    '1.0.0',
    '1.0.1',
  ];
  for (const [i, a] of ordered.entries()) {
    for (const [j, b] of ordered.entries()) {
      assert.equal(
        Math.sign(compareVersions(version(a), version(b))),
        Math.sign(i - j),
        `${a} ${b}`,
      );
    }
  }
});

test('never throws, whatever the text', () => {
  const characters = fc.constantFrom(...Array.from('0123x*X.-+~^<>=!|, \tvaé'));
  fc.assert(
    fc.property(fc.string({ unit: characters, maxLength: 60 }), (text) => {
      const range = parseVersionRange(text);
      if ('value' in range) satisfies(version('1.2.3-rc.1'), range.value);
      parseVersion(text);
    }),
  );
});

test('takes no long time for a long text', () => {
  const texts = ['1   '.repeat(125) + '!', ' '.repeat(511), '1'.repeat(512), '1 - '.repeat(128)];
  for (const text of texts) {
    const start = performance.now();
    parseVersionRange(text);
    assert.ok(performance.now() - start < 500, text.slice(0, 8));
  }
});
