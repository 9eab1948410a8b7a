import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { memberAt } from '../../../src/engine/json.ts';
import { override, render } from '../../../src/engine/render.ts';
import type { JsonObject, JsonValue } from '../../../src/engine/types.ts';

function cluster(name: string, labels: JsonObject = {}): JsonObject {
  return { apiVersion: 'cluster.karmada.io/v1alpha1', kind: 'Cluster', metadata: { name, labels } };
}

function policy(name: string, spec: JsonObject, namespace?: string): JsonObject {
  const kind = namespace === undefined ? 'ClusterOverridePolicy' : 'OverridePolicy';
  const metadata = namespace === undefined ? { name } : { name, namespace };
  return { apiVersion: 'policy.karmada.io/v1alpha1', kind, metadata, spec };
}

function rule(path: string, value: JsonValue, ...clusterNames: string[]): JsonObject {
  const overriders = { plaintext: [{ path, operator: 'add', value }] };
  return clusterNames.length ? { targetCluster: { clusterNames }, overriders } : { overriders };
}

const template: JsonObject = {
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'c', namespace: 'apps', labels: { tier: 'silver' } },
  data: { x: '0' },
  other: { deep: [1] },
};
const clusters = ['m1', 'm2', 'm3'].map((name) => cluster(name));
const named = [{ apiVersion: 'v1', kind: 'ConfigMap', name: 'c' }];
const gold = [
  { apiVersion: 'v1', kind: 'ConfigMap', labelSelector: { matchLabels: { tier: 'gold' } } },
];

function valueOn(name: string, policies: readonly JsonObject[]): JsonValue | undefined {
  const variant = render(template, clusters, policies).find((one) => one.clusters.includes(name));
  return variant?.error ?? memberAt(variant?.manifest, 'data', 'x');
}

test('lets the more specific, later named and namespaced policy have the last word', () => {
  const x = (value: string) => ({ overrideRules: [rule('/data/x', value)] });
  const all = policy('z', x('all'));
  const byName = policy('a', { ...x('name'), resourceSelectors: named });
  const later = policy('b', { ...x('later'), resourceSelectors: named });
  assert.equal(valueOn('m1', [byName, all]), 'name');
  assert.equal(valueOn('m1', [later, byName, all]), 'later');
  assert.equal(valueOn('m1', [byName, policy('a', x('namespaced'), 'apps')]), 'namespaced');
  assert.equal(valueOn('m1', [byName, policy('a', x('elsewhere'), 'other')]), 'name');
});

test('decides on OverridePolicies after the cluster-scoped ones have applied', () => {
  const relabel = policy('relabel', { overrideRules: [rule('/metadata/labels/tier', 'gold')] });
  const move = policy('move', { overrideRules: [rule('/metadata/namespace', 'moved')] });
  const spec = { resourceSelectors: gold, overrideRules: [rule('/data/x', 'gold')] };
  assert.equal(valueOn('m1', [relabel, policy('z', spec)]), '0');
  assert.equal(valueOn('m1', [relabel, policy('z', spec, 'apps')]), 'gold');
  const moved = policy('z', { overrideRules: [rule('/data/x', 'moved')] }, 'moved');
  assert.equal(valueOn('m1', [move, moved]), 'moved');
});

test('applies every rule that targets a cluster, in order, and the deprecated pair', () => {
  const rules = policy('p', {
    overrideRules: [
      rule('/data/x', '1', 'm1'),
      rule('/data/y', '2'),
      rule('/data/x', '3', 'm2', 'm3'),
    ],
  });
  const variants = render(template, clusters, [rules]);
  assert.deepEqual(
    variants.map((variant) => [
      variant.clusters,
      variant.manifest?.['data'],
      variant.clusterOverrides,
    ]),
    [
      [['m2', 'm3'], { x: '3', y: '2' }, ['p', 'p']],
      [['m1'], { x: '1', y: '2' }, ['p', 'p']],
    ],
  );
  const deprecated = policy('d', rule('/data/x', 'old', 'm2'));
  assert.equal(valueOn('m1', [deprecated]), '0');
  assert.equal(valueOn('m2', [deprecated]), 'old');
});

