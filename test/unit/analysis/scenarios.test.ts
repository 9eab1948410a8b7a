import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { createWorkspace } from '../../../src/analysis/index.ts';

const folder = fileURLToPath(new URL('../../fixtures/scenarios', import.meta.url));
const read = (name: string): string => readFileSync(join(folder, name), 'utf8');
const fleet = read('fleet.yaml');
const scenarios = readdirSync(folder).filter((name) => name !== 'fleet.yaml');

/** What a scenario is told, beside nothing. No error stands here, and none may. */
const warned: { readonly [scenario: string]: readonly string[] } = {
  O14: ['override-no-effect'],
  P18: ['placement-ignored'],
  P20: ['admission-ignored'],
  P21: ['admission-ignored'],
  P22: ['admission-ignored'],
  P23: ['policy-shadowed'],
  P25: ['admission-ignored'],
  P34: ['admission-ignored'],
};

/** Scenarios that leave the choice of clusters to the control plane. */
const undecided = new Set(['P27']);

assert(scenarios.length > 60, 'scenarios are missing');

for (const name of scenarios) {
  const id = name.replace('.yaml', '');
  const text = read(name);
  test(`${id}: ${text.slice(2, text.indexOf('\n'))}`, () => {
    const workspace = createWorkspace({ fleet });
    workspace.update(name, text);
    const found = workspace.diagnostics(name);
    assert.deepEqual(
      found.filter(({ severity }) => severity === 'error'),
      [],
    );
    assert.deepEqual(
      found.filter(({ severity }) => severity !== 'hint').map(({ code }) => code),
      warned[id] ?? [],
      JSON.stringify(found, undefined, 1),
    );
    for (const { template, clusters = [], variants } of workspace.preview().outcomes) {
      if (undecided.has(id) || template.includes('/ConfigMap/shop/settings')) continue;
      assert(clusters.length > 0, `${template} goes nowhere`);
      assert(variants.every(({ error }) => error === undefined));
    }
  });
}
