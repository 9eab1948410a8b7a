import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cluster, release } from '../../../../support/documents.ts';
import { marked, summary } from '../../../../support/marked.ts';

const codes = [
  'no-cluster-fits',
  'api-not-enabled',
  'untolerated-taint',
  'spread-unsatisfiable',
  'unknown-cluster',
];

const policy = (placement: string): string => `apiVersion: policy.karmada.io/v1alpha1
kind: PropagationPolicy
metadata:
  name: podinfo
  namespace: apps
spec:
  resourceSelectors:
    - apiVersion: helm.toolkit.fluxcd.io/v2
      kind: HelmRelease
      name: podinfo
  placement:
${placement.replaceAll(/^(?=.)/gm, '    ')}`;

const fluxless = cluster('bare').replace(/ {4}- groupVersion: helm[^\n]*\n[^\n]*\n/, '');
const tainted = cluster('gpu', '  taints: [{ key: gpu, value: a100, effect: NoSchedule }]\n');
const located = (name: string, region: string): string =>
  cluster(name, region === '' ? '' : `  region: ${region}\n`);
const fleet = cluster('member1') + cluster('member2') + fluxless + tainted;

const found = (placement: string, clusters = fleet) =>
  marked({ 'fleet.yaml': clusters, 'policy.yaml': policy(placement), 'r.yaml': release }, codes);

test('marks an affinity that no cluster meets', () => {
  const [one, ...more] = found(
    'clusterAffinity:\n  labelSelector:\n    matchLabels: { tier: gold }\n',
  );
  assert.deepEqual(more, []);
  assert.equal(one?.code, 'no-cluster-fits');
  assert.equal(one.text, 'clusterAffinity');
  assert.match(
    one.message,
    /^None of the 4 clusters meets it, so HelmRelease apps\/podinfo goes nowhere;/,
  );
});

test('marks every term of several that all fail', () => {
  const terms = `clusterAffinities:
  - affinityName: first
    labelSelector: { matchLabels: { tier: gold } }
  - affinityName: second
    clusterNames: [bare]
`;
  assert.deepEqual(summary(found(terms)), [
    'policy.yaml no-cluster-fits: affinityName',
    'policy.yaml api-not-enabled: bare',
  ]);
  const fallback = terms.replace('bare', 'member1');
  assert.deepEqual(found(fallback), []);
});

test('marks a named cluster without the API or with a taint, though others fit', () => {
  const all = found('clusterAffinity:\n  clusterNames: [member1, bare, gpu]\n');
  assert.deepEqual(summary(all), [
    'policy.yaml api-not-enabled: bare',
    'policy.yaml untolerated-taint: gpu',
  ]);
  assert.match(
    all[0]?.message ?? '',
    /^bare does not serve helm\.toolkit\.fluxcd\.io\/v2 HelmRelease, so HelmRelease apps\/podinfo does not go there;/,
  );
  assert.match(all[1]?.message ?? '', /^gpu has the taint gpu=a100:NoSchedule, which the policy/);
});

test('says nothing of clusters that an affinity merely includes', () => {
  assert.deepEqual(found('{}\n'.replace('{}', 'clusterTolerations: []')), []);
  assert.deepEqual(found('clusterAffinity:\n  exclude: [gpu]\n'), []);
});

test('marks the affinity with all clusters that it chose when none is left', () => {
  const two = fluxless + fluxless.replace('bare', 'bare2');
  const [one, ...more] = found(
    'clusterAffinity:\n  exclude: [member1]\n',
    two + cluster('member1'),
  );
  assert.deepEqual(more, []);
  assert.equal(`${one?.code} ${one?.text}`, 'api-not-enabled clusterAffinity');
  assert.match(one?.message ?? '', /^bare and bare2 do not serve .* goes nowhere;/);
});

test('says once what several templates of a policy miss', () => {
  const second = release.replace('name: podinfo', 'name: podinfo-canary');
  const both = policy('clusterAffinity:\n  clusterNames: [bare]\n').replace(
    '      name: podinfo\n',
    '',
  );
  const [one, ...more] = marked(
    { 'fleet.yaml': fleet, 'policy.yaml': both, 'a.yaml': release, 'b.yaml': second },
    codes,
  );
  assert.deepEqual(more, []);
  assert.match(one?.message ?? '', /HelmRelease apps\/podinfo and 1 more do not go there/);
});

