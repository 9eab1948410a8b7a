import assert from 'node:assert/strict';
import { test } from 'node:test';
import { open, release } from '../../../support/documents.ts';

const wrong = release.replace('interval: 5m', 'intervall: 5m');

function codesOf(text: string): string[] {
  return open({ 'a.yaml': text })
    .diagnostics('a.yaml')
    .map(({ code }) => code);
}

function withComment(comment: string): string {
  return wrong.replace('intervall: 5m', `intervall: 5m ${comment}`);
}

test('without a directive both findings are there', () => {
  assert.deepEqual(codesOf(wrong), ['missing-field', 'unknown-field']);
});

test('a directive behind a value silences the codes that it names, on its line', () => {
  assert.deepEqual(codesOf(withComment('# karmada-ignore unknown-field')), ['missing-field']);
  assert.deepEqual(codesOf(withComment('# karmada-ignore wrong-type, unknown-field')), [
    'missing-field',
  ]);
  assert.deepEqual(codesOf(withComment('# karmada-ignore missing-field')), [
    'missing-field',
    'unknown-field',
  ]);
});

test('a directive without codes silences all of its line', () => {
  assert.deepEqual(codesOf(withComment('# karmada-ignore')), ['missing-field']);
  assert.deepEqual(codesOf(withComment('# karmada-ignore -- we know')), ['missing-field']);
});

test('a directive on a line of its own silences the next line that is no comment', () => {
  const above = (comment: string): string =>
    wrong.replace('  intervall', `  ${comment}\n  intervall`);
  assert.deepEqual(codesOf(above('# karmada-ignore unknown-field')), ['missing-field']);
  assert.deepEqual(codesOf(above('# karmada-ignore unknown-field\n  # five minutes')), [
    'missing-field',
  ]);
  assert.deepEqual(codesOf(above('# karmada-ignore unknown-field\n')), [
    'missing-field',
    'unknown-field',
  ]);
});

test('a directive for the file silences it from wherever it stands', () => {
  assert.deepEqual(codesOf(`# karmada-ignore-file unknown-field\n${wrong}`), ['missing-field']);
  assert.deepEqual(codesOf(`${wrong}# karmada-ignore-file unknown-field missing-field\n`), []);
  assert.deepEqual(codesOf(`# karmada-ignore-file\n${wrong}`), []);
});

test('only a comment is a directive', () => {
  const inText = wrong.replace(
    '  values:\n',
    "  values:\n    note: '# karmada-ignore-file'\n    more: |\n      # karmada-ignore-file\n    word: a#karmada-ignore-file\n",
  );
  assert.deepEqual(codesOf(inText), ['missing-field', 'unknown-field']);
  assert.deepEqual(codesOf(withComment('# karmada-ignored')), ['missing-field', 'unknown-field']);
});

test('problems of the text are silenced too, in a document that cannot be read as well', () => {
  const broken = `${release}  values: [`;
  assert.deepEqual(codesOf(broken), ['yaml-syntax']);
  assert.deepEqual(codesOf(`# karmada-ignore-file yaml-syntax\n${broken}`), []);
});

test('severities may be set to off for each code', () => {
  const options = { severities: { 'unknown-field': 'off', 'missing-field': 'hint' } } as const;
  const found = open({ 'a.yaml': wrong }, options).diagnostics('a.yaml');
  assert.deepEqual(
    found.map(({ code, severity }) => [code, severity]),
    [['missing-field', 'hint']],
  );
});
