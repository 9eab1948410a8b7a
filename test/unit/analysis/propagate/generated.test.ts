import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { FilePlan, PickedClusters, Workspace } from '../../../../src/analysis/index.ts';
import { deepEqual } from '../../../../src/engine/index.ts';
import { parseSource } from '../../../../src/yaml/index.ts';
import { claimedPlane } from '../../../support/claimedPlane.ts';
import {
  afterPlan,
  movesBetween,
  planIn,
  promisedMoves,
  reachIn,
  seriousIn,
  untold,
  workspaceOf,
} from '../../../support/plans.ts';
import { generatedFleet } from '../../../support/propagateFleets.ts';
import type { Documents } from '../../../support/snapshots.ts';

const numRuns = Number(process.env['PROPERTY_RUNS'] ?? 60);

const request = fc.record({
  fleet: generatedFleet,
  which: fc.uniqueArray(fc.nat({ max: 3 }), { minLength: 1, maxLength: 2 }),
  picks: fc.oneof(
    fc
      .uniqueArray(fc.nat({ max: 4 }), { minLength: 1, maxLength: 5 })
      .map((indices) => ({ type: 'indices', indices }) as const),
    fc
      .constantFrom('prod', 'dev')
      .map((env) => ({ type: 'labels', matchLabels: { env } }) as const),
    fc
      .constantFrom('eu', 'us')
      .map((region) => ({ type: 'fields', field: 'region', values: [region] }) as const),
  ),
  /** Clusters that lose their tick. */
  unticked: fc.uniqueArray(fc.nat({ max: 4 }), { maxLength: 2 }),
});

type Request = typeof request extends fc.Arbitrary<infer V> ? V : never;

function readRequest({ fleet, which, picks }: Request) {
  const templates = which.map((n) => fleet.releases[n % fleet.releases.length] ?? '');
  const clusters: PickedClusters =
    picks.type === 'indices'
      ? {
          type: 'names',
          names: picks.indices.map((n) => fleet.clusters[n % fleet.clusters.length] ?? ''),
        }
      : picks;
  return { templates: [...new Set(templates)], clusters };
}

function pickedNames(documents: Documents, clusters: PickedClusters): readonly string[] {
  return workspaceOf(documents)
    .clusterChoices([])
    .filter(({ name, labels, region }) =>
      clusters.type === 'names'
        ? clusters.names.includes(name)
        : clusters.type === 'labels'
          ? labels['env'] === clusters.matchLabels['env']
          : clusters.values.includes(region),
    )
    .map(({ name }) => name);
}

