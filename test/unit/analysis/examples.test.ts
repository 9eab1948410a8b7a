import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { diagnosticsOf } from '../../../src/analysis/findings/index.ts';
import { snapshotOf } from '../../support/snapshots.ts';

const examples = join(dirname(fileURLToPath(import.meta.url)), '..', '..', '..', 'examples');

/** The YAML documents of a folder by their names in it. */
function documentsOf(folder: string): { [uri: string]: string } {
  const names = globSync('**/*.{yaml,yml}', { cwd: join(examples, folder) }).sort();
  return Object.fromEntries(
    names.map((name) => [name, readFileSync(join(examples, folder, name), 'utf8')]),
  );
}

for (const folder of ['podinfo', 'fleet']) {
  test(`finds nothing wrong in examples/${folder}`, () => {
    const documents = documentsOf(folder);
    assert(Object.keys(documents).length > 2);
    const found = [...diagnosticsOf(snapshotOf(documents))].flatMap(([uri, list]) =>
      list
        .filter(({ severity }) => severity === 'error' || severity === 'warning')
        .map(({ code, message }) => `${uri}: ${code}: ${message}`),
    );
    assert.deepEqual(found, []);
  });
}
