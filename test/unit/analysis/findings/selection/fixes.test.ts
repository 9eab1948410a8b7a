import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { WorkspaceOptions } from '../../../../../src/analysis/index.ts';
import type { Snapshot } from '../../../../../src/analysis/snapshot.ts';
import { cluster } from '../../../../support/documents.ts';
import { object, policy, releaseOf, repositoryOf } from '../../../../support/policies.ts';
import {
  findingsOf,
  fixesFor,
  snapshotOf,
  told,
  withEdits,
} from '../../../../support/snapshots.ts';
import type { Documents } from '../../../../support/snapshots.ts';

const base = {
  'release.yaml': releaseOf('podinfo', 'charts'),
  'source.yaml': repositoryOf('charts'),
};
const selects = ['HelmRelease podinfo', 'HelmRepository charts'];
const on = (...names: string[]): string =>
  `{ clusterAffinity: { clusterNames: [${names.join(', ')}] } }`;
const wide = 'ClusterPropagationPolicy';
const bare = cluster('bare').replace(/ {4}- groupVersion: helm[^\n]*\n[^\n]*\n/, '');
const gpu = cluster(
  'gpu',
  '  taints: [{ key: gpu, value: a100, effect: NoSchedule }, { key: x, effect: NoExecute }]\n',
);
const fleet = { 'fleet.yaml': cluster('member1') + cluster('member2') + bare + gpu };
const placed = (placement: string): Documents => ({
  ...base,
  ...fleet,
  'p.yaml': policy({ selects: ['HelmRelease podinfo'], placement }),
});
const waiting = (name: string, other: string): string =>
  releaseOf(name, 'charts', `, dependsOn: [{ name: ${other} }]`);
const spread = (constraint: string): string =>
  `{ clusterAffinity: { clusterNames: [member1, member2] }, spreadConstraints: [${constraint}] }`;

