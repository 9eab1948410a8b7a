import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parse } from 'yaml';
import { memberAt, override } from '../../../src/engine/index.ts';
import type { JsonObject } from '../../../src/engine/index.ts';
import { suspendedBy, suspendEdit } from '../../../src/live/index.ts';

const release = {
  apiVersion: 'helm.toolkit.fluxcd.io/v2',
  kind: 'HelmRelease',
  namespace: 'apps',
  name: 'podinfo',
};
const template: JsonObject = {
  apiVersion: release.apiVersion,
  kind: release.kind,
  metadata: { name: 'podinfo', namespace: 'apps' },
  spec: { interval: '5m', chartRef: { kind: 'OCIRepository', name: 'podinfo' } },
};
const member = (name: string): JsonObject => ({
  apiVersion: 'cluster.karmada.io/v1alpha1',
  kind: 'Cluster',
  metadata: { name },
  spec: { syncMode: 'Push' },
});
const clusters = ['member1', 'member2', 'member3'];

const afterEdit = (
  action: 'suspend' | 'resume',
  names: readonly string[],
  text: string,
): string => {
  const edit = suspendEdit({ release, clusters: names, action }, text);
  assert.ok('after' in edit, 'reason' in edit ? edit.reason : '');
  assert.equal(edit.before, text);
  return edit.after;
};

/** The clusters on which Karmada would suspend the release. */
function suspendedOn(text: string): readonly string[] {
  const policies = text === '' ? [] : [parse(text) as JsonObject];
  const [outcome] = override([...clusters.map(member), template, ...policies]);
  return (outcome?.variants ?? [])
    .filter(({ manifest }) => memberAt(manifest, 'spec', 'suspend') === true)
    .flatMap((variant) => variant.clusters)
    .toSorted();
}

test('A new file suspends the release where it was asked and nowhere else', () => {
  const text = afterEdit('suspend', ['member1', 'member3'], '');
  assert.deepEqual(suspendedOn(text), ['member1', 'member3']);
  assert.match(text, /^ {2}name: podinfo-suspend$/m);
});

test('More clusters are one more line each, and resuming takes these lines out', () => {
  const one = afterEdit('suspend', ['member1'], '');
  const commented = `# Kept.\n${one.replace('- member1', '- member1 # until Friday')}`;
  const two = afterEdit('suspend', ['member1', 'member2'], commented);
  assert.deepEqual(suspendedOn(two), ['member1', 'member2']);
  assert.equal(two.split('\n').length, commented.split('\n').length + 1);
  assert.equal(afterEdit('resume', ['member2'], two), commented);
});

test('A rule goes with its last cluster: without names it would be about every cluster', () => {
  const one = afterEdit('suspend', ['member1'], '');
  const object = parse(one) as { spec: { overrideRules: object[] } };
  const [first] = object.spec.overrideRules;
  const second = JSON.parse(JSON.stringify(first).replace('member1', 'member2')) as object;
  object.spec.overrideRules.push(second);
  const text = JSON.stringify(object, undefined, 2);
  const left = afterEdit('resume', ['member1'], text);
  assert.deepEqual(suspendedOn(left), ['member2']);
  assert.equal(afterEdit('resume', ['member1', 'member2'], text), '');
});

test('Resuming the last cluster removes the policy and leaves the other documents', () => {
  const own = afterEdit('suspend', ['member1'], '');
  assert.equal(afterEdit('resume', ['member1', 'member2'], own), '');
  const others = 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: x\n';
  const both = afterEdit('suspend', ['member1'], others);
  assert.ok(both.startsWith(`${others}---\n`));
  assert.equal(afterEdit('resume', ['member1'], both).trimEnd(), others.trimEnd());
});

test('Only a policy that does nothing else is edited', () => {
  const one = afterEdit('suspend', ['member1'], '');
  const strangers = [
    one.replace('name: podinfo\n', 'name: other\n'),
    one.replace('/spec/suspend', '/spec/interval'),
    one.replace('value: true', 'value: false'),
    one.replace('kind: OverridePolicy', 'kind: ClusterOverridePolicy'),
    one.replace('namespace: apps', 'namespace: other'),
    one.replace('clusterNames:', 'exclude:'),
  ];
  for (const text of strangers) {
    assert.notEqual(text, one);
    assert.equal(suspendedBy(parse(text) as JsonObject, release), undefined);
    const edit = suspendEdit({ release, clusters: ['member1'], action: 'resume' }, text);
    assert.ok('reason' in edit);
    assert.ok(afterEdit('suspend', ['member2'], text).startsWith(`${text}---\n`));
  }
});

test('A policy as the control plane stores it is still one that does nothing else', () => {
  const one = afterEdit('suspend', ['member1'], '');
  const stored = parse(one.replace('spec:\n', 'spec:\n  overriders: {}\n')) as JsonObject;
  assert.deepEqual(memberAt(stored, 'spec', 'overriders'), {});
  assert.deepEqual(suspendedBy(stored, release), ['member1']);
  const used = one.replace('spec:\n', 'spec:\n  overriders: { plaintext: [] }\n');
  assert.equal(suspendedBy(parse(used) as JsonObject, release), undefined);
});

test('Says when there is nothing to do', () => {
  const one = afterEdit('suspend', ['member1'], '');
  const again = suspendEdit({ release, clusters: ['member1'], action: 'suspend' }, one);
  assert.deepEqual(again, {
    reason: 'HelmRelease apps/podinfo is suspended there already.',
  });
  const elsewhere = suspendEdit({ release, clusters: ['member2'], action: 'resume' }, one);
  assert.ok('reason' in elsewhere);
});

test('Names of clusters are data', () => {
  const text = afterEdit('suspend', ['yes', '1e3', 'null'], '');
  assert.deepEqual(suspendedBy(parse(text) as JsonObject, release), ['yes', '1e3', 'null']);
});
