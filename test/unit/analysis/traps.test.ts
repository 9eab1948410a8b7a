import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createWorkspace } from '../../../src/analysis/index.ts';
import type { Workspace, WorkspaceOptions } from '../../../src/analysis/index.ts';

function release(version = 'v2', rest = ''): string {
  return `apiVersion: helm.toolkit.fluxcd.io/${version}
kind: HelmRelease
metadata: { name: web, namespace: apps }
spec:
  interval: 5m
  chart: { spec: { chart: a, version: 1.0.0, sourceRef: { kind: HelmRepository, name: a } } }
${rest}`;
}

function policy(kind: string, spec: string, version = 'v2'): string {
  return `---
apiVersion: policy.karmada.io/v1alpha1
kind: ${kind}
metadata: { name: p, namespace: apps }
spec:
  resourceSelectors: [{ apiVersion: helm.toolkit.fluxcd.io/${version}, kind: HelmRelease }]
  ${spec}
`;
}

function cluster(name: string, spec = '{}', groupVersion = 'helm.toolkit.fluxcd.io/v2'): string {
  return `---
apiVersion: cluster.karmada.io/v1alpha1
kind: Cluster
metadata: { name: ${name} }
spec: ${spec}
status: { apiEnablements: [{ groupVersion: ${groupVersion}, resources: [{ kind: HelmRelease }] }] }
`;
}

const everywhere = (version?: string): string =>
  policy('PropagationPolicy', 'placement: {}', version);

function open(options: WorkspaceOptions, ...texts: readonly string[]): Workspace {
  const workspace = createWorkspace(options);
  workspace.update('a.yaml', texts.join(''));
  return workspace;
}

const outcome = (workspace: Workspace) =>
  workspace.preview().outcomes.find(({ template }) => template.includes('/HelmRelease/'));
const codes = (workspace: Workspace): readonly string[] =>
  workspace.diagnostics('a.yaml').map(({ code }) => code);

test('a selector in an old version that is still served propagates nothing, and that is said', () => {
  const options = { fluxVersion: '2.5' };
  const fleet = cluster('m1');
  const silent = open(options, release('v2beta2'), everywhere('v2beta2'), fleet);
  assert.equal(outcome(silent)?.policy, undefined);
  assert(codes(silent).includes('api-version-removed'));
  const mended = open(options, release('v2beta2'), everywhere('v2'), fleet);
  assert.equal(outcome(mended)?.template, 'helm.toolkit.fluxcd.io/v2/HelmRelease/apps/web');
  assert.deepEqual(outcome(mended)?.clusters, ['m1']);
});

test('where the old version is the newest it propagates, where it is gone it is refused', () => {
  const old = 'helm.toolkit.fluxcd.io/v2beta2';
  const texts = [release('v2beta2'), everywhere('v2beta2'), cluster('m1', '{}', old)];
  assert.deepEqual(outcome(open({ fluxVersion: '2.2' }, ...texts))?.clusters, ['m1']);
  const gone = open({ fluxVersion: '2.9' }, ...texts);
  assert.equal(outcome(gone), undefined);
  assert(codes(gone).includes('api-version-removed'));
});

test('an override whose selector names an old version is never applied, and that is said', () => {
  const rules =
    'overrideRules: [{ overriders: { labelsOverrider: [{ operator: add, value: { a: b } }] } }]';
  const options = { fluxVersion: '2.5' };
  const workspace = open(
    options,
    release(),
    everywhere(),
    policy('OverridePolicy', rules, 'v2beta2'),
    cluster('m1'),
  );
  assert.deepEqual(
    outcome(workspace)?.variants.map(({ overrides }) => overrides),
    [undefined],
  );
  assert(codes(workspace).includes('selector-api-version'));
});

test('an override may touch a default that nobody wrote', () => {
  const path = '/spec/chart/spec/reconcileStrategy';
  const plaintext = `plaintext: [{ path: ${path}, operator: replace, value: Revision }]`;
  const rules = `overrideRules: [{ overriders: { ${plaintext} } }]`;
  const texts = [release(), everywhere(), policy('OverridePolicy', rules), cluster('m1')];
  const workspace = open({}, ...texts);
  const [variant] = outcome(workspace)?.variants ?? [];
  assert.equal(variant?.error, undefined);
  assert.match(JSON.stringify(variant?.manifest), /"reconcileStrategy":"Revision"/);
});

test('an override of annotations works on a release that has none', () => {
  const plaintext = 'plaintext: [{ path: /metadata/annotations/team, operator: add, value: x }]';
  const rules = `overrideRules: [{ overriders: { ${plaintext} } }]`;
  const texts = [release(), everywhere(), policy('OverridePolicy', rules), cluster('m1')];
  const workspace = open({}, ...texts);
  assert.equal(outcome(workspace)?.variants[0]?.error, undefined);
});

test('an empty replica scheduling is filled in and makes the spread count for nothing', () => {
  const spread = 'spreadConstraints: [{ spreadByField: cluster, maxGroups: 1 }]';
  const by = (placement: string): readonly string[] | undefined =>
    outcome(
      open(
        {},
        release(),
        policy('PropagationPolicy', `placement: { ${placement} }`),
        cluster('m1'),
        cluster('m2'),
      ),
    )?.clusters;
  assert.deepEqual(by(spread), ['m1']);
  assert.deepEqual(by(`${spread}, replicaScheduling: {}`), ['m1', 'm2']);
});

test('the deprecated zone of a cluster counts as its zones', () => {
  const expression = '{ key: zone, operator: In, values: [z1] }';
  const affinity = `clusterAffinity: { fieldSelector: { matchExpressions: [${expression}] } }`;
  const workspace = open(
    {},
    release(),
    policy('PropagationPolicy', `placement: { ${affinity} }`),
    cluster('m1', '{ zone: z1 }'),
    cluster('m2', '{ zone: z2 }'),
  );
  assert.deepEqual(outcome(workspace)?.clusters, ['m1']);
});

test('a limit of groups that is not given is found before it places nothing', () => {
  const spread = 'spreadConstraints: [{ spreadByField: cluster, minGroups: 1 }]';
  const workspace = open(
    {},
    release(),
    policy('PropagationPolicy', `placement: { ${spread} }`),
    cluster('m1'),
  );
  assert.match(outcome(workspace)?.error ?? '', /no clusters available to schedule$/);
  assert.notDeepEqual(codes(workspace), []);
});

test('lists in lists are opened', () => {
  const nested = (text: string): string => text.replaceAll('\n', '\n    ');
  const item = nested(`\n${release()}`).trimEnd().replace('\n    ', '');
  const list = `apiVersion: v1\nkind: List\nitems:\n- apiVersion: v1\n  kind: List\n  items:\n  - ${item}\n`;
  const workspace = open({}, list, everywhere(), cluster('m1'));
  assert.deepEqual(outcome(workspace)?.clusters, ['m1']);
  assert.deepEqual(workspace.templates()[0]?.range.start, { line: 8, character: 22 });
});

test('whatever stands in a list or a fleet, there is an answer', () => {
  const odd = [null, 5, 'x', [], {}, { kind: 'Cluster' }, { kind: 'List', items: [null] }];
  for (const value of [...odd, odd, { kind: 'List', items: odd }, JSON.stringify(odd), '\0', '[']) {
    const workspace = open({ fleet: value }, release(), everywhere());
    assert.equal(workspace.clusters().length, 0);
    assert.notEqual(outcome(workspace)?.error, undefined);
  }
});
