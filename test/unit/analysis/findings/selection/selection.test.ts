import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { WorkspaceOptions } from '../../../../../src/analysis/index.ts';
import { marked, summary } from '../../../../support/marked.ts';
import type { Marked } from '../../../../support/marked.ts';
import { object, policy, releaseOf, repositoryOf } from '../../../../support/policies.ts';

const all = [
  'selector-matches-nothing',
  'policy-never-matches',
  'template-not-propagated',
  'policy-shadowed',
  'dependent-override-missing',
];
const found = (documents: { [uri: string]: string }, options?: WorkspaceOptions) =>
  marked(documents, all, options);
const only = (list: readonly Marked[]): Marked => {
  assert.equal(list.length, 1, summary(list).join('\n'));
  return list[0] as Marked;
};
const base = {
  'release.yaml': releaseOf('podinfo', 'charts'),
  'source.yaml': repositoryOf('charts'),
};
const selects = ['HelmRelease podinfo', 'HelmRepository charts'];

test('is silent when every selector selects and every template is selected', () => {
  assert.deepEqual(found({ ...base, 'p.yaml': policy({ selects }) }), []);
});

test('a name that nothing has, with the nearest one', () => {
  const one = only(
    found({
      ...base,
      'p.yaml': policy({ selects: ['HelmRelease podinf', 'HelmRepository charts'] }),
    }),
  );
  assert.equal(`${one.code}: ${one.text}`, 'selector-matches-nothing: podinf');
  assert.equal(
    one.message,
    'There is no HelmRelease podinf in namespace apps, so this propagates nothing; did you mean podinfo?',
  );
  assert.deepEqual(
    one.related?.map(({ uri }) => uri),
    ['release.yaml'],
  );
});

test('labels, kinds and namespaces that nothing has', () => {
  const labels = 'HelmRelease\nlabelSelector: { matchLabels: { app: podinfo } }';
  assert.deepEqual(
    summary(found({ ...base, 'p.yaml': policy({ selects: [labels, ...selects] }) })),
    ['p.yaml selector-matches-nothing: labelSelector'],
  );
  const kind = policy({ selects: [...selects] }).replace('kind: HelmRelease', 'kind: Helmrelease');
  const misspelt = only(found({ ...base, 'p.yaml': kind }));
  assert.match(misspelt.message, /did you mean HelmRelease\?$/);
  const elsewhere = policy({ selects, namespace: 'default' });
  const [first, second, ...more] = found({ ...base, 'p.yaml': elsewhere });
  assert.deepEqual(more, []);
  assert.match(
    first?.message ?? '',
    /own namespace default only and HelmRelease apps\/podinfo is in another/,
  );
  assert.equal(second?.text, 'charts');
});

test('leaves alone what may come from elsewhere', () => {
  const foreign = ['Secret pull', 'ConfigMap', 'Deployment nginx', 'ServiceAccount x'];
  assert.deepEqual(found({ ...base, 'p.yaml': policy({ selects: [...selects, ...foreign] }) }), []);
  assert.deepEqual(found({ 'p.yaml': policy({ selects }) }), []);
});

test('another version of a template is not its business', () => {
  const old = policy({ selects }).replace(
    'helm.toolkit.fluxcd.io/v2',
    'helm.toolkit.fluxcd.io/v2beta2',
  );
  assert.deepEqual(found({ ...base, 'p.yaml': old }), []);
});

test('a namespaced policy for a kind without namespace', () => {
  const one = only(
    found({ ...base, 'p.yaml': policy({ selects: [...selects, 'ClusterRole viewer'] }) }),
  );
  assert.equal(`${one.code}: ${one.text}`, 'policy-never-matches: viewer');
  assert.match(one.message, /use a ClusterPropagationPolicy\.$/);
  const cluster = policy({
    kind: 'ClusterPropagationPolicy',
    selects: ['ClusterRole viewer\nnamespace: apps', ...selects],
  });
  assert.equal(only(found({ ...base, 'p.yaml': cluster })).text, 'apps');
  assert.deepEqual(
    found({ ...base, 'p.yaml': policy({ selects: [...selects, 'ClusterThing x'] }) }),
    [],
  );
});