/** Every comment of a text, and the lines of the documents that are not edited, are in the other. */
function keepsComments(before: string, after: string): void {
  const comments = (text: string): readonly string[] => text.match(/#.*/g) ?? [];
  assert.deepEqual(comments(after), comments(before));
}

/** Line ends are as they were, and no document has changed but policies that lead elsewhere. */
function keepsOthers(before: string, after: string): void {
  keepsComments(before, after);
  if (before.includes('\r\n')) assert.doesNotMatch(after, /[^\r]\n/);
  const [then, now] = [before, after].map((text) => parseSource(text).documents);
  assert.equal(now?.length, then?.length);
  for (const [i, document] of (then ?? []).entries()) {
    const next = now?.[i];
    if (document.read.text.trim() === next?.read.text.trim()) continue;
    assert.deepEqual(withoutPlaces(next?.value ?? null), withoutPlaces(document.value ?? null));
  }
}

/** Without what an edit may change of a policy. */
function withoutPlaces(value: unknown): unknown {
  return JSON.parse(
    JSON.stringify(value, (key, each: unknown) =>
      key === 'placement' || key === 'resourceSelectors' ? undefined : each,
    ),
  );
}

function checkFiles(documents: Documents, plan: FilePlan): Documents {
  const after = afterPlan(documents, plan);
  for (const file of plan.files) {
    if (file.before === undefined || file.after === undefined) continue;
    keepsOthers(file.before, file.after);
    assert.doesNotMatch(file.uri, /fleet|releases|sources|overrides/);
  }
  return after;
}

/** Whatever a cluster that keeps a template gets of it now is what it got, or the plan says that it changes. */
function checkManifests(before: Workspace, after: Workspace, plan: FilePlan): void {
  const [had, has] = [before, after].map(reachIn);
  for (const [template, clusters] of had ?? []) {
    for (const cluster of clusters) {
      if (!has?.get(template)?.has(cluster)) continue;
      const request = { template, side: 'cluster', cluster } as const;
      const isChanged = !deepEqual(
        before.manifest(request) ?? null,
        after.manifest(request) ?? null,
      );
      assert.equal(announced(plan, template, 'changes', cluster), isChanged, template + cluster);
    }
  }
}

function announced(plan: FilePlan, template: string, type: string, cluster: string): boolean {
  return plan.outcomes.some(
    (outcome) =>
      outcome.template === template &&
      outcome.type === type &&
      outcome.clusters.includes(cluster) &&
      outcome.reason !== '',
  );
}

test('brings releases to exactly the picked clusters, or says what it cannot', () => {
  fc.assert(
    fc.property(request, (given) => {
      const { documents } = given.fleet;
      const before = workspaceOf(documents);
      const { templates, clusters } = readRequest(given);
      const picked = pickedNames(documents, clusters);
      const leaving = given.unticked
        .map((n) => given.fleet.clusters[n % given.fleet.clusters.length] ?? '')
        .filter((name) => !picked.includes(name));
      const answer = before.propagate({ templates, clusters, leaving });
      if ('reason' in answer) {
        assert.equal(picked.length, 0, answer.reason);
        return;
      }
      const files = checkFiles(documents, answer);
      const after = workspaceOf(files);
      assert.deepEqual(promisedMoves(answer), movesBetween(before, after));
      checkManifests(before, after, answer);
      const has = reachIn(after);
      const had = reachIn(before);
      for (const key of templates) {
        for (const name of picked) {
          if (!has.get(key)?.has(name)) assert(announced(answer, key, 'missing', name), key + name);
        }
        for (const name of has.get(key) ?? []) {
          if (picked.includes(name)) continue;
          const said = ['stays', 'changes', ...(leaving.includes(name) ? ['remains'] : [])];
          if (had.get(key)?.has(name)) {
            assert(
              said.some((type) => announced(answer, key, type, name)),
              key + name,
            );
          } else assert(answer.warnings.some((text) => /also comes? to/.test(text)));
        }
      }
      const [made, edited] = [true, false].map((isMade) =>
        answer.files.filter((file) => (file.before === undefined) === isMade),
      );
      const uris = (list: typeof made): readonly string[] => list?.map(({ uri }) => uri) ?? [];
      assert.deepEqual(seriousIn(after, uris(made)), []);
      // A selector of which another policy takes over everything is told.
      assert.deepEqual(untold(before, after, { ...answer, files: edited ?? [] }), []);
    }),
    { numRuns },
  );
});

test('takes releases away from exactly the picked clusters, or says what it cannot', () => {
  fc.assert(
    fc.property(request, (given) => {
      const { documents } = given.fleet;
      const before = workspaceOf(documents);
      const { templates, clusters } = readRequest(given);
      const picked = pickedNames(documents, clusters);
      const answer = before.stopPropagating({ templates, clusters });
      const had = reachIn(before);
      if ('reason' in answer) {
        assert(templates.every((key) => picked.every((name) => !had.get(key)?.has(name))));
        return;
      }
      const after = workspaceOf(checkFiles(documents, answer));
      assert.deepEqual(promisedMoves(answer), movesBetween(before, after));
      checkManifests(before, after, answer);
      const has = reachIn(after);
      for (const key of templates) {
        for (const name of picked) {
          if (has.get(key)?.has(name)) assert(announced(answer, key, 'remains', name), key + name);
        }
        for (const name of had.get(key) ?? []) {
          if (picked.includes(name) || has.get(key)?.has(name)) continue;
          assert(answer.warnings.some((text) => /also leaves?/.test(text)));
        }
      }
    }),
    { numRuns },
  );
});

test('loses nothing when what was brought is taken away again', () => {
  fc.assert(
    fc.property(request, (given) => {
      const { documents } = given.fleet;
      const asked = readRequest(given);
      const answer = workspaceOf(documents).propagate(asked);
      if ('reason' in answer) return;
      const brought = afterPlan(documents, planIn(answer));
      const back = workspaceOf(brought).stopPropagating(asked);
      if ('reason' in back) return;
      const left = checkFiles(brought, back);
      for (const [uri, text] of Object.entries(documents)) keepsComments(text, left[uri] ?? '');
    }),
    { numRuns: Math.ceil(numRuns / 2) },
  );
});

/** Over a control plane that has claimed everything: with the documents, or with no more of them than a note. */
test('says over a control plane what each picked cluster comes to', () => {
  fc.assert(
    fc.property(request, fc.boolean(), fc.boolean(), (given, isWritten, preempts) => {
      const { documents } = given.fleet;
      const live = claimedPlane(documents);
      const written = isWritten ? documents : { 'file:///app/note.yaml': '# Nothing yet.\n' };
      const featureGates = { PropagationPolicyPreemption: preempts };
      const open = (files: Documents): Workspace => {
        const workspace = workspaceOf(files, { featureGates });
        workspace.setLive(live);
        return workspace;
      };
      const before = open(written);
      const { templates, clusters } = readRequest(given);
      const picked = pickedNames(documents, clusters);
      const asked = { templates, clusters };
      const isOn = (workspace: Workspace, key: string, name: string): boolean =>
        workspace.clusterChoices([key]).some((choice) => choice.name === name && choice.isPicked);
      const brought = before.propagate(asked);
      const stopped = before.stopPropagating(asked);
      if (!('reason' in brought)) {
        const after = open(checkFiles(written, brought));
        for (const key of templates) {
          for (const name of picked) {
            const isMissing = announced(brought, key, 'missing', name);
            assert.equal(isOn(after, key, name), !isMissing, `${key} ${name}`);
          }
        }
      }
      if (!('reason' in stopped)) {
        const after = open(checkFiles(written, stopped));
        for (const key of templates) {
          for (const name of picked.filter((each) => isOn(before, key, each))) {
            const stays = announced(stopped, key, 'remains', name);
            assert.equal(isOn(after, key, name), stays, `${key} ${name}`);
          }
        }
      }
    }),
    { numRuns: Math.ceil(numRuns / 2) },
  );
});
