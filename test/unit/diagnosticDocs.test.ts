import assert from 'node:assert/strict';
import { globSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { parseAllDocuments } from 'yaml';
import {
  allCodes,
  exampleFolder,
  findingsOf,
  fixedText,
  missingParts,
  openExample,
  readExample,
} from '../support/diagnosticExamples.ts';
import { diagnosticPages } from '../support/diagnosticPages.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

describe('every code', () => {
  const tests = globSync('test/{unit,conformance}/**/*.test.ts', { cwd: root })
    .filter((file) => !file.endsWith('diagnosticDocs.test.ts'))
    .map((file) => readFileSync(join(root, file), 'utf8'))
    .join('\n');
  for (const code of allCodes) {
    it(`${code} has an example and a test`, () => {
      assert.deepEqual(missingParts(code), [], 'in test/fixtures/diagnostics');
      assert.match(tests, new RegExp(`['" \`]${code}['"\` ,|]`), 'no test names it');
    });
  }
});

describe('the example of', () => {
  for (const code of allCodes.filter((name) => missingParts(name).length === 0)) {
    const example = readExample(code);
    it(`${code} has exactly this code before, and nothing after`, () => {
      const found = findingsOf(openExample(example, example.before));
      assert.deepEqual([...new Set(found.map((finding) => finding.code))], [code]);
      const left = findingsOf(openExample(example, example.after));
      assert.deepEqual(
        left.map((finding) => `${finding.code}: ${finding.message}`),
        [],
      );
      assert.notEqual(example.about, '');
    });

    it(`${code} becomes what the page shows by its fix`, () => {
      const after = fixedText(example);
      if (after === undefined) return;
      assert.equal(after, example.after);
      for (const document of parseAllDocuments(after)) assert.deepEqual(document.errors, []);
    });
  }

  it('nothing else: no folder is left over', () => {
    assert.deepEqual(
      readdirSync(exampleFolder).filter((name) => !allCodes.some((code) => code === name)),
      [],
    );
  });
});

describe('docs/diagnostics', () => {
  const folder = join(root, 'docs', 'diagnostics');

  it('is what scripts/diagnosticDocs.mjs writes', () => {
    const pages = diagnosticPages();
    assert.deepEqual(readdirSync(folder).sort(), [...pages.keys()].sort());
    for (const [name, text] of pages) {
      assert.equal(readFileSync(join(folder, name), 'utf8'), text, `${name}: run the script`);
    }
  });

  it('ships with the extension', () => {
    const shipped = new Set(
      readFileSync(join(root, 'test/package/contents.txt'), 'utf8').split('\n'),
    );
    const missing = readdirSync(folder).filter(
      (name) => !shipped.has(`extension/docs/diagnostics/${name}`),
    );
    assert.deepEqual(missing, []);
  });
});
