import assert from 'node:assert/strict';
import { test } from 'node:test';
import { finished } from '../../../../src/analysis/propagate/planning.ts';
import { propagate } from '../../../../src/analysis/propagate/propagate.ts';
import type { Ground } from '../../../../src/analysis/propagate/world.ts';
import { toSettings } from '../../../../src/analysis/settings.ts';
import { createSnapshotMaker } from '../../../../src/analysis/snapshot.ts';
import type { OpenFile, Snapshot } from '../../../../src/analysis/snapshot.ts';
import { createLineIndex } from '../../../../src/base/position.ts';
import { parseSource, printYaml } from '../../../../src/yaml/index.ts';
import { afterPlan, planIn, reachIn, workspaceOf } from '../../../support/plans.ts';
import {
  keyOf,
  member,
  named,
  policy,
  release,
  repository,
  selector,
} from '../../../support/propagateTexts.ts';
import type { Documents } from '../../../support/snapshots.ts';

const count = 24;
const teams = Array.from({ length: count }, (_, i) => `team-${i}`);
const clusters = ['m1', 'm2', 'm3'];

const fleet = clusters.map((name) => printYaml(member(name))).join('---\n');
const releases = teams
  .flatMap((namespace) => [release('app', {}, { namespace }), repository('charts', { namespace })])
  .join('---\n');

/** A policy of each team, all in one file. */
const policies = teams
  .map((namespace) => {
    const resourceSelectors = [selector('HelmRelease'), selector('HelmRepository')];
    const placement = { clusterAffinity: { clusterNames: ['m1'] } };
    return policy('all', { resourceSelectors, placement }, namespace);
  })
  .join('---\n');

function groundOf(documents: Documents): {
  readonly ground: Ground;
  readonly judged: Set<Snapshot>;
} {
  const make = createSnapshotMaker(toSettings({}));
  const judged = new Set<Snapshot>();
  const files = Object.entries(documents).map(([uri, text]): OpenFile => ({
    uri,
    source: parseSource(text),
    lines: createLineIndex(text),
  }));
  const take = (edited: readonly OpenFile[]): Snapshot =>
    new Proxy(make(edited), {
      get(snapshot, key) {
        if (key === 'templates') judged.add(snapshot);
        return Reflect.get(snapshot, key) as unknown;
      },
    });
  const ground = { before: make(files), take, isTaken: () => false, kustomizations: [] };
  return { ground, judged };
}

const layouts: { readonly [layout: string]: Documents } = {
  'no policy claims': {},
  'policies in one file claim': { 'file:///app/policies.yaml': policies },
};

for (const [layout, more] of Object.entries(layouts)) {
  test(`judges few states for many releases that ${layout}`, () => {
    const documents = {
      'file:///fleet.yaml': fleet,
      'file:///app/releases.yaml': releases,
      ...more,
    };
    const templates = teams.map((namespace) => keyOf('HelmRelease', 'app', namespace));
    const request = { templates, clusters: named(...clusters) };
    const { ground, judged } = groundOf(documents);
    const plan = planIn(finished(propagate(ground, request)));
    assert.ok(judged.size < count / 2, `${judged.size} states`);
    const reach = reachIn(workspaceOf(afterPlan(documents, plan)));
    for (const key of templates) assert.deepEqual([...(reach.get(key) ?? [])].toSorted(), clusters);
  });
}

test('looks again at releases that cannot be brought only when all others are', () => {
  const placement = { clusterAffinity: { clusterNames: ['m1'] } };
  const all = [selector('HelmRelease'), selector('HelmRepository')];
  // Every other team has an override that fails wherever a release comes to; the others have a release that is to stay.
  const documents = {
    'file:///fleet.yaml': fleet,
    'file:///app/releases.yaml': releases,
    'file:///app/more.yaml': teams
      .flatMap((namespace, i) => [
        policy('all', { resourceSelectors: all, placement }, namespace),
        i % 2 === 0 ? release('other', {}, { namespace }) : failingOverride(namespace),
      ])
      .join('---\n'),
  };
  const templates = teams.map((namespace) => keyOf('HelmRelease', 'app', namespace));
  const { ground, judged } = groundOf(documents);
  const plan = planIn(finished(propagate(ground, { templates, clusters: named(...clusters) })));
  assert.ok(judged.size < 15 * count, `${judged.size} states`);
  const reach = reachIn(workspaceOf(afterPlan(documents, plan)));
  for (const [i, key] of templates.entries()) {
    assert.deepEqual([...(reach.get(key) ?? [])].toSorted(), i % 2 === 0 ? clusters : []);
  }
});

test('tries nothing where the policy that claims a release decides nothing here', () => {
  const spec = { resourceSelectors: [selector('HelmRelease'), selector('HelmRepository')] };
  for (const more of [{ schedulerName: 'own' }, { dependentOverrides: ['none'] }]) {
    const documents = {
      'file:///fleet.yaml': fleet,
      'file:///app/releases.yaml': releases,
      'file:///app/all.yaml': teams
        .map((namespace) => policy('all', { ...spec, ...more }, namespace))
        .join('---\n'),
    };
    const templates = teams.map((namespace) => keyOf('HelmRelease', 'app', namespace));
    const { ground, judged } = groundOf(documents);
    const plan = planIn(finished(propagate(ground, { templates, clusters: named('m2') })));
    assert.deepEqual(plan.files, []);
    assert.equal(judged.size, 0);
  }
});

function failingOverride(namespace: string): string {
  return printYaml({
    apiVersion: 'policy.karmada.io/v1alpha1',
    kind: 'OverridePolicy',
    metadata: { name: 'bad', namespace },
    spec: {
      resourceSelectors: [selector('HelmRelease')],
      overrideRules: [
        { overriders: { plaintext: [{ path: '/spec/none/x', operator: 'replace', value: 1 }] } },
      ],
    },
  });
}
