// Writes docs/diagnostics: the table of all codes and a page for each, from test/fixtures/diagnostics and the analysis.
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { diagnosticPages } from '../test/support/diagnosticPages.ts';

const folder = fileURLToPath(new URL('../docs/diagnostics', import.meta.url));
const pages = diagnosticPages();

mkdirSync(folder, { recursive: true });
for (const name of readdirSync(folder)) if (!pages.has(name)) rmSync(join(folder, name));
for (const [name, text] of pages) writeFileSync(join(folder, name), text);
console.log(`${pages.size} pages in docs/diagnostics`);