test('marks a name that the fleet does not have, with the nearest', () => {
  const [one, ...more] = found('clusterAffinity:\n  clusterNames: [member1, membre2]\n');
  assert.deepEqual(more, []);
  assert.equal(`${one?.code} ${one?.text}`, 'unknown-cluster membre2');
  assert.match(
    one?.message ?? '',
    /nothing goes to a cluster of this name; did you mean member2\?$/,
  );
  const excluded = found('clusterAffinity:\n  exclude: [nowhere]\n');
  assert.match(excluded[0]?.message ?? '', /so this excludes no cluster; check the name\.$/);
});

test('tells an unknown name alone when it is all there is', () => {
  assert.deepEqual(summary(found('clusterAffinity:\n  clusterNames: [elsewhere]\n')), [
    'policy.yaml unknown-cluster: elsewhere',
  ]);
});

test('knows no unknown names while clusters are assumed', () => {
  assert.deepEqual(found('clusterAffinity:\n  clusterNames: [anything]\n', ''), []);
});

test('says of assumed clusters only what their names decide', () => {
  const labels =
    'clusterAffinity:\n  labelSelector: { matchLabels: { a: b } }\n  clusterNames: [m1]\n';
  assert.deepEqual(found(labels, ''), []);
  const region = `clusterAffinity: { clusterNames: [m1] }
spreadConstraints:
  - { spreadByField: region, minGroups: 1, maxGroups: 1 }
  - { spreadByField: cluster, minGroups: 1, maxGroups: 1 }
`;
  assert.deepEqual(found(region, ''), []);
  const excluded = found('clusterAffinity:\n  clusterNames: [m1]\n  exclude: [m1]\n', '');
  assert.deepEqual(summary(excluded), ['policy.yaml no-cluster-fits: clusterAffinity']);
  const many = `clusterAffinity: { clusterNames: [m1, m2] }
spreadConstraints:
  - { spreadByField: cluster, minGroups: 3, maxGroups: 3 }
`;
  const [one] = found(many, '');
  assert.equal(`${one?.code} ${one?.text}`, 'spread-unsatisfiable 3');
  assert.deepEqual(found(many.replace('{ clusterNames: [m1, m2] }', '{}'), ''), []);
});

test('marks constraints that no fleet can meet, whatever the policy selects', () => {
  const out = found('spreadConstraints:\n  - spreadByField: cluster\n    minGroups: 2\n');
  assert.deepEqual(summary(out), ['policy.yaml spread-unsatisfiable: spreadByField']);
  assert.match(
    out[0]?.message ?? '',
    /^Without maxGroups this lets no cluster through.*add maxGroups: 2 or more\.$/,
  );
  const zero = found('spreadConstraints:\n  - spreadByField: cluster\n    maxGroups: 0\n');
  assert.deepEqual(summary(zero), ['policy.yaml spread-unsatisfiable: 0']);
  const label = found('spreadConstraints:\n  - spreadByLabel: tier\n    maxGroups: 1\n');
  assert.deepEqual(summary(label), ['policy.yaml spread-unsatisfiable: tier']);
});

test('marks minGroups that the clusters that fit do not reach', () => {
  const constraints = (region: number, all: number): string => `spreadConstraints:
  - spreadByField: region
    minGroups: ${region}
    maxGroups: 3
  - spreadByField: cluster
    minGroups: ${all}
    maxGroups: 6
`;
  const regions = located('a1', 'a') + located('a2', 'a') + located('b1', 'b');
  assert.deepEqual(found(constraints(2, 3), regions), []);
  const [one] = found(constraints(3, 1), regions);
  assert.equal(`${one?.code} ${one?.text}`, 'spread-unsatisfiable 3');
  assert.match(one?.message ?? '', /^This asks for 3 regions, and only 2 fit \(a and b\), so/);
  assert.deepEqual(summary(found(constraints(1, 5), regions)), [
    'policy.yaml spread-unsatisfiable: 5',
  ]);
  const [field] = found(constraints(1, 1), located('a1', ''));
  assert.equal(`${field?.code} ${field?.text}`, 'spread-unsatisfiable region');
});
