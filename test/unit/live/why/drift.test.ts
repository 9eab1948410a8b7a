import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { JsonObject } from '../../../../src/engine/index.ts';
import { compareManifests, compareWithMember, liveText } from '../../../../src/live/index.ts';
import { memberAt } from '../../../../src/engine/index.ts';
import { recordedObjects } from '../../../support/releasesFixture.ts';

const names = { before: 'the Work for member1', after: 'the object on member1' };

function recordedManifest(): JsonObject {
  const work = recordedObjects().find(
    (object) =>
      object['kind'] === 'Work' &&
      memberAt(object, 'metadata', 'namespace') === 'karmada-es-member1' &&
      memberAt(object, 'spec', 'workload', 'manifests') !== undefined &&
      JSON.stringify(object).includes('"podinfo-helmrelease"'),
  );
  const manifests = memberAt(work ?? {}, 'spec', 'workload', 'manifests');
  assert.ok(Array.isArray(manifests));
  return manifests[0];
}

/** As a member's API server and Flux keep it. */
function onMember(manifest: JsonObject, spec: JsonObject = {}): JsonObject {
  const metadata = manifest['metadata'] as JsonObject;
  return {
    ...manifest,
    metadata: {
      ...metadata,
      uid: 'f0b1',
      resourceVersion: '42',
      generation: 1,
      creationTimestamp: '2026-11-23T01:00:18Z',
      finalizers: ['finalizers.fluxcd.io'],
      annotations: {
        ...(metadata['annotations'] as JsonObject),
        'reconcile.fluxcd.io/requestedAt': 'now',
      },
    },
    spec: { ...(manifest['spec'] as JsonObject), ...spec },
    status: { observedGeneration: 1 },
  };
}

test('what servers and Karmada add or keep is no drift', () => {
  const manifest = recordedManifest();
  const answer = compareWithMember(manifest, onMember(manifest), names);
  assert.equal(answer.isSame, true);
  assert.equal(answer.before, answer.after);
  assert.match(answer.before, /^# No difference between the Work for member1 and/);
  assert.doesNotMatch(answer.before, /karmada\.io|uid|status:|last-applied/);
});

test('what the member has alone is named, and no line is too long', () => {
  const manifest: JsonObject = {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'x', namespace: 'apps', labels: { app: 'x' } },
  };
  const found: JsonObject = {
    ...manifest,
    metadata: {
      ...(manifest['metadata'] as JsonObject),
      labels: { app: 'x', team: 'blue', 'work.karmada.io/name': 'w' },
      annotations: {
        owner: 'ada',
        'kubectl.kubernetes.io/last-applied-configuration': '{}',
        'work.karmada.io/conflict-resolution': 'abort',
      },
    },
  };
  const answer = compareWithMember(manifest, found, names);
  assert.equal(answer.isSame, true);
  assert.equal(answer.before, answer.after);
  const comment = answer.before.split('\n').filter((line) => line.startsWith('#'));
  assert.equal(
    comment.map((line) => line.slice(2)).join(' '),
    'No difference between the Work for member1 and the object on member1. ' +
      'Karmada keeps what the member has alone: label team, annotation owner.',
  );
  assert.ok(comment.length > 1 && comment.every((line) => line.length <= 100));
});

test('defaults that only the member has filled in are no drift', () => {
  const manifest = {
    apiVersion: 'helm.toolkit.fluxcd.io/v2',
    kind: 'HelmRelease',
    metadata: { name: 'x', namespace: 'apps' },
    spec: { interval: '5m', chart: { spec: { chart: 'x', sourceRef: { kind: 'A', name: 'b' } } } },
  };
  const found = {
    ...manifest,
    spec: {
      interval: '5m',
      chart: {
        spec: {
          chart: 'x',
          reconcileStrategy: 'ChartVersion',
          sourceRef: { kind: 'A', name: 'b' },
          version: '*',
        },
      },
    },
  };
  assert.equal(compareWithMember(manifest, found, names).isSame, true);
});

test('a change on the member is drift, and stands alone', () => {
  const manifest = recordedManifest();
  const answer = compareWithMember(manifest, onMember(manifest, { suspend: true }), names);
  assert.equal(answer.isSame, false);
  const added = answer.after
    .split('\n')
    .filter((line) => !answer.before.split('\n').includes(line));
  assert.deepEqual(added, ['  suspend: true']);
});

test('what Karmada retains on the member is no drift', () => {
  const service = (spec: JsonObject) => ({
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'x', namespace: 'apps' },
    spec,
  });
  const wanted = service({ ports: [{ port: 80 }] });
  const found = service({ ports: [{ port: 80 }], clusterIP: '10.0.0.1', clusterIPs: ['10.0.0.1'] });
  assert.equal(compareWithMember(wanted, found, names).isSame, true);
});

test('values of Secrets are never shown', () => {
  const secret = (value: string): JsonObject => ({
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: 'x', namespace: 'apps' },
    data: { same: 'c2FtZQ==', other: value },
  });
  const { before, after } = compareWithMember(secret('b25l'), secret('dHdv'), names);
  const sent = compareManifests(secret('b25l'), secret('b25l'), names);
  const all = before + after + sent.before + sent.after + liveText(secret('b25l'));
  assert.doesNotMatch(all, /c2FtZQ|b25l|dHdv/);
  assert.match(before, /other: "\*\*\* \(before\)"/);
});

test('values of Secrets are not shown inside other objects either: a Work holds what it brings', () => {
  const secret: JsonObject = {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: {
      name: 'x',
      annotations: {
        'kubectl.kubernetes.io/last-applied-configuration': '{"stringData":{"token":"hunter2"}}',
      },
    },
    data: { token: 'aHVudGVyMg==' },
    stringData: { token: 'hunter2' },
  };
  const work = liveText({
    apiVersion: 'work.karmada.io/v1alpha1',
    kind: 'Work',
    metadata: { name: 'x' },
    spec: {
      workload: { manifests: [secret, { kind: 'List', apiVersion: 'v1', items: [secret] }] },
    },
  });
  assert.doesNotMatch(work, /hunter2|aHVudGVyMg/);
  assert.equal(work.match(/token: "\*\*\*"/g)?.length, 4);
});

test('a live object is printed in the order that people write, without noise', () => {
  const text = liveText({
    status: { phase: 'Active' },
    spec: { b: 1, a: 2 },
    metadata: {
      name: 'x',
      managedFields: [{ manager: 'kubectl' }],
      annotations: { 'kubectl.kubernetes.io/last-applied-configuration': '{}' },
    },
    kind: 'Namespace',
    apiVersion: 'v1',
  });
  assert.equal(
    text,
    'apiVersion: v1\nkind: Namespace\nmetadata:\n  name: x\nspec:\n  a: 2\n  b: 1\nstatus:\n  phase: Active\n',
  );
});
