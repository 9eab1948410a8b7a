import assert from 'node:assert/strict';
import { test } from 'node:test';
import { clusterNames, treeTargets } from '../../../../src/vscode/acting/treeTargets.ts';

const cluster = (name: string) => ({
  reference: { apiVersion: 'cluster.karmada.io/v1alpha1', kind: 'Cluster', namespace: '', name },
});
const release = {
  apiVersion: 'helm.toolkit.fluxcd.io/v2',
  kind: 'HelmRelease',
  namespace: 'apps',
  name: 'podinfo',
};

test('Takes the line clicked, or all that are selected', () => {
  const one = { id: 'x', reference: release, cluster: 'member1', label: 'podinfo' };
  assert.deepEqual(treeTargets([one]), [{ reference: release, cluster: 'member1' }]);
  assert.deepEqual(treeTargets([one, undefined]), [{ reference: release, cluster: 'member1' }]);
  assert.deepEqual(treeTargets([one, [{ reference: release }, one]]), [
    { reference: release },
    { reference: release, cluster: 'member1' },
  ]);
});

test('Names clusters once and leaves out what is none', () => {
  const lines = [cluster('b'), cluster('a'), cluster('b'), { reference: release }];
  assert.deepEqual(clusterNames(treeTargets([lines[0], lines])), ['b', 'a']);
});

test('Survives arguments of any shape', () => {
  const odd = [undefined, null, 3, 'x', {}, { reference: null }, { reference: { name: 'x' } }];
  for (const argument of odd) assert.deepEqual(treeTargets([argument, odd]), []);
  assert.deepEqual(treeTargets([]), []);
});
