import assert from 'node:assert/strict';
import { test } from 'node:test';
import type {
  LiveControlPlane,
  Workspace,
  WorkspaceOptions,
} from '../../../../src/analysis/index.ts';
import { codesIn, controlPlane, over } from './controlPlane.ts';

type Differences = NonNullable<LiveControlPlane['differences']>;

const nothing: Differences = { lacking: new Map(), unknown: new Map() };
const propagation = 'PropagationPolicy';

const draft = (...spec: readonly string[]): string =>
  [
    'apiVersion: policy.karmada.io/v1alpha1',
    'kind: PropagationPolicy',
    'metadata: { name: all, namespace: apps }',
    'spec:',
    '  resourceSelectors:',
    '    - { apiVersion: helm.toolkit.fluxcd.io/v2, kind: HelmRelease, namespace: apps }',
    '    - { apiVersion: source.toolkit.fluxcd.io/v1, kind: HelmRepository, namespace: apps }',
    ...spec.map((line) => `  ${line}`),
    '',
  ].join('\n');

const grouped = draft(
  'placement:',
  '  clusterAffinities:',
  '    - affinityName: first',
  '      clusterNames: [member1]',
  '    - affinityName: second',
  '      clusterNames: [member2]',
  '      overflowAffinities:',
  '        - { affinityName: more, clusterNames: [member3] }',
);

const purging = draft(
  'placement: { clusterAffinity: { clusterNames: [member1] } }',
  'failover:',
  '  application:',
  '    decisionConditions: { tolerationSeconds: 60 }',
  '    purgeMode: Gracefully',
);

const said = (
  live: Partial<LiveControlPlane> | undefined,
  text: string,
  options: WorkspaceOptions = {},
): readonly string[] =>
  over(live && controlPlane(live), { 'pp.yaml': text }, options)
    .diagnostics('pp.yaml')
    .filter(({ code }) => code === 'field-not-in-karmada')
    .map(({ range, message }) => {
      const line = text.split('\n')[range.start.line] ?? '';
      return `${line.slice(range.start.character, range.end.character)}: ${message}`;
    });

const errorsIn = (workspace: Workspace): readonly string[] =>
  workspace
    .diagnostics('pp.yaml')
    .filter(({ severity }) => severity === 'error')
    .map(({ code }) => code);

const assumed = (live: Partial<LiveControlPlane>): string =>
  over(controlPlane(live), {}).preview().assumptions[0] ?? '';

test('exactly what is modelled needs no word', () => {
  const live = { karmadaVersion: '1.18', differences: nothing };
  assert.equal(
    assumed(live),
    'Karmada 1.18 on prod, default feature gates, skips kube-.*, from the present placements.',
  );
  assert.deepEqual(said(live, grouped), []);
  assert.deepEqual(said(live, purging), []);
  assert.deepEqual(said(undefined, grouped), []);
});

test('what the server lacks is named in previews and told on the field of a draft', () => {
  const path = 'spec.placement.clusterAffinities[].overflowAffinities';
  const live = {
    karmadaVersion: '1.17',
    differences: { ...nothing, lacking: new Map([[propagation, [{ path }]]]) },
  };
  assert.match(
    assumed(live),
    /^Karmada 1\.17 on prod is not modelled; .* It does not have placement\.clusterAffinities\[\]\.overflowAffinities\.$/,
  );
  const place = 'placement.clusterAffinities[].overflowAffinities';
  assert.equal(over(controlPlane(live), {}).versions().doubts, `It does not have ${place}.`);
  assert.deepEqual(said(live, grouped), [
    'overflowAffinities: overflowAffinities is not in Karmada 1.17 on prod: its API server refuses the policy or leaves overflowAffinities out. Leave it out or upgrade Karmada.',
  ]);
  assert.deepEqual(said(live, purging), []);
});

test('CRDs that are older than Karmada count, and those of no release', () => {
  const lacking = new Map([[propagation, [{ path: 'spec.failover' }]]]);
  const differences = { ...nothing, lacking };
  const old = { karmadaVersion: '1.18.2', differences };
  assert.match(assumed(old), /^Karmada 1\.18\.2 on prod, .* It does not have failover\.$/);
  assert.equal(said(old, purging).length, 1);
  const patched = { karmadaVersion: '', differences };
  assert.match(assumed(patched), /does not tell its version, .* It does not have failover\.$/);
  assert.match(
    said(patched, purging)[0] ?? '',
    /^failover: failover is not in the Karmada on prod/,
  );
});

test('a version that the user sets counts as long as nothing is live', () => {
  const options = { karmadaVersion: '1.14' };
  assert.match(said(undefined, grouped, options)[0] ?? '', /is not in Karmada 1\.14: /);
  assert.deepEqual(said(undefined, purging, options), [
    'Gracefully: Karmada 1.14 does not take this purgeMode: its API server refuses the policy. Choose another value, or the Karmada that has it.',
  ]);
  assert.deepEqual(said({ differences: nothing }, purging, options), []);
});

test('what only the server has is in doubt, and no error in a draft', () => {
  const text = draft(
    'placement: { clusterAffinity: { clusterNames: [member3] } }',
    'newer: { deep: 1 }',
    'preemption: Sometimes',
  );
  const unknown = new Map([
    [propagation, [{ path: 'spec.newer' }, { path: 'spec.preemption', values: ['Sometimes'] }]],
  ]);
  const live = controlPlane({
    karmadaVersion: '1.19 or newer',
    differences: { ...nothing, unknown },
  });
  const workspace = over(live, { 'pp.yaml': text });
  assert.match(
    workspace.preview().assumptions[0] ?? '',
    / In doubt: newer, preemption \(Sometimes\), which only it has; what has changed since 1\.18\.$/,
  );
  assert.deepEqual(errorsIn(workspace), []);
  const outcome = workspace.preview().outcomes.find(({ clusters = [] }) => clusters.length > 0);
  assert.deepEqual(outcome?.clusters, ['member3']);
  const broken = text.replace('placement:', 'placemnt:');
  assert.deepEqual(errorsIn(over(live, { 'pp.yaml': broken })), ['unknown-field']);
  const modelled = over(controlPlane(), { 'pp.yaml': text });
  assert.deepEqual(errorsIn(modelled), ['unknown-field', 'invalid-value']);
});

test('findings follow what the server says', () => {
  const path = 'spec.suspension';
  const live = controlPlane({
    differences: { ...nothing, lacking: new Map([[propagation, [{ path }]]]) },
  });
  const workspace = over(live, { 'pp.yaml': draft('suspension: { dispatching: true }') });
  assert.ok(codesIn(workspace, 'pp.yaml').includes('field-not-in-karmada'));
  workspace.setLive({ ...live, differences: nothing });
  assert.ok(!codesIn(workspace, 'pp.yaml').includes('field-not-in-karmada'));
  workspace.setLive(undefined);
  assert.ok(!codesIn(workspace, 'pp.yaml').includes('field-not-in-karmada'));
});
