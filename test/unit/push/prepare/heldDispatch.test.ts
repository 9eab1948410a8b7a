import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { JsonObject } from '../../../../src/engine/index.ts';
import { createFleetModel } from '../../../../src/live/index.ts';
import { journalText, type Effect, type Journal } from '../../../../src/push/index.ts';
import { heldDispatch } from '../../../../src/push/prepare/heldDispatch.ts';
import { fakePushApi, memoryJournals } from '../../../support/fakePushApi.ts';
import { binding, modelOf } from '../../../support/fleetRows.ts';
import { withSteps } from '../../../support/pushReviews.ts';
import { planeOf, propagation, referenceOf } from '../plan/ground.ts';

const template = 'helm.toolkit.fluxcd.io/v2/HelmRelease/apps/web';
const effect: Effect = {
  ...{ template, type: 'changes', clusters: ['member1', 'member2'] },
  policy: 'PropagationPolicy/apps/spread',
};

/** A policy that holds member2, as a server has it and as the streams tell it, without managed fields. */
function heldBy(manager: string): { readonly told: JsonObject; readonly stored: JsonObject } {
  const told = propagation('spread', ['web'], ['member1', 'member2'], {
    suspension: { dispatchingOnClusters: { clusterNames: ['member2'] } },
  });
  const fieldsV1 = { 'f:spec': { 'f:suspension': {} } };
  const metadata = { ...(told['metadata'] as JsonObject), managedFields: [{ manager, fieldsV1 }] };
  return { told, stored: { ...told, metadata } };
}

const { server } = withSteps([]);

async function questions(
  manager: string,
  journal?: Journal,
  effects: readonly Effect[] = [effect],
) {
  const { told, stored } = heldBy(manager);
  const api = fakePushApi();
  api.put(stored);
  const journals = memoryJournals();
  if (journal) await journals.write(journal.id, journalText(journal));
  const ground = { api, journals, model: createFleetModel(), plane: planeOf([told]) };
  return heldDispatch(ground, { effects, changes: [], server });
}

const stopped: Journal = {
  ...{ version: 1, id: 'one', startedAt: 1, state: 'stopped' },
  review: {
    ...withSteps([
      {
        ...{ type: 'hold', id: '1', reason: '' },
        hold: { policy: referenceOf(heldBy('').told), clusters: ['member2'] },
      },
    ]),
    title: 'web.yaml',
  },
  states: [{ type: 'done', at: 1 }],
};

test('what a push that stopped holds is told with that push, and asked about', async () => {
  const [question, ...others] = await questions('vscode-karmada-flux-hold', stopped);
  assert.deepEqual(others, []);
  assert.deepEqual(
    [question?.code, question?.severity, question?.push, question?.message],
    [
      'held',
      'confirm',
      'one',
      'Dispatch of PropagationPolicy apps/spread is held on member2 by the push “web.yaml”, which stopped. What is pushed does not reach member2 before that push is resumed or undone.',
    ],
  );
});

test('a hold of the user or of somebody else is told with its name', async () => {
  const own = await questions('vscode-karmada-flux-hold');
  assert.match(own[0]?.message ?? '', /held on member2 by Hold Dispatch\. .* is resumed\.$/);
  const other = await questions('argocd', stopped);
  assert.match(other[0]?.message ?? '', /held on member2 by argocd\./);
  assert.deepEqual(
    [own, other].map(([one]) => [one?.severity, one?.push]),
    [
      ['warning', undefined],
      ['warning', undefined],
    ],
  );
});

test('what loses its policy while it is held stays held, which is asked about', async () => {
  const suspension = { dispatchingOnClusters: { clusterNames: ['member2'] } };
  const held = binding('apps/web', ['member1', 'member2'], { spec: { suspension } });
  const model = modelOf({ bindings: [held] });
  const orphaned: Effect = { template, type: 'orphaned', clusters: ['member1', 'member2'] };
  const ground = { api: fakePushApi(), model, plane: planeOf([]) };
  const [question] = await heldDispatch(ground, { effects: [orphaned], changes: [], server });
  assert.equal(question?.severity, 'confirm');
  assert.match(
    question?.message ?? '',
    /HelmRelease apps\/web stays held on member2, with no policy/,
  );
});

test('where nothing arrives, nothing is said and nothing is read', async () => {
  assert.deepEqual(
    await questions('argocd', undefined, [{ ...effect, clusters: ['member1'] }]),
    [],
  );
  assert.deepEqual(await questions('argocd', undefined, [{ ...effect, type: 'removed' }]), []);
});