test('namespaces that Karmada skips', () => {
  const skipped = policy({ namespace: 'kube-flux', selects: ['HelmRelease a', 'HelmRelease b'] });
  const one = only(found({ 'p.yaml': skipped, 'a.yaml': releaseOf('kube-flux/a', 'charts') }));
  assert.equal(`${one.code}: ${one.text}`, 'policy-never-matches: kube-flux');
  assert.deepEqual(
    found(
      {
        'p.yaml': skipped,
        'a.yaml': releaseOf('kube-flux/a', 'charts'),
        'b.yaml': releaseOf('kube-flux/b', 'charts'),
      },
      { skippedPropagatingNamespaces: [] },
    ),
    [],
  );
  const wide = policy({
    kind: 'ClusterPropagationPolicy',
    selects: ['HelmRelease x\nnamespace: karmada-system', ...selects],
  });
  assert.equal(only(found({ ...base, 'p.yaml': wide })).text, 'karmada-system');
});

test('APIs that Karmada skips and labels that Kubernetes cannot read', () => {
  const lease = policy({ selects: [...selects, 'Lease x'] }).replace(
    'v1\n      kind: Lease',
    'coordination.k8s.io/v1\n      kind: Lease',
  );
  assert.equal(only(found({ ...base, 'p.yaml': lease })).text, 'x');
  const labels = 'HelmRelease\nlabelSelector: { matchExpressions: [{ key: a, operator: In }] }';
  const one = only(found({ ...base, 'p.yaml': policy({ selects: [labels, ...selects] }) }));
  assert.equal(`${one.code}: ${one.text}`, 'policy-never-matches: labelSelector');
});

test('templates that no policy selects, once there is a policy', () => {
  assert.deepEqual(found(base), []);
  const other = policy({ selects: ['HelmRelease other'] });
  const documents = { ...base, 'other.yaml': releaseOf('other', 'charts'), 'p.yaml': other };
  const one = only(found(documents));
  // The source is told on the releases that refer to it.
  assert.equal(
    `${one.uri} ${one.code}: ${one.text}`,
    'release.yaml template-not-propagated: podinfo',
  );
  const hub = releaseOf('hub', 'charts', ', kubeConfig: { secretRef: { name: x } }');
  const git = object(
    'GitRepository',
    'flux-system',
    '{ interval: 1m, url: https://example.com/x }',
  );
  const quiet = { ...base, 'hub.yaml': hub, 'git.yaml': git, 'c.yaml': object('ConfigMap', 'c') };
  assert.deepEqual(found({ ...quiet, 'p.yaml': policy({ selects }) }), []);
});

test('the policy that loses, with the one that wins', () => {
  const winner = policy({ name: 'a', selects });
  const loser = policy({ name: 'b', selects: ['HelmRelease podinfo'] });
  const one = only(found({ ...base, 'a.yaml': winner, 'b.yaml': loser }));
  assert.equal(`${one.uri} ${one.code}: ${one.text}`, 'b.yaml policy-shadowed: podinfo');
  assert.match(
    one.message,
    /^PropagationPolicy apps\/a claims HelmRelease apps\/podinfo, whose name comes first/,
  );
  assert.deepEqual(
    one.related?.map(({ uri }) => uri),
    ['a.yaml'],
  );
  const prior = loser.replace('spec:\n', 'spec:\n  priority: 1\n');
  assert.match(
    only(
      found({
        ...base,
        'a.yaml': winner.replace(/ {4}- apiVersion: source[^]*charts\n/, ''),
        'b.yaml': prior,
        'c.yaml': policy({ name: 'c', selects: ['HelmRepository charts'] }),
      }),
    ).message,
    /higher priority/,
  );
});

