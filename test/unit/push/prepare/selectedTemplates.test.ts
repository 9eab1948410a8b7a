import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { selectedTemplates } from '../../../../src/push/prepare/selectedTemplates.ts';
import { fakePushApi } from '../../../support/fakePushApi.ts';
import { changeOf, override, planeOf, propagation } from '../plan/ground.ts';

const deployment = {
  ...{ apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'web', namespace: 'apps' } },
  spec: {},
};
const policy = propagation('web', [], ['member1'], {
  resourceSelectors: [{ apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' }],
  dependentOverrides: ['late'],
});

describe('templates that are read for a push', () => {
  it('are those of a policy that an override of the push lets begin', async () => {
    const api = fakePushApi();
    api.put(deployment);
    const plane = { ...planeOf([policy]), unread: new Set(['apps/Deployment']) };
    const read = async (name: string) => {
      const change = changeOf(plane, override(name, 'another', 1, ['member1']));
      const { objects } = await selectedTemplates([change], { api, plane });
      return objects.map(({ kind }) => kind);
    };
    assert.deepEqual(await read('late'), ['Deployment']);
    assert.deepEqual(await read('other'), []);
  });
});
