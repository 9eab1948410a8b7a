import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { affinityMiss, clusterMatches } from '../../../../src/engine/selection/clusterAffinity.ts';
import { clusterFacts, storedCluster } from '../../../../src/engine/selection/clusterFacts.ts';
import {
  compileResourceSelector,
  compileResourceSelectors,
} from '../../../../src/engine/selection/resourceSelector.ts';
import { labelKeyErrors, labelValueErrors } from '../../../../src/engine/selection/labelSyntax.ts';
import type { JsonObject, JsonValue } from '../../../../src/engine/types.ts';

const release: JsonObject = {
  apiVersion: 'helm.toolkit.fluxcd.io/v2',
  kind: 'HelmRelease',
  metadata: { name: 'podinfo', namespace: 'apps', labels: { tier: 'gold', empty: null } },
};
const typed = { apiVersion: release['apiVersion'] ?? '', kind: 'HelmRelease' };

function checkSelector(rest: JsonObject, expected: number, object: JsonObject = release): void {
  assert.equal(compileResourceSelector({ ...typed, ...rest })(object), expected);
}

function checkLabels(labelSelector: JsonValue, isMatch: boolean): void {
  checkSelector({ labelSelector }, isMatch ? 2 : 0);
}

test('matches by type, label and name with rising strength', () => {
  checkSelector({}, 1);
  checkSelector({ namespace: 'apps' }, 1);
  checkSelector({ namespace: 'other' }, 0);
  checkSelector({ kind: 'helmrelease' }, 0);
  checkSelector({ apiVersion: 'helm.toolkit.fluxcd.io/v2beta2' }, 0);
  checkSelector({ name: 'podinfo' }, 3);
  checkSelector({ name: 'web' }, 0);
});

test('ignores labels beside a name', () => {
  checkSelector({ name: 'podinfo', labelSelector: { matchLabels: { tier: 'no' } } }, 3);
  checkSelector({ name: 'web', labelSelector: { matchLabels: { tier: 'gold' } } }, 0);
});

test('takes a present but empty label selector as a match by labels', () => {
  checkLabels({}, true);
  checkSelector({ labelSelector: null }, 1);
});

test('matches labels', () => {
  const expression = (operator: string, key: string, ...values: string[]): JsonObject => ({
    matchExpressions: [{ key, operator, ...(values.length > 0 ? { values } : {}) }],
  });
  checkLabels({ matchLabels: { tier: 'gold' } }, true);
  checkLabels({ matchLabels: { empty: '' } }, true);
  checkLabels({ matchLabels: { tier: 'gold', other: 'x' } }, false);
  checkLabels(expression('In', 'tier', 'gold', 'silver'), true);
  checkLabels(expression('In', 'other', 'gold'), false);
  checkLabels(expression('NotIn', 'tier', 'gold'), false);
  checkLabels(expression('NotIn', 'other', 'gold'), true);
  checkLabels(expression('Exists', 'tier'), true);
  checkLabels(expression('DoesNotExist', 'tier'), false);
  checkLabels(expression('DoesNotExist', 'constructor'), true);
  checkLabels(expression('Exists', 'constructor'), false);
});

test('lets a selector that cannot be converted match nothing', () => {
  for (const broken of [
    { key: 'tier', operator: 'In', values: [] },
    { key: 'tier', operator: 'NotIn' },
    { key: 'tier', operator: 'Exists', values: ['gold'] },
    { key: 'tier', operator: 'exists' },
    { key: 'tier', operator: 'Gt', values: ['1'] },
    { key: 'not a key', operator: 'DoesNotExist' },
    { key: 'tier', operator: 'NotIn', values: ['not a value'] },
  ]) {
    checkLabels({ matchExpressions: [broken] }, false);
  }
});

test('reads no label of an object that has one which is no string', () => {
  const object = { ...release, metadata: { name: 'a', labels: { tier: 'gold', n: 1 } } };
  checkSelector({ labelSelector: { matchLabels: { tier: 'gold' } } }, 0, object);
});

test('takes the strongest of several selectors', () => {
  const strongest = (...rest: JsonObject[]): number =>
    compileResourceSelectors(rest.map((at) => ({ ...typed, ...at })))(release);
  assert.equal(strongest({}, { name: 'podinfo' }, { labelSelector: {} }), 3);
  assert.equal(strongest({ name: 'web' }, {}), 1);
  assert.equal(strongest(), 0);
});

