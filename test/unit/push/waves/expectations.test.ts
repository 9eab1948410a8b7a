import assert from 'node:assert/strict';
import { test } from 'node:test';
import { expectationsOf, type Effect, type ObjectChange } from '../../../../src/push/index.ts';
import { release } from '../plan/ground.ts';

const template = 'helm.toolkit.fluxcd.io/v2/HelmRelease/apps/web';
const reference = {
  apiVersion: 'helm.toolkit.fluxcd.io/v2',
  kind: 'HelmRelease',
  namespace: 'apps',
  name: 'web',
};

function expectations(effects: readonly Effect[], changes: readonly ObjectChange[] = []) {
  return expectationsOf({ effects, changes });
}

test('a change is waited for with its chart version and the generation of the dry run', () => {
  const before = release('web');
  const after = release('web', { a: 1 });
  const written = { ...after, metadata: { name: 'web', namespace: 'apps', generation: 4 } };
  const change: ObjectChange = {
    reference,
    type: 'change',
    after: written,
    checkedBy: 'server',
    conflicts: [],
    verdicts: [],
  };
  assert.deepEqual(
    expectations([{ template, clusters: ['member1'], type: 'changes', before, after }], [change]),
    [
      {
        template: reference,
        clusters: ['member1'],
        type: 'arrives',
        isSpecChanged: true,
        templateGeneration: 4,
        chartVersion: '6.6.1',
      },
    ],
  );
});

test('other labels are no other spec', () => {
  const before = release('web');
  const after = { ...before, metadata: { name: 'web', namespace: 'apps', labels: { a: 'b' } } };
  const [one] = expectations([{ template, clusters: ['member1'], type: 'changes', before, after }]);
  assert.equal(one?.isSpecChanged, false);
});

test('what passes, stays or is left alone is not followed; what is taken away is', () => {
  const types = ['unchanged', 'orphaned', 'removed', 'kept', 'fails'] as const;
  const effects = types.map((type): Effect => ({ template, clusters: ['member1'], type }));
  const passing: Effect = { template, clusters: ['member1'], type: 'changes', isPassing: true };
  assert.deepEqual(
    expectations([...effects, passing]).map(({ type }) => type),
    ['leaves', 'leaves', 'fails'],
  );
});
