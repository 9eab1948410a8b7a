import assert from 'node:assert/strict';
import { test } from 'node:test';
import { marked, summary } from '../../../../support/marked.ts';

const policy = (
  placement: string,
  kind = 'HelmRelease',
  apiVersion = 'helm.toolkit.fluxcd.io/v2',
) => ({
  'policy.yaml': `apiVersion: policy.karmada.io/v1alpha1
kind: PropagationPolicy
metadata:
  name: podinfo
  namespace: apps
spec:
  resourceSelectors:
    - apiVersion: ${apiVersion}
      kind: ${kind}
  placement:
${placement.replaceAll(/^(?=.)/gm, '    ')}`,
});

const ignored = (...given: Parameters<typeof policy>): readonly string[] =>
  summary(marked(policy(...given), ['placement-ignored'])).map((line) =>
    line.replace('policy.yaml placement-ignored: ', ''),
  );

const weights = `replicaScheduling:
  replicaSchedulingType: Divided
  replicaDivisionPreference: Weighted
  weightPreference:
    staticWeightList:
      - targetCluster: { clusterNames: [member1] }
        weight: 2
`;

test('weights on kinds without replicas', () => {
  assert.deepEqual(ignored(weights), ['replicaScheduling']);
  assert.deepEqual(ignored(weights, 'ConfigMap', 'v1'), ['replicaScheduling']);
  assert.deepEqual(ignored(weights, 'Deployment', 'apps/v1'), []);
  assert.deepEqual(ignored(weights, 'Workload', 'example.com/v1'), []);
  assert.deepEqual(ignored('replicaScheduling: { replicaSchedulingType: Duplicated }\n'), []);
});

test('constraints beside static weights', () => {
  const spread = 'spreadConstraints:\n  - { spreadByField: cluster, minGroups: 1, maxGroups: 2 }\n';
  assert.deepEqual(ignored(weights + spread, 'Deployment', 'apps/v1'), ['spreadConstraints']);
  assert.deepEqual(ignored('replicaScheduling: {}\n' + spread, 'Deployment', 'apps/v1'), [
    'spreadConstraints',
  ]);
  assert.deepEqual(ignored(spread), []);
});

test('constraints by what Karmada does not spread by', () => {
  const spread = `spreadConstraints:
  - { spreadByField: zone, minGroups: 2, maxGroups: 2 }
  - { spreadByField: cluster, minGroups: 1, maxGroups: 2 }
`;
  assert.deepEqual(ignored(spread), ['zone']);
});

test('a static list beside a dynamic weight', () => {
  const both = weights + '    dynamicWeight: AvailableReplicas\n';
  assert.deepEqual(ignored(both, 'Deployment', 'apps/v1'), ['staticWeightList']);
});
