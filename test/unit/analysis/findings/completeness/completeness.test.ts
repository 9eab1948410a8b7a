import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { WorkspaceOptions } from '../../../../../src/analysis/index.ts';
import { cluster, open } from '../../../../support/documents.ts';
import { marked, summary } from '../../../../support/marked.ts';
import type { Marked } from '../../../../support/marked.ts';
import { object, policy, releaseOf, repositoryOf } from '../../../../support/policies.ts';

const codes = [
  'source-not-propagated',
  'values-source-not-propagated',
  'depends-on-not-propagated',
  'depends-on-cycle',
  'propagate-deps-ignored',
];
const found = (documents: { [uri: string]: string }, options?: WorkspaceOptions) =>
  marked(documents, codes, options);
const only = (list: readonly Marked[]): Marked => {
  assert.equal(list.length, 1, summary(list).join('\n'));
  return list[0] as Marked;
};
const base = {
  'release.yaml': releaseOf('podinfo', 'charts'),
  'source.yaml': repositoryOf('charts'),
};
const release = 'HelmRelease podinfo';
const on = (...names: string[]): string =>
  `{ clusterAffinity: { clusterNames: [${names.join(', ')}] } }`;

test('a source that no policy propagates', () => {
  const one = only(
    found({ ...base, 'p.yaml': policy({ selects: [release], placement: on('m1', 'm2') }) }),
  );
  assert.equal(`${one.uri} ${one.code}: ${one.text}`, 'release.yaml source-not-propagated: charts');
  assert.equal(
    one.message,
    'HelmRelease apps/podinfo goes to m1 and m2, but no policy propagates HelmRepository apps/charts, so Flux finds no chart there; add it to PropagationPolicy apps/podinfo.',
  );
  assert.deepEqual(
    one.related?.map(({ uri }) => uri),
    ['source.yaml'],
  );
});

test('a source that goes to fewer clusters', () => {
  const source = policy({
    name: 'source',
    selects: ['HelmRepository charts'],
    placement: on('m1'),
  });
  const documents = {
    ...base,
    'p.yaml': policy({ selects: [release], placement: on('m1', 'm2') }),
    's.yaml': source,
  };
  assert.match(
    only(found(documents)).message,
    /goes to m2, where HelmRepository apps\/charts does not go/,
  );
  assert.deepEqual(found({ ...documents, 's.yaml': source.replace('[m1]', '[m2, m1, m3]') }), []);
});

test('chartRef, HelmCharts and other namespaces', () => {
  const chartRef = object(
    'HelmRelease',
    'podinfo',
    '{ interval: 5m, chartRef: { kind: OCIRepository, name: oci, namespace: charts } }',
  );
  const documents = {
    'release.yaml': chartRef,
    'oci.yaml': object(
      'OCIRepository',
      'charts/oci',
      '{ interval: 5m, url: "oci://example.com/x" }',
    ),
    'p.yaml': policy({ selects: [release], placement: on('m1') }),
  };
  const one = only(found(documents));
  assert.equal(one.text, 'oci');
  const chart = object(
    'HelmChart',
    'chart',
    '{ interval: 5m, chart: podinfo, sourceRef: { kind: HelmRepository, name: charts } }',
  );
  const charts = {
    'chart.yaml': chart,
    'source.yaml': repositoryOf('charts'),
    'p.yaml': policy({ selects: ['HelmChart chart'], placement: on('m1') }),
  };
  assert.equal(only(found(charts)).uri, 'chart.yaml');
});

test('what is not in the workspace may be there all the same, but a misspelt name is told', () => {
  const alone = {
    'release.yaml': releaseOf('podinfo', 'elsewhere'),
    'p.yaml': policy({ selects: [release, 'HelmRepository charts'], placement: on('m1') }),
  };
  assert.deepEqual(found(alone), []);
  assert.deepEqual(found({ ...alone, 'source.yaml': repositoryOf('charts') }), []);
  const misspelt = {
    ...alone,
    'release.yaml': releaseOf('podinfo', 'chart'),
    'source.yaml': repositoryOf('charts'),
  };
  assert.match(
    only(found(misspelt)).message,
    /^There is no HelmRepository chart in namespace apps; did you mean charts\?$/,
  );
});

