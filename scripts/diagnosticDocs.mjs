// Writes docs/diagnostics: the table of all codes and a page for each, from test/fixtures/diagnostics and the analysis.
// With --accept it first writes what the fixes make of the examples into their after.yaml; look at the difference.
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  allCodes,
  exampleFolder,
  fixedText,
  readExample,
} from '../test/support/diagnosticExamples.ts';
import { diagnosticPages } from '../test/support/diagnosticPages.ts';

if (process.argv.includes('--accept')) {
  for (const code of allCodes) {
    const after = fixedText(readExample(code));
    if (after !== undefined) writeFileSync(join(exampleFolder, code, 'after.yaml'), after);
  }
}

const folder = fileURLToPath(new URL('../docs/diagnostics', import.meta.url));
const pages = diagnosticPages();

mkdirSync(folder, { recursive: true });
for (const name of readdirSync(folder)) if (!pages.has(name)) rmSync(join(folder, name));
for (const [name, text] of pages) writeFileSync(join(folder, name), text);
console.log(`${pages.size} pages in docs/diagnostics`);
