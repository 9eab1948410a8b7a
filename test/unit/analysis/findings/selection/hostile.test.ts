import assert from 'node:assert/strict';
import { test } from 'node:test';
import { completenessRules } from '../../../../../src/analysis/findings/completeness/index.ts';
import { placementRules } from '../../../../../src/analysis/findings/placement/index.ts';
import { selectionRules } from '../../../../../src/analysis/findings/selection/index.ts';
import { fixesOf } from '../../../../../src/analysis/fixes/index.ts';
import { printYaml } from '../../../../../src/yaml/index.ts';
import { generateScenario } from '../../../../support/scenario.ts';
import { snapshotOf } from '../../../../support/snapshots.ts';

const rounds = Number(process.env['KARMADA_TEST_ROUNDS'] ?? 400);

test('no workspace, however odd, makes a rule or a fix throw', () => {
  let count = 0;
  for (let seed = 0; seed < rounds; seed++) {
    const documents = Object.fromEntries(
      generateScenario(seed).map((object, i) => [`${i}.yaml`, printYaml(object)]),
    );
    const snapshot = snapshotOf(documents);
    for (const rule of [...selectionRules, ...placementRules, ...completenessRules]) {
      for (const finding of rule(snapshot)) {
        count++;
        assert(finding.message.endsWith('.') || finding.message.endsWith('?'), finding.message);
        for (const { edits } of fixesOf(snapshot, finding)) {
          for (const { uri, start, end } of edits) {
            const { length } = documents[uri] ?? '';
            assert(start >= 0 && start <= end && end <= length, `seed ${seed}`);
          }
        }
      }
    }
  }
  assert(count > rounds / 4, `only ${count} findings`);
});