test('values, unless they are optional', () => {
  const values = (more: string): string =>
    releaseOf('podinfo', 'charts', `, valuesFrom: [{ kind: ConfigMap, name: values${more} }]`);
  const documents = {
    'source.yaml': repositoryOf('charts'),
    'values.yaml': object('ConfigMap', 'values'),
    'p.yaml': policy({ selects: [release, 'HelmRepository'], placement: on('m1') }),
  };
  const one = only(found({ ...documents, 'release.yaml': values('') }));
  assert.equal(`${one.code}: ${one.text}`, 'values-source-not-propagated: values');
  assert.deepEqual(found({ ...documents, 'release.yaml': values(', optional: true') }), []);
});

test('a dependency on fewer clusters', () => {
  const documents = {
    ...base,
    'release.yaml': releaseOf('podinfo', 'charts', ', dependsOn: [{ name: ingress }]'),
    'ingress.yaml': releaseOf('ingress', 'charts'),
    'p.yaml': policy({ selects: [release, 'HelmRepository'], placement: on('m1', 'm2') }),
    'i.yaml': policy({ name: 'ingress', selects: ['HelmRelease ingress'], placement: on('m1') }),
  };
  const one = only(found(documents));
  assert.equal(
    `${one.uri} ${one.code}: ${one.text}`,
    'release.yaml depends-on-not-propagated: ingress',
  );
  assert.match(
    one.message,
    /goes to m2, where HelmRelease apps\/ingress does not go, so Flux waits for it for ever there/,
  );
});

test('a source that an override puts in', () => {
  const override = `apiVersion: policy.karmada.io/v1alpha1
kind: OverridePolicy
metadata: { name: mirror, namespace: apps }
spec:
  overrideRules:
    - targetCluster: { clusterNames: [m2] }
      overriders:
        plaintext: [{ path: /spec/chart/spec/sourceRef/name, operator: replace, value: mirror }]
`;
  const documents = {
    ...base,
    'mirror.yaml': repositoryOf('mirror'),
    'o.yaml': override,
    'p.yaml': policy({ selects: [release, 'HelmRepository charts'], placement: on('m1', 'm2') }),
  };
  const one = only(found(documents));
  assert.match(
    one.message,
    /goes to m2, but no policy propagates HelmRepository apps\/mirror \(an override refers to it\)/,
  );
});

test('assumed clusters leave label affinities open, a fleet decides them', () => {
  const labelled = '{ clusterAffinity: { labelSelector: { matchLabels: { tier: gold } } } }';
  const documents = {
    ...base,
    'p.yaml': policy({ selects: [release], placement: on('m1') }),
    's.yaml': policy({ name: 's', selects: ['HelmRepository charts'], placement: labelled }),
  };
  assert.deepEqual(found(documents), []);
  const served = `    - groupVersion: source.toolkit.fluxcd.io/v1
      resources: [{ kind: HelmRepository, name: helmrepositories }]
`;
  const fleet = ['m1', 'm2']
    .map((name) => cluster(name) + served)
    .join('')
    .replace('name: m2', 'name: m2\n  labels: { tier: gold }');
  assert.match(only(found({ ...documents, 'fleet.yaml': fleet })).message, /goes to m1, where/);
});

test('releases that wait for one another', () => {
  const waits = (name: string, ...others: string[]): string =>
    releaseOf(
      name,
      'charts',
      `, dependsOn: [${others.map((other) => `{ name: ${other} }`).join(', ')}]`,
    );
  const documents = {
    'a.yaml': waits('a', 'leaf', 'b'),
    'b.yaml': waits('b', 'c'),
    'c.yaml': waits('c', 'a'),
    'd.yaml': waits('d', 'a'),
    'leaf.yaml': waits('leaf'),
  };
  const one = only(found(documents));
  assert.equal(
    `${one.uri} ${one.code} ${one.severity}: ${one.text}`,
    'a.yaml depends-on-cycle error: b',
  );
  assert.match(one.message, /: apps\/a → apps\/b → apps\/c → apps\/a; remove one/);
  assert.deepEqual(
    one.related?.map(({ uri }) => uri),
    ['b.yaml', 'c.yaml'],
  );
  assert.match(only(found({ 'a.yaml': waits('a', 'a') })).message, /waits for itself/);
  const two = {
    'a.yaml': waits('a', 'b'),
    'b.yaml': waits('b', 'a'),
    'x.yaml': waits('x', 'z'),
    'z.yaml': waits('z', 'x', 'a'),
  };
  assert.deepEqual(summary(found(two)), [
    'a.yaml depends-on-cycle: b',
    'x.yaml depends-on-cycle: z',
  ]);
});

