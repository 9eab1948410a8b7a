import assert from 'node:assert/strict';
import { test } from 'node:test';
import { release } from '../../../../support/documents.ts';
import {
  diagnosticTexts,
  fixesFor,
  snapshotOf,
  told,
  withEdits,
} from '../../../../support/snapshots.ts';

const policy = (spec: string): string => `apiVersion: policy.karmada.io/v1alpha1
kind: PropagationPolicy
metadata:
  name: podinfo
  namespace: apps
spec:
${spec}`;

const selecting = `  resourceSelectors:
    - apiVersion: helm.toolkit.fluxcd.io/v2
      kind: HelmRelease
      name: podinfo
`;

/** What is told of one document, and of it after the first fix of a code. */
const tell = (text: string, fluxVersion = '2.9'): ReturnType<typeof told> =>
  told(snapshotOf({ 'a.yaml': text }, { fluxVersion })).filter(([code]) =>
    isOwn.test(code.split(' ')[0] ?? ''),
  );

/** Findings of other families do not count here. */
const isOwn =
  /^(yaml|unknown-field|missing|wrong|invalid|admission|values-not|release-name|duplicate|api-version|selector-api|field-needs)/;

function fixed(text: string, code: string, index = 0, fluxVersion = '2.9'): string {
  const documents = { 'a.yaml': text };
  const fix = fixesFor(snapshotOf(documents, { fluxVersion }), code)[index];
  assert(fix, `no fix for ${code}`);
  return withEdits(documents, fix.edits)['a.yaml'] ?? '';
}

test('says nothing about what is right', () => {
  assert.deepEqual(tell(release), []);
  assert.deepEqual(tell(policy(selecting)), []);
});