test('says what is wrong with labels', () => {
  const counts = (key: string): number => labelKeyErrors(key).length;
  assert.deepEqual(['a', 'a/b', 'A_b.c-1', 'x.y/z'].map(counts), [0, 0, 0, 0]);
  assert.deepEqual(
    ['', '/', 'a/', '/b', 'A/b', 'a/b/c', '-a', 'a b'].map(counts),
    [2, 3, 2, 1, 1, 1, 1, 1],
  );
  assert.deepEqual(labelKeyErrors('ä'.repeat(32))[0], 'name part must be no more than 63 bytes');
  assert.deepEqual(['', 'a', 'A.b_c-1'].flatMap(labelValueErrors), []);
  assert.equal(labelValueErrors(`${'x'.repeat(64)}-`).length, 2);
});

const cluster: JsonObject = {
  apiVersion: 'cluster.karmada.io/v1alpha1',
  kind: 'Cluster',
  metadata: { name: 'm1', labels: { env: 'prod' } },
  spec: { provider: 'aws', zones: ['a', 'b'] },
};

function checkAffinity(affinity: JsonValue, expected: boolean, object: JsonObject = cluster): void {
  assert.equal(clusterMatches(affinity, clusterFacts(object)), expected, JSON.stringify(affinity));
}

function checkField(key: string, operator: string, values: string[], expected: boolean): void {
  checkAffinity({ fieldSelector: { matchExpressions: [{ key, operator, values }] } }, expected);
}

test('matches clusters by name, exclusion and labels', () => {
  checkAffinity({}, true);
  checkAffinity(null, true);
  checkAffinity({ clusterNames: [] }, true);
  checkAffinity({ clusterNames: ['m1'] }, true);
  checkAffinity({ clusterNames: ['typo'] }, false);
  checkAffinity({ clusterNames: ['m1'], exclude: ['m1'] }, false);
  checkAffinity({ labelSelector: {} }, true);
  checkAffinity({ labelSelector: { matchLabels: { env: 'dev' } } }, false);
  checkAffinity({ labelSelector: { matchLabels: { env: 'prod' } }, clusterNames: ['m2'] }, false);
});

test('matches the fields of a cluster, an empty field being an absent one', () => {
  checkField('provider', 'In', ['aws'], true);
  checkField('provider', 'NotIn', ['aws'], false);
  checkField('provider', 'NotIn', [], false);
  checkField('provider', 'In', ['a b'], false);
  checkField('region', 'In', ['eu'], false);
  checkField('region', 'NotIn', ['eu'], true);
  checkField('region', 'DoesNotExist', [], true);
  checkField('region', 'Gt', ['1'], false);
});

test('matches zones by overlap', () => {
  checkField('zone', 'In', ['b', 'c'], true);
  checkField('zone', 'In', [], false);
  checkField('zone', 'NotIn', ['b'], false);
  checkField('zone', 'NotIn', [], true);
  checkField('zone', 'Exists', [], true);
  checkField('zone', 'DoesNotExist', [], false);
  checkField('zone', 'Gt', ['1'], false);
});

test('names the criterion that a cluster fails', () => {
  const miss = (affinity: JsonObject) => affinityMiss(affinity, clusterFacts(cluster));
  assert.equal(miss({ exclude: ['m1'] }), 'excluded');
  assert.equal(miss({ labelSelector: { matchLabels: { a: 'b' } } }), 'labels');
  assert.equal(
    miss({ fieldSelector: { matchExpressions: [{ key: 'x', operator: 'In' }] } }),
    'fields',
  );
  assert.equal(miss({ clusterNames: ['m2'] }), 'name');
});

test('looks at the deprecated zone only once the control plane has stored the cluster', () => {
  const written = { ...cluster, spec: { zone: 'z' } };
  const inZone = {
    fieldSelector: { matchExpressions: [{ key: 'zone', operator: 'In', values: ['z'] }] },
  };
  checkAffinity(inZone, false, written);
  checkAffinity(inZone, true, storedCluster(written));
  assert.equal(storedCluster(written), storedCluster(written));
  assert.equal(storedCluster(cluster), cluster);
});

test('never throws, whatever the selector, affinity or object', () => {
  const json = fc.jsonValue({ maxDepth: 4 }) as fc.Arbitrary<JsonValue>;
  const object = fc.dictionary(fc.constantFrom('metadata', 'spec', 'status', 'kind'), json);
  fc.assert(
    fc.property(json, object, object, (selector, affinity, given) => {
      compileResourceSelector(selector)(given);
      compileResourceSelector({ ...typed, labelSelector: selector })(given);
      affinityMiss(affinity, clusterFacts(given));
      affinityMiss({ labelSelector: selector, fieldSelector: selector }, clusterFacts(given));
    }),
  );
});
