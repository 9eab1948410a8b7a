import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { LiveControlPlane, Workspace } from '../../../../src/analysis/index.ts';
import type { JsonObject } from '../../../../src/engine/index.ts';
import { cluster, controlPlane, over, policy, release, repository } from './controlPlane.ts';

const documents: Readonly<Record<string, readonly string[]>> = {
  'shop.yaml': ['v2', 'v2beta2'].map(
    (version) => `apiVersion: helm.toolkit.fluxcd.io/${version}
kind: HelmRelease
metadata: { name: shop, namespace: apps }
spec:
  interval: 1m
  chart:
    spec: { chart: shop, version: 1.x, sourceRef: { kind: HelmRepository, name: charts } }
`,
  ),
  'policies.yaml': ['[member1]', '[member1, member3]', '[member2, member9]'].map(
    (names) => `apiVersion: policy.karmada.io/v1alpha1
kind: PropagationPolicy
metadata: { name: all, namespace: apps }
spec:
  resourceSelectors: [{ apiVersion: helm.toolkit.fluxcd.io/v2, kind: HelmRelease }]
  placement: { clusterAffinity: { clusterNames: ${names} } }
---
apiVersion: policy.karmada.io/v1alpha1
kind: OverridePolicy
metadata: { name: slow, namespace: apps }
spec:
  overrideRules:
    - targetCluster: { clusterNames: ${names} }
      overriders: { plaintext: [{ path: /spec/interval, operator: replace, value: 2h }] }
`,
  ),
};

/** Everything that editors ask. */
function answers(workspace: Workspace): unknown {
  return {
    preview: workspace.preview(),
    templates: workspace.templates().map((template) => {
      const entries = workspace.entries(template.key);
      const texts = entries.flatMap(({ cluster: name, group }) =>
        (['template', 'cluster'] as const).map((side) =>
          workspace.previewText({ template: template.key, side, cluster: name, group }),
        ),
      );
      return { template, entries, texts };
    }),
    documents: Object.keys(documents).map((uri) => [
      workspace.diagnostics(uri),
      workspace.lenses(uri),
      workspace.documentLinks(uri),
      workspace.documentSymbols(uri),
      workspace.completions(uri, { line: 4, character: 20 }),
      workspace.hover(uri, { line: 2, character: 20 }),
    ]),
    symbols: workspace.workspaceSymbols(''),
    versions: workspace.versions(),
    clusters: workspace.clusters(),
  };
}

const objects: readonly JsonObject[] = [
  release('shop'),
  release('blog'),
  release('free', {}),
  repository,
  policy,
  {
    apiVersion: 'policy.karmada.io/v1alpha1',
    kind: 'OverridePolicy',
    metadata: { name: 'live', namespace: 'apps' },
    spec: {
      overrideRules: [
        {
          overriders: { plaintext: [{ path: '/spec/interval', operator: 'replace', value: '3h' }] },
        },
      ],
    },
  },
];
const placements = [['member1'], ['member1', 'member2'], ['member3']].map((names) => ({
  clusters: names.map((name) => ({ name })),
}));

const planes: fc.Arbitrary<LiveControlPlane | undefined> = fc.option(
  fc
    .record({
      objects: fc.subarray([...objects]),
      clusters: fc.subarray(['member1', 'member2', 'member3'].map((name) => cluster(name))),
      placed: fc.constantFrom(...placements),
    })
    .map(({ placed, ...more }) => {
      const key = 'helm.toolkit.fluxcd.io/v2/HelmRelease/apps/';
      return controlPlane({
        ...more,
        previous: new Map(['shop', 'blog'].map((name) => [`${key}${name}`, placed])),
      });
    }),
  { nil: undefined },
);

const edits = fc.record({
  uri: fc.constantFrom(...Object.keys(documents)),
  text: fc.nat({ max: 2 }),
});

test('answers depend on the documents and the control plane of now, not on what was before', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(planes, fc.array(edits, { maxLength: 2 })), { minLength: 1, maxLength: 5 }),
      (steps) => {
        const workspace = over(undefined, {});
        const texts = new Map<string, string>();
        let now: LiveControlPlane | undefined;
        for (const [plane, changes] of steps) {
          now = plane;
          workspace.setLive(plane);
          for (const { uri, text } of changes) {
            const list = documents[uri] ?? [];
            const content = list[text % list.length] ?? '';
            texts.set(uri, content);
            workspace.update(uri, content);
          }
          answers(workspace);
        }
        assert.deepEqual(answers(workspace), answers(over(now, Object.fromEntries(texts))));
        workspace.setLive(undefined);
        assert.deepEqual(answers(workspace), answers(over(undefined, Object.fromEntries(texts))));
      },
    ),
    { numRuns: 60 },
  );
});

test('without the connection the saved fleet counts again', () => {
  const fleet = `{apiVersion: cluster.karmada.io/v1alpha1, kind: Cluster, metadata: {name: saved}}`;
  const workspace = over(controlPlane(), {}, { fleet, fleetName: 'fleet.yaml' });
  assert.equal(workspace.versions().fleet, '3 clusters from prod.');
  workspace.setLive(undefined);
  assert.equal(workspace.versions().fleet, '1 cluster from fleet.yaml.');
  const unread = new Set(['cluster.karmada.io/Cluster']);
  workspace.setLive(controlPlane({ clusters: [], unread }));
  assert.equal(workspace.versions().fleet, '1 cluster from fleet.yaml.');
});

test('values of Secrets are never shown, neither of a draft nor of the live object', () => {
  const metadata = { name: 'token', namespace: 'apps' };
  const secret = {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata,
    data: { token: 'bGl2ZXNlY3JldA==' },
  };
  const spec = {
    resourceSelectors: [{ apiVersion: 'v1', kind: 'Secret' }],
    placement: { clusterAffinity: { clusterNames: ['member1'] } },
  };
  const claims = `apiVersion: policy.karmada.io/v1alpha1
kind: PropagationPolicy
metadata: { name: secrets, namespace: apps }
spec: ${JSON.stringify(spec)}
`;
  const draft = `apiVersion: v1
kind: Secret
metadata: { name: token, namespace: apps }
stringData: { token: draftsecret }
`;
  const previous = new Map([
    ['v1/Secret/apps/token', { clusters: [{ name: 'member1' }, { name: 'member2' }] }],
  ]);
  const live = controlPlane({ objects: [secret], previous });
  const texts: readonly Readonly<Record<string, string>>[] = [
    { 'pp.yaml': claims },
    { 'pp.yaml': claims, 'shop.yaml': draft },
  ];
  for (const open of texts) {
    const shown = JSON.stringify(answers(over(live, open)));
    assert.match(shown, /Taken|uninstalled|deleted there/);
    assert.match(shown, /\*\*\*/);
    assert.doesNotMatch(shown, /bGl2ZXNlY3JldA|livesecret|draftsecret/);
  }
});
