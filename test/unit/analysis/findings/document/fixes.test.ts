import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { parseAllDocuments } from 'yaml';
import { syntaxFixes } from '../../../../../src/analysis/fixes/syntaxFixes.ts';
import { fixesOf } from '../../../../../src/analysis/fixes/index.ts';
import { diagnosticsOf } from '../../../../../src/analysis/findings/index.ts';
import type { Finding } from '../../../../../src/analysis/findings/finding.ts';
import { createRandom } from '../../../../support/random.ts';
import type { Random } from '../../../../support/random.ts';
import { seedPage } from '../../../../support/seedPage.ts';
import { findingsOf, snapshotOf, withEdits } from '../../../../support/snapshots.ts';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..', '..', '..', '..');
const texts = globSync('examples/**/*.yaml', { cwd: root })
  .sort()
  .map((name) => readFileSync(join(root, name), 'utf8'))
  // A fleet has nothing to fix and much to read.
  .filter((text) => text.length < 20_000)
  .concat(seedPage);

const rounds = Number(process.env['KARMADA_TEST_ROUNDS'] ?? 600);

/** Slips of the kind that people make, on one line of a text. */
const slips: readonly ((line: string, random: Random) => string)[] = [
  (line, random) => {
    const at = /^[\s-]*[a-zA-Z]+/.exec(line)?.[0].length ?? 0;
    const i = Math.max(0, at - 1 - random.int(4));
    return line.slice(0, i) + line.slice(i + 1);
  },
  (line) => line.replace(/^([\s-]*)([a-z])(\w*:)/, (_, a, b: string, c) => a + b.toUpperCase() + c),
  (line, random) =>
    line.replace(
      /: \S.*$/,
      `: ${random.pick(['yes', 'no', '5.10', '0777', '123', 'true', '1e10'])}`,
    ),
  (line) => line.replace(/: ([A-Za-z]+)$/, (_, word: string) => `: ${word.toLowerCase()}x`),
  (line) => line.replace(/: (\d+|true|false)$/, ': "$1"'),
  (line) => line.replace(/fluxcd\.io\/v2$/, 'fluxcd.io/v2beta1'),
  (line) => line.replace(/fluxcd\.io\/v1$/, 'fluxcd.io/v1beta2'),
  (line) => (/^[ ]+\w+: \S/.test(line) ? `${line}\n${line}` : line),
  (line) => line.replace(/^([ ]+)(name: .*)$/, '$1$2\n$1labelSelector: {matchLabels: {a: b}}'),
  (line) => line.replace(/^( +)\w+:/, '$1no:'),
  () => '',
];

function mutated(text: string, random: Random): string {
  const lines = text.split('\n');
  for (let n = 1 + random.int(2); n > 0; n--) {
    const i = random.int(lines.length);
    lines[i] = random.pick(slips)(lines[i] ?? '', random);
  }
  return lines.join('\n');
}

function isSame(a: Finding, b: Finding): boolean {
  const key = ({ code, path, item }: Finding): string =>
    JSON.stringify([code, path, item.kind, item.namespace, item.name, item.path]);
  return key(a) === key(b);
}

const errorsIn = (text: string): number =>
  parseAllDocuments(text, { version: '1.1', uniqueKeys: false }).flatMap(({ errors }) => errors)
    .length;

test('every fix leaves YAML and removes its finding', (t) => {
  const seed = Number(process.env['KARMADA_TEST_SEED'] ?? 7);
  const random = createRandom(seed);
  const fixed = new Map<string, number>();
  for (let round = 0; round < rounds; round++) {
    const text = mutated(random.pick(texts), random);
    const options = { fluxVersion: random.pick(['2.9', '2.9', '2.5', '2.2']) };
    const documents = { 'a.yaml': text };
    const snapshot = snapshotOf(documents, options);
    for (const finding of findingsOf(snapshot)) {
      for (const fix of fixesOf(snapshot, finding)) {
        const about = `seed ${seed}, round ${round}: ${finding.code}: ${fix.title}\n${text}`;
        const result = withEdits(documents, fix.edits)['a.yaml'] ?? '';
        assert(errorsIn(result) <= errorsIn(text), `${about}\n=== not YAML\n${result}`);
        const rest = findingsOf(snapshotOf({ 'a.yaml': result }, options));
        assert(
          !rest.some((other) => isSame(other, finding)),
          `${about}\n=== still there\n${result}`,
        );
        fixed.set(finding.code, (fixed.get(finding.code) ?? 0) + 1);
      }
    }
  }
  t.diagnostic([...fixed].map(([code, count]) => `${code} ${count}`).join(', '));
  for (const code of ['unknown-field', 'wrong-type', 'yaml-1-1', 'api-version-removed']) {
    assert(fixed.has(code), `nothing mutated to ${code}`);
  }
});

test('takes out what a duplicate key replaces, and nothing else', () => {
  const random = createRandom(3);
  let count = 0;
  for (let round = 0; round < rounds; round++) {
    const text = mutated(random.pick(texts), random);
    const snapshot = snapshotOf({ 'a.yaml': text });
    const [file] = snapshot.files;
    const list = diagnosticsOf(snapshot).get('a.yaml') ?? [];
    for (const { code, range, message } of list) {
      if (code !== 'yaml-syntax' || !file || !message.includes('twice')) continue;
      const [fix] = syntaxFixes(file, range.start);
      assert(fix, `no fix: ${message}\n${text}`);
      const after = snapshotOf(withEdits({ 'a.yaml': text }, fix.edits));
      assert.deepEqual(
        after.files[0]?.source.documents.map(({ value }) => value),
        file.source.documents.map(({ value }) => value),
      );
      count++;
    }
  }
  assert(count > 10, `only ${count} duplicate keys`);
});
