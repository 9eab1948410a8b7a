import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  cluster,
  open,
  overridePolicy,
  propagation,
  release,
  releaseKey,
} from '../../support/documents.ts';

const fleet = ['member1', 'member2', 'member10'].map((name) => cluster(name)).join('');
const base = { 'fleet.yaml': fleet, 'release.yaml': release, 'policy.yaml': propagation };
const change = overridePolicy('member1', '/spec/values/replicaCount', '2');

test('groups clusters by what they get, those first that need attention', () => {
  const workspace = open({ ...base, 'change.yaml': change });
  assert.deepEqual(
    workspace.entries(releaseKey).map(({ label, state }) => [label, state]),
    [
      ['member1', 'changed'],
      ['member2 + 1 more', 'unchanged'],
    ],
  );
});

test('follows an edit of an override', () => {
  const workspace = open({ ...base, 'change.yaml': change });
  workspace.update('change.yaml', change.replace('value: 2', 'value: 7'));
  const text = workspace.previewText({ template: releaseKey, side: 'cluster', cluster: 'member1' });
  assert.match(text, /replicaCount: 7/);
});

test('keeps the texts of an untouched release the same through edits elsewhere', () => {
  const workspace = open({ ...base, 'change.yaml': change });
  const request = { template: releaseKey, side: 'cluster', cluster: 'member2' } as const;
  const before = workspace.previewText(request);
  workspace.update('change.yaml', change.replace('value: 2', 'value: 7'));
  assert.equal(workspace.previewText(request), before);
});

