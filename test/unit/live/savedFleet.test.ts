import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createWorkspace } from '../../../src/analysis/index.ts';
import type { JsonObject, JsonValue } from '../../../src/engine/index.ts';
import { savedFleet } from '../../../src/live/index.ts';

const apis = (...kinds: readonly string[]): JsonValue =>
  kinds.map((kind) => ({
    groupVersion: 'helm.toolkit.fluxcd.io/v2',
    resources: [{ kind, name: `${kind.toLowerCase()}s` }],
  }));

const cluster = (name: string, more: JsonObject = {}): JsonObject => ({
  apiVersion: 'cluster.karmada.io/v1alpha1',
  kind: 'Cluster',
  metadata: { name, uid: 'u1', labels: { env: name }, managedFields: [{}] },
  spec: {
    syncMode: 'Push',
    apiEndpoint: 'https://secret.example',
    secretRef: { name: 's', namespace: 'n' },
    impersonatorSecretRef: { name: 's', namespace: 'n' },
    id: 'i1',
    proxyURL: 'http://user:password@proxy',
    proxyHeader: { token: 'x' },
    resourceModels: [],
    provider: 'aws',
    region: 'eu',
    zones: ['a'],
    ...more,
  },
  status: {
    kubernetesVersion: 'v1.36.1',
    apiEnablements: apis('HelmRelease'),
    conditions: [
      {
        type: 'Ready',
        status: 'True',
        reason: 'ClusterReady',
        lastTransitionTime: '2026-01-01T00:00:00Z',
      },
    ],
    nodeSummary: { totalNum: 3, readyNum: 3 },
    resourceSummary: {
      allocatable: { pods: '110' },
      allocatableModelings: [{ count: 1, grade: 0 }],
    },
  },
});

const documents = `
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: { name: podinfo, namespace: default }
spec: { interval: 5m, chartRef: { kind: OCIRepository, name: podinfo } }
---
apiVersion: policy.karmada.io/v1alpha1
kind: PropagationPolicy
metadata: { name: podinfo, namespace: default }
spec:
  resourceSelectors: [{ apiVersion: helm.toolkit.fluxcd.io/v2, kind: HelmRelease }]
  placement:
    clusterAffinity:
      labelSelector: { matchExpressions: [{ key: env, operator: Exists }] }
      fieldSelector: { matchExpressions: [{ key: provider, operator: In, values: [aws, gcp] }] }
---
apiVersion: policy.karmada.io/v1alpha1
kind: OverridePolicy
metadata: { name: podinfo, namespace: default }
spec:
  overrideRules:
    - targetCluster: { labelSelector: { matchLabels: { env: member1 } } }
      overriders:
        plaintext: [{ path: /spec/interval, operator: replace, value: 9m }]
`;

function outcomesOn(fleet: JsonValue | string): unknown {
  const workspace = createWorkspace({ fleet });
  workspace.update('file:///a.yaml', documents);
  return workspace.preview().outcomes;
}

test('Previews from the saved file equal those on the clusters themselves', () => {
  const member = fc.record({
    taints: fc.subarray([
      { key: 'a', effect: 'NoSchedule', timeAdded: '2026-01-01T00:00:00Z' },
      { key: 'cluster.karmada.io/unschedulable', effect: 'NoSchedule' },
    ]),
    provider: fc.constantFrom('aws', 'gcp', 'yes', '', '1e3'),
    serves: fc.subarray(['HelmRelease', 'Thing']),
    ready: fc.constantFrom('True', 'False', 'Unknown'),
    isDeleting: fc.boolean(),
    label: fc.constantFrom('member1', 'null', 'a: b # c', 'two\nlines', '\u0007'),
  });
  const fleet = fc.array(member, { maxLength: 6 }).map((members) =>
    members.map(({ taints, provider, serves, ready, isDeleting, label }, i): JsonObject => {
      const made = cluster(`member${i}`, { taints, provider });
      const metadata = made['metadata'] as JsonObject;
      const status = made['status'] as JsonObject;
      return {
        ...made,
        metadata: {
          ...metadata,
          labels: { env: label },
          ...(isDeleting ? { deletionTimestamp: '2026-01-01T00:00:00Z' } : {}),
        },
        status: {
          ...status,
          apiEnablements: apis(...serves),
          conditions: [{ type: 'Ready', status: ready }],
        },
      };
    }),
  );
  fc.assert(
    fc.property(fleet, (clusters) => {
      assert.deepEqual(outcomesOn(savedFleet(clusters)), outcomesOn(clusters));
    }),
    { numRuns: 100 },
  );
});

test('Nothing of how to reach a member is saved, nor what changes with every write', () => {
  const text = savedFleet([cluster('member1')]);
  for (const word of [
    'secret',
    'proxy',
    'i1',
    'u1',
    'managed',
    'Models',
    'Modelings',
    'Transition',
  ]) {
    assert.ok(!text.toLowerCase().includes(word.toLowerCase()), word);
  }
  assert.match(text, /readyNum: 3/);
});

test('APIs of several clusters are written once', () => {
  const text = savedFleet([cluster('b'), cluster('a'), cluster('c')]);
  assert.equal(text.match(/groupVersion/g)?.length, 1);
  assert.ok(text.indexOf('name: a') < text.indexOf('name: b'));
});

test('A fleet of a thousand real clusters can be read again', () => {
  const kinds = Array.from({ length: 400 }, (_, i) => `Kind${i}`);
  const big = { apiEnablements: apis(...kinds) };
  const clusters = Array.from({ length: 1000 }, (_, i): JsonObject => {
    const made = cluster(`member${i}`);
    return { ...made, status: big };
  });
  const text = savedFleet(clusters);
  assert.ok(text.length < 3_000_000, `${text.length}`);
  assert.equal(createWorkspace({ fleet: text }).clusters().length, 1000);
});

test('Clusters of any shape are saved as far as they go', () => {
  const text = savedFleet([{}, { metadata: 3, spec: [], status: { apiEnablements: 'x' } }]);
  assert.match(text, /^apiVersion: v1\nkind: List\nitems:\n/);
  assert.equal(savedFleet([]), 'apiVersion: v1\nkind: List\nitems: []\n');
});
