import assert from 'node:assert/strict';
import { test } from 'node:test';
import { overrideEffects, provenance } from '../../../src/engine/provenance.ts';
import type { JsonObject, JsonValue } from '../../../src/engine/types.ts';

const clusters = ['m1', 'm2', 'm3'].map((name) => ({
  apiVersion: 'cluster.karmada.io/v1alpha1',
  kind: 'Cluster',
  metadata: { name },
}));
const [m1 = {}, m2 = {}] = clusters;
const template: JsonObject = {
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'c', namespace: 'apps', labels: { tier: 'silver' }, finalizers: [] },
  data: { x: '0', json: '{"a":1}' },
  list: ['a', 'b', 'c'],
};

function policy(name: string, ...overrideRules: JsonObject[]): JsonObject {
  const metadata = { name, namespace: 'apps' };
  return {
    apiVersion: 'policy.karmada.io/v1alpha1',
    kind: 'OverridePolicy',
    metadata,
    spec: { overrideRules },
  };
}

function plaintext(...items: (readonly [string, string, JsonValue?])[]): JsonObject {
  return {
    overriders: {
      plaintext: items.map(([operator, path, value = null]) => ({ operator, path, value })),
    },
  };
}

/** Changes as `path: before -> after, policy/rule/overrider/item`. */
function changes(cluster: JsonObject, ...policies: JsonObject[]): string[] {
  return provenance(template, cluster, policies).map(
    ({ path, before, after, policy: { name }, rule, overrider, item }) =>
      `/${path.join('/')}: ${JSON.stringify(before)} -> ${JSON.stringify(after)}, ${name}/${rule}/${overrider}/${item}`,
  );
}

test('names the entry that set a value last', () => {
  const first = policy('a', plaintext(['replace', '/data/x', '1'], ['add', '/data/y', { z: 1 }]));
  const second = policy(
    'b',
    { ...plaintext(['replace', '/data/x', '2']) },
    plaintext(['add', '/data/y/z', 2], ['remove', '/data/json']),
  );
  assert.deepEqual(changes(m1, first, second), [
    '/data/x: "0" -> "2", b/0/plaintext/0',
    '/data/y: undefined -> {"z":2}, a/0/plaintext/1',
    '/data/y/z: 1 -> 2, b/1/plaintext/0',
    '/data/json: "{\\"a\\":1}" -> undefined, b/1/plaintext/1',
  ]);
});

test('leaves out what was changed back and what the manifest does not carry', () => {
  const back = policy(
    'a',
    plaintext(
      ['replace', '/data/x', '1'],
      ['replace', '/data/x', '0'],
      ['add', '/metadata/finalizers/-', 'f'],
      ['add', '/status', {}],
    ),
  );
  assert.deepEqual(changes(m1, back), []);
});

test('follows the elements of a list', () => {
  assert.deepEqual(
    changes(m1, policy('a', plaintext(['replace', '/list/2', 'z'], ['add', '/list/0', 'new']))),
    ['/list/3: "c" -> "z", a/0/plaintext/0', '/list/0: undefined -> "new", a/0/plaintext/1'],
  );
  assert.deepEqual(
    changes(m1, policy('a', plaintext(['replace', '/list/2', 'z'], ['remove', '/list/0']))),
    ['/list: ["a","b","z"] -> ["b","z"], a/0/plaintext/1', '/list/1: "c" -> "z", a/0/plaintext/0'],
  );
});

test('knows the other overriders and the deprecated list', () => {
  const overriders = {
    labelsOverrider: [
      { operator: 'remove', value: { no: '' } },
      { operator: 'add', value: { tier: 'gold' } },
    ],
    fieldOverrider: [
      { fieldPath: '/data/json', json: [{ subPath: '/a', operator: 'replace', value: 2 }] },
    ],
  };
  const deprecated = { ...policy('d'), spec: { overriders } };
  assert.deepEqual(changes(m1, deprecated), [
    '/metadata/labels/tier: "silver" -> "gold", d/-1/labelsOverrider/1',
    '/data/json: "{\\"a\\":1}" -> "{\\"a\\":2}", d/-1/fieldOverrider/0',
  ]);
});

test('tells what every entry did where', () => {
  const targetCluster = { clusterNames: ['m2'] };
  const policies = [
    policy('a', { targetCluster, ...plaintext(['replace', '/data/x', '1'], ['remove', '/no']) }),
    policy('b', plaintext(['replace', '/data/x', '0']), {
      targetCluster: { clusterNames: ['m1'] },
      ...plaintext(['replace', '/data/x', '9']),
    }),
  ];
  const effects = overrideEffects(template, clusters, policies).map(
    ({ policy: { name }, rule, item, effects: list }) => [
      `${name}/${rule}/${item}`,
      Object.fromEntries(list.map(({ type, clusters: names }) => [type, [...names].sort()])),
    ],
  );
  assert.deepEqual(Object.fromEntries(effects), {
    'a/0/0': { applied: ['m2'], notTargeted: ['m1', 'm3'] },
    'a/0/1': { failed: ['m2'], notTargeted: ['m1', 'm3'] },
    'b/0/0': { noEffect: ['m1', 'm3'], notReached: ['m2'] },
    'b/1/0': { applied: ['m1'], notReached: ['m2'], notTargeted: ['m3'] },
  });
  const failed = overrideEffects(template, clusters, policies)
    .flatMap((entry) => entry.effects)
    .find(({ type }) => type === 'failed');
  assert.equal(
    failed?.error,
    "error in remove for path: '/no': unable to remove nonexistent key: no: missing value",
  );
  assert.deepEqual(changes(m2, ...policies), []);
});

test('blames the last entry for an object without a kind', () => {
  const broken = policy('a', plaintext(['remove', '/kind'], ['add', '/data/y', '1']));
  const types = overrideEffects(template, clusters, [broken]).map(({ item, effects }) => [
    item,
    effects[0]?.type,
  ]);
  assert.deepEqual(types, [
    [0, 'applied'],
    [1, 'failed'],
  ]);
});
