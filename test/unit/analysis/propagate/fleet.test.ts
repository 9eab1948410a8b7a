import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { parseDocument } from 'yaml';
import type { PickedClusters, Workspace } from '../../../../src/analysis/index.ts';
import {
  afterPlan,
  movesBetween,
  newCodes,
  planIn,
  promisedMoves,
  reachIn,
  seriousIn,
  workspaceOf,
} from '../../../support/plans.ts';
import type { Documents } from '../../../support/snapshots.ts';

const folder = join(dirname(fileURLToPath(import.meta.url)), '../../../../examples/fleet');

/** The example, with its propagation policies or without. */
function documentsOf(withPolicies: boolean): Documents {
  const names = globSync('**/*.yaml', { cwd: folder }).sort();
  return Object.fromEntries(
    names
      .filter((name) => withPolicies || !name.includes('propagation'))
      .map((name) => [`file:///${name}`, readFileSync(join(folder, name), 'utf8')]),
  );
}

function releasesIn(workspace: Workspace): readonly string[] {
  return workspace
    .templates()
    .filter(({ kind }) => kind === 'HelmRelease')
    .map(({ key }) => key);
}

const needs = new Map<string, readonly string[]>();

/** What a release needs by the text of the example: its source and its values. */
function needsOf(workspace: Workspace, release: string): readonly string[] {
  let found = needs.get(release);
  if (!found) needs.set(release, (found = readNeeds(workspace, release)));
  return found;
}

function readNeeds(workspace: Workspace, release: string): readonly string[] {
  const templates = workspace.templates();
  const uri = templates.find(({ key }) => key === release)?.uri ?? '';
  const spec = parseDocument(documentsOf(false)[uri] ?? '').toJS().spec as {
    chart?: { spec: { sourceRef: Named } };
    chartRef?: Named;
    valuesFrom?: readonly Named[];
  };
  const namespace = release.split('/').at(-2) ?? '';
  const named = [spec.chart?.spec.sourceRef, spec.chartRef, ...(spec.valuesFrom ?? [])];
  return named.flatMap((ref) => {
    const found = templates.find(
      ({ kind, name, namespace: at }) =>
        kind === ref?.kind && name === ref.name && at === (ref.namespace ?? namespace),
    );
    return found ? [found.key] : [];
  });
}

interface Named {
  readonly kind: string;
  readonly name: string;
  readonly namespace?: string;
}

function picksOf(workspace: Workspace): readonly PickedClusters[] {
  const choices = workspace.clusterChoices([]);
  const withFlux = choices.filter(({ description }) => !description.includes('no Flux'));
  const named = (list: typeof choices): PickedClusters => ({
    type: 'names',
    names: list.map(({ name }) => name),
  });
  return [
    named(withFlux.slice(0, 1)),
    named(withFlux.filter((_, i) => i % 7 === 3)),
    named(withFlux.filter((_, i) => i % 2 === 0)),
    named(withFlux),
    named(choices),
    { type: 'labels', matchLabels: { env: 'prod' } },
    { type: 'labels', matchLabels: { env: 'staging', ingress: 'internal' } },
    { type: 'fields', field: 'provider', values: ['gcp'] },
    { type: 'fields', field: 'region', values: ['eu-central-1', 'us-east-1'] },
  ];
}

function meant(workspace: Workspace, picked: PickedClusters): readonly string[] {
  return workspace
    .clusterChoices([])
    .filter((choice) => {
      switch (picked.type) {
        case 'names':
          return picked.names.includes(choice.name);
        case 'labels':
          return Object.entries(picked.matchLabels).every(
            ([key, value]) => choice.labels[key] === value,
          );
        case 'fields':
          return picked.values.includes(
            picked.field === 'provider' ? choice.provider : choice.region,
          );
      }
    })
    .map(({ name }) => name);
}