test('fails on the clusters of a failing rule alone', () => {
  const failing = policy('p', { overrideRules: [rule('/no/x', '1', 'm2')] });
  const later = policy('q', { overrideRules: [rule('/data/x', '1')] });
  const variants = render(template, clusters, [failing, later]);
  const error = 'add operation does not apply: doc is missing path: "/no/x": missing value';
  assert.deepEqual(
    variants.find((variant) => variant.error !== undefined),
    { clusters: ['m2'], error },
  );
  assert.equal(valueOn('m3', [failing, later]), '1');
});

test('renders for the chosen clusters from their own templates', () => {
  const prepared = new Map([['m3', { ...template, data: { x: '3' } }]]);
  const rules = policy('p', { overrideRules: [rule('/data/y', 'y', 'm1', 'm3')] });
  const variants = render(template, clusters, [rules], { chosen: ['m3', 'm2'], prepared });
  assert.deepEqual(
    variants.map((variant) => [variant.clusters, variant.manifest?.['data']]),
    [
      [['m3'], { x: '3', y: 'y' }],
      [['m2'], { x: '0' }],
    ],
  );
});

test('shares what no override touches', () => {
  const many = Array.from({ length: 100 }, (_, i) => cluster(`m${i}`, { env: i % 2 ? 'a' : 'b' }));
  const targetCluster = { labelSelector: { matchLabels: { env: 'a' } } };
  const overriders = { plaintext: [{ path: '/data/x', operator: 'add', value: 'a' }] };
  const rules = policy('p', { overrideRules: [{ targetCluster, overriders }] });
  const variants = render(template, many, [rules]);
  assert.equal(variants.length, 2);
  for (const { manifest, clusters: names } of variants) {
    assert.equal(names.length, 50);
    assert.equal(manifest?.['other'], template['other']);
    assert.ok(Object.isFrozen(manifest));
  }
});

test('holds integers beyond 64 bits as floats', () => {
  const big = { ...template, data: { n: 9223372036854775808n, exact: 9007199254740993n } };
  const [variant] = render(big, clusters, []);
  assert.deepEqual(variant?.manifest?.['data'], {
    n: 9223372036854775808,
    exact: 9007199254740993n,
  });
});

test('renders all templates for all clusters', () => {
  const refused = policy('p', { overrideRules: [rule('/data/x', '1')] });
  const outcomes = override([...clusters, template, refused], { isAdmitted: () => false });
  assert.deepEqual(outcomes, [
    {
      template: 'v1/ConfigMap/apps/c',
      variants: [{ clusters: ['m1', 'm2', 'm3'], manifest: template, work: 'c-6fdcc658d' }],
    },
  ]);
});

test('renders a group of clusters as it renders each of them alone', () => {
  const names = ['m1', 'm2', 'm3'];
  const rules = fc.array(
    fc
      .tuple(
        fc.constantFrom(
          '/data/x',
          '/data/y',
          '/metadata/labels/tier',
          '/metadata/namespace',
          '/no/x',
        ),
        fc.constantFrom('1', '2', 'gold', 'other'),
        fc.subarray(names),
      )
      .map(([path, value, targets]) => rule(path, value, ...targets)),
    { maxLength: 3 },
  );
  const policies = fc.array(
    fc
      .tuple(
        fc.constantFrom('a', 'b', 'c'),
        fc.constantFrom(undefined, 'apps', 'other'),
        fc.constantFrom(undefined, named, gold),
        rules,
      )
      .map(([name, namespace, resourceSelectors, overrideRules]) =>
        policy(name, { ...(resourceSelectors && { resourceSelectors }), overrideRules }, namespace),
      ),
    { maxLength: 5 },
  );
  fc.assert(
    fc.property(policies, (list) => {
      const together = render(template, clusters, list);
      for (const [index, name] of names.entries()) {
        const one = clusters[index] as JsonObject;
        const [alone] = render(template, [one], list);
        const found = together.find((variant) => variant.clusters.includes(name));
        assert.deepEqual({ ...found, clusters: [name] }, alone);
      }
    }),
    { numRuns: 500 },
  );
});