test('names the field that was probably meant and renames it', () => {
  const text = release.replace('  interval: 5m', '  intervall: 5m # often');
  assert.deepEqual(tell(text), [
    ['missing-field error', 'spec'],
    ['unknown-field error', 'intervall'],
  ]);
  assert.match(fixed(text, 'unknown-field'), /\n {2}interval: 5m # often\n/);
  assert.deepEqual(tell(fixed(text, 'unknown-field')), []);
});

test('tells a missing field on what should hold it', () => {
  const noName = release.replace('interval: 5m', 'interval: 5m\n  dependsOn:\n    - namespace: b');
  assert.deepEqual(tell(noName), [['missing-field error', 'namespace']]);
  assert.deepEqual(tell(policy('  placement: {}')), [['missing-field error', 'spec']]);
  const noSpec = policy('').replace('spec:\n', '');
  assert.deepEqual(tell(noSpec), [['missing-field error', 'kind: PropagationPolicy']]);
  assert.deepEqual(tell(release.replace('interval: 5m', 'interval:')), [
    ['missing-field error', 'interval'],
  ]);
});

test('tells everything that is wrong at once', () => {
  const text = policy(
    `${selecting}  priority: high\n  conflictResolution: overwrite\n  suspenson: {}\n  placement:\n    clusterAffinity: {}\n    clusterAffinities: [{affinityName: a}]\n`,
  );
  assert.deepEqual(tell(text), [
    ['wrong-type error', 'high'],
    ['invalid-value error', 'overwrite'],
    ['unknown-field error', 'suspenson'],
  ]);
});

test('offers the choices of a field, the nearest first', () => {
  const text = policy(`${selecting}  conflictResolution: overwrite\n`);
  assert.match(fixed(text, 'invalid-value'), /conflictResolution: Overwrite\n/);
});

test('quotes what is text and looks like something else', () => {
  const version = release.replace(
    'chart: podinfo\n',
    'chart: podinfo\n      version: 5.10 # pinned\n',
  );
  assert.deepEqual(tell(version), [['yaml-1-1 error', '5.10']]);
  assert.match(fixed(version, 'yaml-1-1'), /version: "5\.10" # pinned/);
  const number = release.replace('chart: podinfo\n', 'chart: 123\n');
  assert.deepEqual(tell(number), [['wrong-type error', '123']]);
  assert.match(fixed(number, 'wrong-type'), /chart: "123"\n/);
});

test('takes quotes away where a number or a switch is wanted', () => {
  const text = release.replace(
    'interval: 5m',
    'interval: 5m\n  suspend: "true"\n  maxHistory: "3"',
  );
  const once = fixed(text, 'wrong-type');
  assert.match(once, /suspend: true\n {2}maxHistory: "3"/);
  assert.deepEqual(tell(fixed(once, 'wrong-type')), []);
});

test('warns of values that Go reads as something else, and only of those', () => {
  const values = (lines: string): ReturnType<typeof told> =>
    tell(release.replace('    replicaCount: 1', lines));
  assert.deepEqual(values('    replicaCount: 1\n    enabled: true\n    ratio: 0.50'), []);
  assert.deepEqual(values('    defaultMode: 0644\n    limit: 1_000\n    mask: 0x1F'), []);
  assert.deepEqual(values('    enabled: yes'), [['yaml-1-1 information', 'yes']]);
  assert.deepEqual(values('    image: {tag: 1.10}'), [['yaml-1-1 warning', '1.10']]);
  assert.deepEqual(values('    tag: "1.10"'), []);
  assert.deepEqual(values('    countries: [se, no]'), [['yaml-1-1 warning', 'no']]);
  assert.deepEqual(values('    n: {a: 1}'), [['yaml-1-1 warning', 'n']]);
  assert.deepEqual(values('    group: 0123'), [['yaml-1-1 warning', '0123']]);
});

test('quotes a key', () => {
  const text = release.replace('    replicaCount: 1', '    n: {a: 1}');
  assert.match(fixed(text, 'yaml-1-1'), /\n {4}"n": \{a: 1\}/);
});

test('knows what else takes nothing but text', () => {
  const map =
    'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, labels: {on: x}}\ndata:\n  a: yes\n  b: "no"\n';
  assert.deepEqual(tell(map), [
    ['yaml-1-1 warning', 'on'],
    ['yaml-1-1 error', 'yes'],
  ]);
});

test('says which range Flux cannot use', () => {
  const of = (version: string): ReturnType<typeof told> =>
    tell(release.replace('chart: podinfo\n', `chart: podinfo\n      version: ${version}\n`));
  for (const fine of ['"*"', '""', '6.x', '">=6.0.0 <7"', '~> 1.2', '1.2 - 1.4']) {
    assert.deepEqual(of(fine), [], fine);
  }
  assert.deepEqual(of('latest'), [['invalid-value warning', 'latest']]);
});

test('says what Karmada refuses on the field that it names', () => {
  const text = policy(`${selecting.replace('      name: podinfo\n', '')}  preemption: Always\n`);
  assert.deepEqual(
    tell(text).filter(([code]) => code === 'admission-denied error'),
    [['admission-denied error', 'apiVersion']],
  );
  const both = policy(
    `${selecting}  placement:\n    clusterAffinity: {}\n    clusterAffinities: [{affinityName: a}]\n`,
  );
  assert.deepEqual(tell(both), [['admission-denied error', 'placement']]);
});

test('says what is accepted and has no effect, and removes it', () => {
  const labels = policy(`${selecting}      labelSelector: {matchLabels: {a: b}}\n`);
  assert.deepEqual(tell(labels), [['admission-ignored warning', 'labelSelector']]);
  assert.equal(fixed(labels, 'admission-ignored'), policy(selecting));
  const clusterWide = policy(selecting).replace('kind: P', 'kind: ClusterP');
  assert.deepEqual(tell(clusterWide), [['admission-ignored warning', 'namespace']]);
  assert.deepEqual(tell(policy(`${selecting}  association: true\n`)), [
    ['admission-ignored warning', 'association'],
  ]);
  const annotated = release.replace(
    'namespace: apps',
    'namespace: apps\n  annotations: {work.karmada.io/conflict-resolution: Overwrite}',
  );
  assert.deepEqual(tell(annotated), [['admission-ignored warning', 'Overwrite']]);
  assert.match(fixed(annotated, 'admission-ignored'), /conflict-resolution: overwrite}/);
});

test('says that deprecated overriders beside rules do nothing, and moves them', () => {
  const text = `apiVersion: policy.karmada.io/v1alpha1
kind: OverridePolicy
metadata: {name: a, namespace: apps}
spec:
  overriders:
    fieldOverrider:
      - fieldPath: /data/a
        yaml: [{subPath: /b, operator: remove}]
  overrideRules:
    - overriders:
        plaintext:
          - {path: /data/b, operator: remove, value: 1}
`;
  assert.deepEqual(tell(text), [
    ['admission-ignored warning', 'overriders'],
    ['admission-ignored warning', 'value'],
  ]);
  const moved = fixed(text, 'admission-ignored');
  assert.deepEqual(tell(moved), [['admission-ignored warning', 'value']]);
  assert.match(moved, /overrideRules:[^]*fieldPath: \/data\/a/);
});

test('says that gates are off, unless they are on', () => {
  const text = policy(`${selecting}  preemption: Always\n`);
  assert.deepEqual(tell(text), [['admission-ignored information', 'preemption']]);
  const on = snapshotOf(
    { 'a.yaml': text },
    { featureGates: { PropagationPolicyPreemption: true } },
  );
  assert(!told(on).some(([code]) => code.startsWith('admission')));
});

test('says that values are no mapping, and makes one of a text', () => {
  const text = release.replace(
    '  values:\n    replicaCount: 1',
    '  values: |\n    replicaCount: 1',
  );
  assert.deepEqual(tell(text), [['values-not-a-mapping warning', 'values']]);
  assert.equal(fixed(text, 'values-not-a-mapping'), release);
  assert.deepEqual(tell(release.replace('  values:\n    replicaCount: 1', '  values:')), []);
});

test('tells what becomes of a long release name', () => {
  const long = 'release-name-with-very-long-name-which-is-longer-than-53-characters';
  const text = release.replace('name: podinfo\n  namespace', `name: ${long}\n  namespace`);
  assert.deepEqual(tell(text), [['release-name-too-long warning', long]]);
  assert.match(
    diagnosticTexts(snapshotOf({ 'a.yaml': text })).join(),
    /release-name-with-very-long-name-which-i-788ca0d0d7b0/,
  );
  const given = release.replace('interval: 5m', `interval: 5m\n  releaseName: ${long}`);
  assert.deepEqual(tell(given), [['release-name-too-long error', long]]);
});

test('finds an object that is there twice, less loudly in another folder', () => {
  const at = (one: string, other: string): readonly string[] =>
    told(snapshotOf({ [one]: release, [other]: `# again\n${release}` }))
      .map(([code]) => code)
      .filter((code) => code.startsWith('duplicate'));
  assert.deepEqual(at('a.yaml', 'b.yaml'), ['duplicate-object warning']);
  assert.deepEqual(at('dev/a.yaml', 'prod/a.yaml'), ['duplicate-object information']);
  assert.deepEqual(tell(`${release}---\n${release}`), [['duplicate-object warning', 'podinfo']]);
});

test('tells kinds and versions that nobody serves', () => {
  assert.deepEqual(tell(release.replace('kind: HelmRelease', 'kind: HelmReleas')), [
    ['invalid-value error', 'HelmReleas'],
  ]);
  const text = policy(selecting).replace('v1alpha1', 'v1');
  assert.deepEqual(tell(text), [['invalid-value error', 'policy.karmada.io/v1']]);
  assert.equal(fixed(text, 'invalid-value'), policy(selecting));
  const other =
    'apiVersion: policy.karmada.io/v1alpha1\nkind: ClusterTaintPolicy\nmetadata: {name: a}\n';
  assert.deepEqual(tell(other), []);
});

test('warns of keys that are given twice, and of documents that are skipped', () => {
  const twice = release.replace('interval: 5m', 'interval: 5m\n  interval: 6m');
  assert.deepEqual(tell(twice), [['yaml-syntax warning', 'interval']]);
  const skipped = `${release}--- # kubectl reads this\n${release.replace('podinfo', 'b')}`;
  assert(!tell(skipped).some(([code]) => code.startsWith('yaml-syntax')));
  const ignored = `${release}--- !!map\n${release.replace('name: podinfo', 'name: b')}`;
  assert(tell(ignored).some(([code]) => code === 'yaml-syntax warning'));
});