test('a chain of many releases in the worst order is no cycle and costs little', () => {
  const count = 3000;
  const text = Array.from({ length: count }, (_, i) =>
    releaseOf(`r${i}`, 'charts', i > 0 ? `, dependsOn: [{ name: r${i - 1} }]` : ''),
  ).reverse();
  assert.deepEqual(found({ 'all.yaml': text.join('---\n') }), []);
});

const deps = '  propagateDeps: true\n';

test('propagateDeps on kinds that Karmada does not look into', () => {
  const text = policy({ selects: [release, 'HelmRepository charts'], more: deps });
  const one = only(found({ 'p.yaml': text }));
  assert.equal(`${one.code}: ${one.text}`, 'propagate-deps-ignored: true');
  assert.deepEqual(
    found({ 'p.yaml': text.replace('kind: HelmRepository', 'kind: GitRepository') }),
    [],
  );
  assert.deepEqual(
    found({ 'p.yaml': policy({ selects: [release, 'Deployment'], more: deps }) }),
    [],
  );
});

const customization = (script: string): string => `apiVersion: config.karmada.io/v1alpha1
kind: ResourceInterpreterCustomization
metadata: { name: helmrelease }
spec:
  target: { apiVersion: helm.toolkit.fluxcd.io/v2, kind: HelmRelease }
  customizations: { ${script}: { luaScript: function } }
`;

test('a customization of the workspace knows dependencies', () => {
  const documents = {
    ...base,
    'p.yaml': policy({ selects: [release], placement: on('m1'), more: deps }),
  };
  assert.equal(found(documents).length, 2);
  assert.deepEqual(
    found({ ...documents, 'ric.yaml': customization('dependencyInterpretation') }),
    [],
  );
});

test('health, once, and not with rules of its own', () => {
  const hints = (documents: { [uri: string]: string }) =>
    summary(marked(documents, ['health-not-interpreted']));
  const documents = {
    ...base,
    'p.yaml': policy({ selects: ['HelmRepository', release] }),
    'q.yaml': policy({ name: 'q', selects: ['HelmRelease x'] }),
    'x.yaml': releaseOf('x', 'charts'),
  };
  assert.deepEqual(hints(documents), ['p.yaml health-not-interpreted: podinfo']);
  assert.deepEqual(hints({ ...documents, 'ric.yaml': customization('healthInterpretation') }), []);
  assert.deepEqual(hints(base), []);
});

test('follows edits of other documents', () => {
  const part = policy({ selects: [release], placement: on('m1') });
  const whole = policy({ selects: [release, 'HelmRepository'], placement: on('m1') });
  const workspace = open({ ...base, 'p.yaml': part });
  const seen = [part, whole, part].map((text) => {
    workspace.update('p.yaml', text);
    return workspace.diagnostics('release.yaml').map(({ code }) => code);
  });
  assert.deepEqual(seen, [['source-not-propagated'], [], ['source-not-propagated']]);
});

test('a policy that is not right yet may propagate the rest once it is', () => {
  const source = policy({ name: 's', selects: ['HelmRepository charts'], placement: on('m1') });
  const documents = { ...base, 'p.yaml': policy({ selects: [release], placement: on('m1') }) };
  const refused = source.replace('  placement:', '  plaecment:');
  const unreadable = source.replace('resourceSelectors:', 'resourceSelectors: "');
  for (const text of [refused, unreadable]) {
    assert.deepEqual(found({ ...documents, 's.yaml': text }), []);
    assert.equal(
      found({ ...documents, 's.yaml': text.replace(/PropagationPolicy/, 'Other') }).length,
      1,
    );
  }
});
