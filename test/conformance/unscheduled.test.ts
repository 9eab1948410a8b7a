import assert from 'node:assert/strict';
import { globSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { createWorkspace } from '../../src/analysis/index.ts';
import type { Workspace } from '../../src/analysis/index.ts';
import type { JsonObject, Outcome } from '../../src/engine/index.ts';
import { printYaml } from '../../src/yaml/index.ts';
import { readRecordings } from '../support/recordings.ts';

const codes = new Set([
  'no-cluster-fits',
  'api-not-enabled',
  'untolerated-taint',
  'spread-unsatisfiable',
  'unknown-cluster',
]);

interface Preview {
  readonly id: string;
  readonly objects: readonly JsonObject[];
  readonly expect: readonly Outcome[];
}

/** Every object a document of its own, named by what it is. */
function open(objects: readonly JsonObject[]): Workspace {
  const workspace = createWorkspace();
  for (const object of objects) workspace.update(uriOf(object), printYaml(withoutZone(object)));
  return workspace;
}

/** The recordings never took the deprecated field over into `zones`, as a control plane does when it stores a Cluster. */
function withoutZone(object: JsonObject): JsonObject {
  if (object['kind'] !== 'Cluster') return object;
  const { zone: _zone, ...spec } = object['spec'] as JsonObject;
  return { ...object, spec };
}

function uriOf({ kind, metadata }: JsonObject): string {
  const { name, namespace = '' } = metadata as { name: string; namespace?: string };
  return [kind as string, namespace, name].filter((part) => part !== '').join('/');
}

const here = dirname(fileURLToPath(import.meta.url));
for (const file of globSync(join(here, 'answers', 'preview*.jsonl.gz')).sort()) {
  test(`${basename(file, '.jsonl.gz')}: every unscheduled template has a finding on its policy`, (t) => {
    const counts = { found: 0, refused: 0 };
    const missed: string[] = [];
    for (const { id, objects, expect } of readRecordings<Preview>(file)) {
      const failed = expect.filter(({ error }) => error !== undefined);
      if (failed.length === 0) continue;
      const workspace = open(objects);
      const { outcomes } = workspace.preview();
      for (const { template, policy = '' } of failed) {
        const outcome = outcomes.find((other) => other.template === template);
        const found = workspace.diagnostics(policy).map(({ code }) => code);
        if (!outcome) counts.refused++;
        else if (found.some((code) => codes.has(code))) counts.found++;
        else missed.push(`${id} ${template}: ${outcome.error ?? 'scheduled'}`);
      }
    }
    t.diagnostic(JSON.stringify(counts));
    assert(counts.found > counts.refused);
    assert.deepEqual(missed, []);
  });
}