for (const withPolicies of [false, true]) {
  const documents = documentsOf(withPolicies);
  const before = workspaceOf(documents);
  for (const release of releasesIn(before)) {
    const title = `brings ${release} to the picked clusters ${withPolicies ? 'from its own policy' : 'without any policy'}`;
    test(title, () => {
      const needed = needsOf(before, release);
      assert(needed.length > 0);
      for (const clusters of picksOf(before)) {
        const names = meant(before, clusters);
        if (names.length === 0) continue;
        const plan = planIn(
          before.propagate({
            templates: [release],
            clusters,
            leaving: before
              .clusterChoices([])
              .map(({ name }) => name)
              .filter((name) => !names.includes(name)),
          }),
        );
        const after = workspaceOf(afterPlan(documents, plan));
        const missing = plan.outcomes
          .filter(({ type, template }) => type === 'missing' && template === release)
          .flatMap((outcome) => {
            assert.match(outcome.reason, /does not serve|is being deleted|override fails/);
            return outcome.clusters;
          });
        const wanted = names.filter((name) => !missing.includes(name)).sort();
        const has = reachIn(after);
        assert.deepEqual([...(has.get(release) ?? [])].sort(), wanted);
        for (const other of needed) {
          const there = has.get(other) ?? new Set();
          assert.deepEqual(
            wanted.filter((name) => !there.has(name)),
            [],
            other,
          );
          if (!isShared(before, release, other)) assert.deepEqual([...there].sort(), wanted);
        }
        assert.deepEqual(promisedMoves(plan), movesBetween(before, after));
        assert.deepEqual(
          newCodes(
            before,
            after,
            plan.files.map(({ uri }) => uri),
          ),
          [],
        );
        const made = plan.files.filter((file) => file.before === undefined);
        assert.deepEqual(
          seriousIn(
            after,
            made.map(({ uri }) => uri),
          ),
          [],
        );
      }
    });
  }
}

/** Whether another release needs it as well. */
function isShared(workspace: Workspace, release: string, needed: string): boolean {
  return releasesIn(workspace).some(
    (other) => other !== release && needsOf(workspace, other).includes(needed),
  );
}

test('brings all releases of the example at once, and more to where they are', () => {
  const documents = documentsOf(true);
  const before = workspaceOf(documents);
  const templates = releasesIn(before);
  const had = reachIn(before);
  for (const clusters of picksOf(before)) {
    const names = meant(before, clusters);
    if (names.length === 0) continue;
    const plan = planIn(before.propagate({ templates, clusters }));
    const after = workspaceOf(afterPlan(documents, plan));
    assert.deepEqual(promisedMoves(plan), movesBetween(before, after));
    const has = reachIn(after);
    for (const key of templates) {
      const missing = plan.outcomes
        .filter(({ type, template }) => type === 'missing' && template === key)
        .flatMap((outcome) => outcome.clusters);
      const wanted = new Set([...(had.get(key) ?? []), ...names]);
      assert.deepEqual(
        [...(has.get(key) ?? [])].sort(),
        [...wanted].filter((name) => !missing.includes(name)).sort(),
      );
    }
    assert.deepEqual(
      newCodes(
        before,
        after,
        plan.files.map(({ uri }) => uri),
      ),
      [],
    );
  }
});

test('takes every release of the example away from some clusters', () => {
  const documents = documentsOf(true);
  const before = workspaceOf(documents);
  const had = reachIn(before);
  for (const release of releasesIn(before)) {
    const all = [...(had.get(release) ?? [])];
    for (const names of [all.slice(0, 1), all.slice(1), all]) {
      if (names.length === 0) continue;
      const plan = planIn(
        before.stopPropagating({ templates: [release], clusters: { type: 'names', names } }),
      );
      const after = workspaceOf(afterPlan(documents, plan));
      assert.deepEqual(promisedMoves(plan), movesBetween(before, after));
      assert.deepEqual(
        [...(reachIn(after).get(release) ?? [])].sort(),
        all.filter((name) => !names.includes(name)).sort(),
      );
      const others = releasesIn(before).filter((key) => key !== release);
      for (const key of others) assert.deepEqual(reachIn(after).get(key), had.get(key));
    }
  }
});