test('says in the first line that a group has changed', () => {
  const workspace = open({ ...base, 'change.yaml': change });
  const entry = workspace.entries(releaseKey)[1];
  assert(entry);
  const { cluster: name, group } = entry;
  const request = { template: releaseKey, side: 'cluster', cluster: name, group } as const;
  assert.doesNotMatch(workspace.previewText(request), /group has changed/);
  workspace.update('change.yaml', change.replace('[member1]', '[member1, member10]'));
  assert.match(workspace.previewText(request), /^# The group has changed .*: now member2\./);
});

test('names what is assumed at the top, the same on both sides', () => {
  const workspace = open(base);
  const [left, right] = (['template', 'cluster'] as const).map((side) =>
    workspace.previewText({ template: releaseKey, side, cluster: 'member1' }).split('\n'),
  );
  assert.match(
    right?.[1] ?? '',
    /^# Karmada 1\.18, default feature gates, skips kube-\.\*, first placement\.$/,
  );
  assert.match(right?.[3] ?? '', /^# 3 clusters from fleet\.yaml\.$/);
  assert.deepEqual(left?.slice(1, 4), right?.slice(1, 4));
});

test('says that a Karmada version is not modelled', () => {
  const [first] = open(base, { karmadaVersion: 'v1.20.1' }).preview().assumptions;
  assert.match(first ?? '', /^Karmada 1\.20\.1 is not modelled; shown is what 1\.18 does/);
});

test('assumes the clusters that policies name when there are none', () => {
  const workspace = open({ 'release.yaml': release, 'policy.yaml': propagation, 'c.yaml': change });
  assert.deepEqual(workspace.clusters(), [
    { name: 'member1', description: 'assumed: only named by policies', assumed: true },
  ]);
  assert.match(workspace.preview().assumptions[2] ?? '', /1 cluster assumed from the names/);
  assert.equal(workspace.entries(releaseKey)[0]?.state, 'changed');
});

test('takes the fleet from its options before Clusters among the documents', () => {
  const options = { fleet: cluster('other'), fleetName: 'saved.yaml' };
  const workspace = open(base, options);
  assert.deepEqual(
    workspace.clusters().map(({ name }) => name),
    ['other'],
  );
  assert.equal(workspace.versions().fleet, '1 cluster from saved.yaml.');
});

test('says why a release goes nowhere', () => {
  const { 'policy.yaml': _policy, ...unclaimed } = base;
  const workspace = open(unclaimed);
  const [entry] = workspace.entries(releaseKey);
  assert.deepEqual([entry?.state, entry?.label], ['unclaimed', 'No policy claims it']);
  const text = workspace.previewText({ template: releaseKey, side: 'cluster', cluster: '' });
  assert.match(text, /No policy claims it/);
});

test('says why a cluster is left out, with the words of Karmada', () => {
  const taint = '  taints: [{ key: gpu, effect: NoSchedule }]\n';
  const workspace = open({ ...base, 'fleet.yaml': fleet + cluster('gpu1', taint) });
  const text = workspace.previewText({ template: releaseKey, side: 'cluster', cluster: 'gpu1' });
  assert.match(text, /does not tolerate a taint/);
  assert.match(text, /untolerated taint \{gpu:NoSchedule\}/);
});

test('reports a failing override on its path, once for all clusters', () => {
  const bad = overridePolicy('member1, member2', '/spec/values/image/tag', '"1"', 'replace');
  const workspace = open({ ...base, 'bad.yaml': bad });
  const [problem, ...more] = workspace.diagnostics('bad.yaml');
  assert.equal(more.length, 0);
  assert.equal(problem?.code, 'override-fails');
  assert.match(problem?.message ?? '', /on member1 and member2.*doc is missing path/);
  assert.deepEqual(problem?.range, {
    start: { line: 11, character: 18 },
    end: { line: 11, character: 40 },
  });
  const text = workspace.previewText({ template: releaseKey, side: 'cluster', cluster: 'member1' });
  assert.match(text, /See OverridePolicy apps\/change, rule 1, plaintext 1 \(bad\.yaml:12\)/);
});

test('reports what the API server refuses on the field that it names', () => {
  const workspace = open({ ...base, 'release.yaml': release.replace('interval:', 'intervall:') });
  const codes = workspace
    .diagnostics('release.yaml')
    .map(({ code, range }) => [code, range.start.line]);
  assert.deepEqual(codes, [
    ['missing-field', 5],
    ['unknown-field', 6],
  ]);
  assert.equal(workspace.entries(releaseKey)[0]?.state, 'refused');
});

test('previews a release in the version that the detector sees', () => {
  const old = release.replace('toolkit.fluxcd.io/v2', 'toolkit.fluxcd.io/v2beta2');
  const workspace = open({ ...base, 'release.yaml': old }, { fluxVersion: '2.5' });
  assert.deepEqual(
    workspace.templates().map(({ key, apiVersion }) => [key, apiVersion]),
    [[releaseKey, 'helm.toolkit.fluxcd.io/v2beta2']],
  );
});

test('refuses a version that the Flux in force does not serve', () => {
  const old = release.replace('toolkit.fluxcd.io/v2', 'toolkit.fluxcd.io/v2beta2');
  const workspace = open({ ...base, 'release.yaml': old });
  const [problem] = workspace.diagnostics('release.yaml');
  assert.equal(problem?.code, 'api-version-removed');
  assert.match(problem.message, /Flux 2\.8 and later do not serve/);
});

test('tells who set each changed value', () => {
  const workspace = open({ ...base, 'change.yaml': change });
  const request = { template: releaseKey, side: 'cluster', cluster: 'member1' } as const;
  const [note] = workspace.provenance(request);
  const line = workspace.previewText(request).split('\n')[note?.range.start.line ?? 0];
  assert.equal(line?.trim(), 'replicaCount: 2');
  assert.equal(
    note?.detail,
    'Changed by OverridePolicy apps/change, rule 1, plaintext 1: /spec/values/replicaCount',
  );
  assert.equal(note?.target?.uri, 'change.yaml');
});

test('puts a lens above releases and policies', () => {
  const workspace = open({ ...base, 'change.yaml': change });
  const titles = ['release.yaml', 'policy.yaml', 'change.yaml', 'fleet.yaml'].map((uri) =>
    workspace.lenses(uri).map(({ title }) => title),
  );
  assert.deepEqual(titles, [
    ['3 clusters · 1 changed'],
    ['1 release · 3 clusters · 1 changed'],
    ['1 release · 3 clusters · 1 changed'],
    [],
  ]);
});

test('counts for an override policy what that policy itself does', () => {
  const idle = change.replace('name: change', 'name: idle').replace('value: 2', 'value: 1');
  const workspace = open({ ...base, 'change.yaml': change, 'idle.yaml': idle });
  const [lens] = workspace.lenses('change.yaml');
  assert.equal(lens?.title, '1 release · 3 clusters · 1 changed');
});

test('takes an override policy of the same name in another namespace for what it is', () => {
  const namesake = change.replace('namespace: apps', 'namespace: other');
  assert.notEqual(namesake, change);
  const workspace = open({ ...base, 'change.yaml': change, 'other.yaml': namesake });
  const titles = ['change.yaml', 'other.yaml'].map((uri) => workspace.lenses(uri)[0]?.title);
  assert.deepEqual(titles, ['1 release · 3 clusters · 1 changed', 'Overrides nothing']);
});

test('shows a Secret without its values', () => {
  const secret =
    'apiVersion: v1\nkind: Secret\nmetadata: {name: s, namespace: apps}\nstringData: {token: hunter2}\n';
  const own = overridePolicy('member1', '/stringData/token', 'hunter3');
  const workspace = open({ ...base, 'secret.yaml': secret, 'own.yaml': own });
  const key = 'v1/Secret/apps/s';
  const sides = (['template', 'cluster'] as const).map((side) =>
    workspace.previewText({ template: key, side, cluster: 'member1' }),
  );
  assert.match(sides[0] ?? '', /token: '?"?\*\*\* \(before\)/);
  assert.match(sides[1] ?? '', /token: '?"?\*\*\* \(after\)/);
  const everything = JSON.stringify([sides, workspace.preview(), workspace.entries(key)]);
  assert.doesNotMatch(everything, /hunter/);
});

test('of two objects with one key takes the last', () => {
  const workspace = open({ ...base, 'a.yaml': release.replace('5m', '9m') });
  assert.match(
    workspace.previewText({ template: releaseKey, side: 'cluster', cluster: 'member1' }),
    /interval: 5m/,
  );
  assert.deepEqual(
    workspace.lenses('a.yaml').map(({ title }) => title),
    ['Defined again below'],
  );
});

test('answers for unknown documents and templates', () => {
  const workspace = open(base);
  assert.deepEqual(workspace.diagnostics('nowhere'), []);
  assert.deepEqual(workspace.entries('nothing'), []);
  assert.match(
    workspace.previewText({ template: 'a/B/c/d', side: 'cluster', cluster: 'member1' }),
    /d is no longer among the documents/,
  );
  workspace.remove('release.yaml');
  assert.deepEqual(workspace.templates(), []);
});