test('a cluster-wide policy loses whatever its priority', () => {
  const wide = policy({
    kind: 'ClusterPropagationPolicy',
    name: 'wide',
    selects: ['HelmRelease'],
    more: '  priority: 100\n',
  });
  const one = only(found({ ...base, 'p.yaml': policy({ selects }), 'wide.yaml': wide }));
  assert.equal(`${one.uri} ${one.code}: ${one.text}`, 'wide.yaml policy-shadowed: HelmRelease');
  assert.match(one.message, /before every ClusterPropagationPolicy whatever the priority/);
});

test('a general policy beside particular ones is a fallback', () => {
  const general = policy({ name: 'all', selects: ['HelmRelease'] });
  const wide = policy({ kind: 'ClusterPropagationPolicy', name: 'wide', selects: ['HelmRelease'] });
  assert.deepEqual(
    found({ ...base, 'p.yaml': policy({ selects }), 'all.yaml': general, 'wide.yaml': wide }),
    [],
  );
});

test('an override that a policy waits for', () => {
  const waits = policy({ selects, more: '  dependentOverrides: [image, images]\n' });
  const override = `apiVersion: policy.karmada.io/v1alpha1
kind: OverridePolicy
metadata: { name: images, namespace: apps }
spec:
  overrideRules: [{ overriders: { plaintext: [{ path: /spec/suspend, operator: add, value: true }] } }]
`;
  const one = only(found({ ...base, 'p.yaml': waits, 'o.yaml': override }));
  assert.equal(`${one.code}: ${one.text}`, 'dependent-override-missing: image');
  assert.match(one.message, /did you mean images\?$/);
});

test('selectors of override policies', () => {
  const override = (
    kind: string,
    selector: string,
  ): string => `apiVersion: policy.karmada.io/v1alpha1
kind: ${kind}
metadata: { name: change${kind.startsWith('Cluster') ? '' : ', namespace: apps'} }
spec:
  resourceSelectors: [${selector}]
  overrideRules: [{ overriders: { plaintext: [{ path: /spec/suspend, operator: add, value: true }] } }]
`;
  const told = (...given: Parameters<typeof override>) =>
    found({ ...base, 'p.yaml': policy({ selects }), 'o.yaml': override(...given) });
  const release = '{ apiVersion: helm.toolkit.fluxcd.io/v2, kind: HelmRelease';
  const one = only(told('OverridePolicy', `${release}, name: podinf }`));
  assert.equal(`${one.uri} ${one.code}: ${one.text}`, 'o.yaml selector-matches-nothing: podinf');
  assert.match(one.message, /so this changes nothing; did you mean podinfo\?$/);
  assert.deepEqual(told('OverridePolicy', `${release} }`), []);
  assert.deepEqual(told('ClusterOverridePolicy', `${release}, name: podinfo }`), []);
  const labels = `${release}, labelSelector: { matchLabels: { a: b } } }`;
  assert.equal(only(told('OverridePolicy', labels)).text, 'labelSelector');
  const role = '{ apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRole, name: x }';
  assert.match(only(told('OverridePolicy', role)).message, /use a ClusterOverridePolicy\.$/);
  // What another override may have labelled can still be selected.
  const labelling = override('ClusterOverridePolicy', `${release} }`);
  const documents = { ...base, 'p.yaml': policy({ selects }), 'c.yaml': labelling };
  assert.deepEqual(found({ ...documents, 'o.yaml': override('OverridePolicy', labels) }), []);
});

test('what somebody is in the middle of writing is not missed elsewhere', () => {
  const p = policy({ selects: [...selects, 'HelmRelease next'] });
  const next = releaseOf('next', 'charts');
  assert.equal(found({ ...base, 'p.yaml': p }).length, 1);
  for (const text of [
    next.replace('name: next', 'name: "next'),
    next.replace('name: next', 'name:'),
  ]) {
    assert.deepEqual(found({ ...base, 'p.yaml': p, 'next.yaml': text }), []);
  }
});