/** What stands there, the finding, and the titles of its fixes in their order. */
const cases: readonly {
  readonly code: string;
  readonly documents: Documents;
  readonly titles: readonly string[];
  readonly options?: WorkspaceOptions;
}[] = [
  {
    code: 'selector-matches-nothing',
    documents: { ...base, 'p.yaml': policy({ selects: ['HelmRelease podinf'] }) },
    titles: ['Change name to podinfo'],
  },
  {
    code: 'selector-matches-nothing',
    documents: {
      ...base,
      'p.yaml': policy({ selects }).replace('kind: HelmRelease', 'kind: HelmRelese'),
    },
    titles: ['Change kind to HelmRelease'],
  },
  {
    code: 'selector-matches-nothing',
    documents: {
      ...base,
      'p.yaml': policy({ kind: wide, selects: ['HelmRelease podinfo\nnamespace: default'] }),
    },
    titles: ['Change namespace to apps'],
  },
  {
    code: 'policy-never-matches',
    documents: {
      ...base,
      'p.yaml': policy({ selects: ['ClusterRole viewer', 'Namespace x\nnamespace: apps'] }),
    },
    titles: ['Make it a ClusterPropagationPolicy'],
  },
  {
    code: 'policy-never-matches',
    documents: {
      ...base,
      'p.yaml': policy({ kind: wide, selects: ['ClusterRole viewer\nnamespace: apps'] }),
    },
    titles: ['Remove namespace'],
  },
  {
    code: 'policy-never-matches',
    documents: {
      ...base,
      'p.yaml': policy({ selects: ['ClusterRole a', ...selects, 'Namespace b'] }),
    },
    titles: ['Remove the selectors that can match nothing'],
  },
  {
    code: 'policy-never-matches',
    documents: { 'p.yaml': policy({ namespace: 'kube-x', selects }) },
    titles: [],
  },
  {
    code: 'template-not-propagated',
    documents: {
      ...base,
      'p.yaml': policy({ selects: ['HelmRelease other'] }),
      'w.yaml': policy({ kind: wide, name: 'w', selects: ['ClusterRole x'] }),
    },
    titles: [
      'Add it to PropagationPolicy apps/podinfo',
      'Add it to ClusterPropagationPolicy w',
      'Make a PropagationPolicy for it',
    ],
  },
  {
    code: 'template-not-propagated',
    documents: { ...base, 'p.yaml': policy({ namespace: 'x', selects: ['ConfigMap'] }) },
    titles: ['Make a PropagationPolicy for it'],
  },
  {
    code: 'policy-shadowed',
    documents: {
      ...base,
      'a.yaml': policy({ name: 'a', selects, more: '  priority: 3\n' }),
      'b.yaml': policy({ name: 'b', selects: ['ConfigMap', 'HelmRelease podinfo'] }),
    },
    titles: ['Remove the selector', 'Set priority to 4'],
  },
  {
    code: 'policy-shadowed',
    documents: {
      ...base,
      'a.yaml': policy({ selects }),
      'b.yaml': policy({ kind: wide, selects: ['HelmRelease podinfo'] }),
    },
    titles: [],
  },
  {
    code: 'dependent-override-missing',
    documents: { ...base, 'p.yaml': policy({ selects, more: '  dependentOverrides: [a, b]\n' }) },
    titles: ['Do not wait for overrides that are not there'],
  },
  {
    code: 'unknown-cluster',
    documents: placed(on('member1', 'membre2', 'nowhere')),
    titles: ['Change to member2', 'Remove the names that the fleet does not have'],
  },
  { code: 'unknown-cluster', documents: placed(on('nowhere')), titles: [] },
  {
    code: 'api-not-enabled',
    documents: placed(on('member1', 'bare')),
    titles: ['Remove the name'],
  },
  { code: 'api-not-enabled', documents: placed(on('bare')), titles: [] },
  {
    code: 'untolerated-taint',
    documents: placed(on('member1', 'gpu')),
    titles: ['Tolerate the taints', 'Remove the name'],
  },
  {
    code: 'spread-unsatisfiable',
    documents: placed(spread('{ spreadByField: cluster, minGroups: 2 }')),
    titles: ['Set maxGroups to 2'],
  },
  {
    code: 'spread-unsatisfiable',
    documents: placed(spread('{ spreadByField: cluster, minGroups: 3, maxGroups: 4 }')),
    titles: ['Set minGroups to 2'],
  },
  {
    code: 'spread-unsatisfiable',
    documents: placed(spread('{ spreadByLabel: tier, maxGroups: 1 }')),
    titles: [],
  },
  {
    code: 'placement-ignored',
    documents: placed('{ replicaScheduling: { replicaSchedulingType: Divided } }'),
    titles: ['Remove replicaScheduling'],
  },
  {
    code: 'placement-ignored',
    documents: placed(
      spread(
        '{ spreadByField: zone, maxGroups: 1 }, { spreadByField: provider, maxGroups: 1 }, { spreadByField: cluster, maxGroups: 2 }',
      ),
    ),
    titles: ['Remove the constraints without effect'],
  },
  {
    code: 'source-not-propagated',
    documents: {
      ...base,
      'p.yaml': policy({ selects: ['HelmRelease podinfo'], placement: on('m1') }),
    },
    titles: ['Add it to PropagationPolicy apps/podinfo'],
  },
  {
    code: 'source-not-propagated',
    documents: {
      ...base,
      'p.yaml': policy({ selects: ['HelmRelease podinfo'], placement: on('m1', 'm2', 'm3') }),
      's.yaml': policy({ name: 's', selects: ['HelmRepository'], placement: on('m2') }),
    },
    titles: ['Let HelmRepository apps/charts go to m1 and m3 (PropagationPolicy apps/s)'],
  },
  {
    code: 'source-not-propagated',
    documents: {
      ...base,
      'release.yaml': releaseOf('podinfo', 'chart'),
      'p.yaml': policy({ selects, placement: on('m1') }),
    },
    titles: ['Change to charts'],
  },
  {
    code: 'source-not-propagated',
    documents: {
      'release.yaml': object(
        'HelmRelease',
        'podinfo',
        '{ interval: 5m, chartRef: { kind: OCIRepository, name: oci, namespace: charts } }',
      ),
      'oci.yaml': object(
        'OCIRepository',
        'charts/oci',
        '{ interval: 5m, url: "oci://example.com/x" }',
      ),
      'p.yaml': policy({ kind: wide, selects: ['HelmRelease podinfo'], placement: on('m1') }),
    },
    titles: ['Add it to ClusterPropagationPolicy podinfo'],
  },
  {
    code: 'depends-on-cycle',
    documents: { 'a.yaml': waiting('a', 'b'), 'b.yaml': waiting('b', 'a') },
    titles: ['Do not wait for it'],
  },
  {
    code: 'propagate-deps-ignored',
    documents: { ...base, 'p.yaml': policy({ selects, more: '  propagateDeps: true\n' }) },
    titles: ['Remove propagateDeps', 'Tell Karmada what a HelmRelease depends on'],
  },
  {
    code: 'health-not-interpreted',
    documents: { ...base, 'p.yaml': policy({ selects }) },
    titles: ['Tell Karmada when a HelmRelease is healthy'],
  },
];

/** The findings of a code by their places. */
function keysOf(snapshot: Snapshot, code: string): readonly string[] {
  return findingsOf(snapshot)
    .filter((finding) => finding.code === code)
    .map(({ item, path }) => JSON.stringify([item.file.uri, item.name, path]));
}

for (const { code, documents, titles, options } of cases) {
  test(`${code}: ${titles.join(', ') || 'nothing to do'}`, () => {
    const before = snapshotOf(documents, options);
    const [first] = keysOf(before, code);
    assert(first !== undefined, 'no such finding');
    const fixes = fixesFor(before, code);
    assert.deepEqual(
      fixes.map(({ title }) => title),
      titles,
    );
    for (const { title, edits } of fixes) {
      const after = snapshotOf(withEdits(documents, edits), options);
      assert(
        !keysOf(after, code).includes(first),
        `${title} leaves the finding: ${JSON.stringify(told(after))}`,
      );
      const broken = told(after).filter(([what]) => what.endsWith(' error'));
      assert.deepEqual(broken, [], title);
    }
  });
}

test('a release and its source become whole in one go', () => {
  const documents = {
    ...base,
    'p.yaml': policy({ selects: ['HelmRelease other'] }),
    'other.yaml': releaseOf('other', 'elsewhere'),
  };
  const [add, own] = fixesFor(snapshotOf(documents), 'template-not-propagated');
  for (const fix of [add, own]) {
    const after = snapshotOf(withEdits(documents, fix?.edits ?? []));
    assert.deepEqual(
      told(after).filter(([what]) => !what.endsWith(' hint')),
      [],
      fix?.title,
    );
  }
});
