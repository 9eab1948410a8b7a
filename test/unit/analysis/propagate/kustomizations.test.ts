import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { FilePlan } from '../../../../src/analysis/index.ts';
import { afterPlan, planIn, workspaceOf } from '../../../support/plans.ts';
import {
  fourMembers,
  keyOf,
  named,
  policy,
  release,
  repository,
  selector,
} from '../../../support/propagateTexts.ts';
import type { Documents } from '../../../support/snapshots.ts';

const shop = keyOf('HelmRelease', 'shop');
const base: Documents = {
  'file:///w/apps/shop.yaml': release('shop'),
  'file:///w/apps/charts.yaml': repository(),
};

function kustomization(...resources: string[]): string {
  const lines = resources.map((name) => `  - ${name} # as it was\n`).join('');
  return `# Built by kustomize.\nkind: Kustomization\nresources:\n${lines}`;
}

function propagate(documents: Documents): FilePlan {
  const asked = { templates: [shop], clusters: named('m1') };
  return planIn(workspaceOf(documents, fourMembers).propagate(asked));
}

function textAfter(plan: FilePlan, uri: string): string | undefined {
  return plan.files.find((file) => file.uri === uri)?.after;
}

test('lists a new file where a kustomization lists those beside it', () => {
  const uri = 'file:///w/apps/kustomization.yaml';
  const text = kustomization('shop.yaml', './charts.yaml');
  const plan = propagate({ ...base, [uri]: text });
  assert.equal(textAfter(plan, uri), `${text}  - propagationpolicy-shop.yaml\n`);
  assert.match(
    plan.files.flatMap(({ notes }) => notes).join(),
    /kustomization\.yaml: lists propagationpolicy-shop\.yaml\./,
  );
  // One above names the files with their folder.
  const above = 'file:///w/kustomization.yml';
  const from = kustomization('apps/shop.yaml');
  assert.equal(
    textAfter(propagate({ ...base, [above]: from }), above),
    `${from}  - apps/propagationpolicy-shop.yaml\n`,
  );
});

test('leaves kustomizations alone that list no file beside the new one', () => {
  for (const resources of [['apps'], ['../base/x.yaml'], ['https://example.com/x.yaml']]) {
    const uri = 'file:///w/kustomization.yaml';
    assert.equal(
      textAfter(propagate({ ...base, [uri]: kustomization(...resources) }), uri),
      undefined,
    );
  }
  const uri = 'file:///w/apps/kustomization.yaml';
  for (const text of ['', 'resources: no list\n', 'resources: [', 'resources:\n- 1\n']) {
    assert.equal(textAfter(propagate({ ...base, [uri]: text }), uri), undefined);
  }
});

test('says what to do where a kustomization cannot be edited', () => {
  const uri = 'file:///w/apps/kustomization.yaml';
  const text = 'commonLabels: &l [shop.yaml]\nresources: *l\n';
  const plan = propagate({ ...base, [uri]: text });
  assert.equal(textAfter(plan, uri), undefined);
  assert.match(
    plan.warnings.join(),
    /kustomization\.yaml cannot be edited here: add propagationpolicy-shop\.yaml under its resources\./,
  );
});

test('takes a file that goes out of the list', () => {
  const uri = 'file:///w/apps/kustomization.yaml';
  const placement = { clusterAffinity: { clusterNames: ['m1'] } };
  const selectors = [selector('HelmRelease'), selector('HelmRepository')];
  const documents = {
    ...base,
    'file:///w/apps/all.yaml': policy('all', { resourceSelectors: selectors, placement }),
    [uri]: kustomization('shop.yaml', 'all.yaml'),
  };
  const override = (from: Documents, valueText: string): FilePlan =>
    planIn(
      workspaceOf(from, fourMembers).override({
        template: shop,
        clusters: named('m1'),
        edits: { type: 'pointers', values: [{ path: '/spec/interval', valueText }] },
      }),
    );
  const made = override(documents, '7m');
  assert.equal(
    textAfter(made, uri),
    `${kustomization('shop.yaml', 'all.yaml')}  - overridepolicy-shop.yaml\n`,
  );
  const back = override(afterPlan(documents, made), '5m');
  assert.equal(textAfter(back, uri), kustomization('shop.yaml', 'all.yaml'));
  assert.deepEqual(afterPlan(afterPlan(documents, made), back), documents);
});
