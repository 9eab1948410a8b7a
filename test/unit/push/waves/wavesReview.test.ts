import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { JsonObject } from '../../../../src/engine/index.ts';
import {
  journalText,
  planPush,
  wavesReview,
  type Journal,
  type PushReview,
} from '../../../../src/push/index.ts';
import {
  emptyPushModel,
  fakePushApi,
  instantClock,
  memoryJournals,
} from '../../../support/fakePushApi.ts';
import { withSteps } from '../../../support/pushReviews.ts';
import { changeOf, groundOf, planeOf, propagation, referenceOf, release } from '../plan/ground.ts';

const clusters = ['member1', 'member2'];
const suspension = { dispatchingOnClusters: { clusterNames: ['member2'] } };

/** A push of a release whose policy may be held already, over a server that knows who holds it. */
async function reviewed(
  held: JsonObject | undefined,
  waves: readonly (readonly string[])[],
  journal?: Journal,
): Promise<PushReview> {
  const more = held ? { suspension: held } : {};
  const told = propagation('spread', ['web'], clusters, more);
  const plane = planeOf([told], clusters);
  const fieldsV1 = { 'f:spec': { 'f:suspension': {} } };
  const managedFields = [{ manager: 'vscode-karmada-flux-hold', fieldsV1 }];
  const api = fakePushApi();
  api.put({ ...told, metadata: { ...(told['metadata'] as JsonObject), managedFields } });
  const journals = memoryJournals();
  if (journal) await journals.write(journal.id, journalText(journal));
  const ground = groundOf(plane);
  const changes = [changeOf(ground.live, release('web', { a: 1 }))];
  const plan = planPush(ground, changes);
  const review: PushReview = {
    ...withSteps([]),
    ...plan,
    type: 'push',
    title: 'web.yaml',
    changes,
    questions: [
      ...plan.questions,
      { severity: 'confirm', code: 'held', message: 'Held.', reference: referenceOf(told) },
    ],
  };
  const model = { ...emptyPushModel(), plane: () => ground.live };
  return wavesReview({ api, model, journals, clock: instantClock() }, review, waves);
}

const policy = referenceOf(propagation('spread', [], []));
const stopped: Journal = {
  ...{ version: 1, id: 'one', startedAt: 1, state: 'stopped' },
  review: {
    ...withSteps([
      { ...{ type: 'hold', id: '1', reason: '' }, hold: { policy, clusters: ['member2'] } },
    ]),
    title: 'before.yaml',
  },
  states: [{ type: 'done', at: 1 }],
};

test('a policy that a push of ours holds is told as held by that push, although the streams do not say whose it is', async () => {
  const { questions } = await reviewed(suspension, [['member1'], ['member2']], stopped);
  assert.deepEqual(
    questions.filter(({ code }) => code === 'held').map(({ severity, push }) => [severity, push]),
    [['blocked', 'one']],
    'and not once more that it does not arrive',
  );
  assert.match(
    questions.map(({ message }) => message).join('\n'),
    /by the push “before.yaml”, which stopped\. Resume or undo that push first\./,
  );
});

test('a hold of the user alone is told as such', async () => {
  const { questions } = await reviewed(suspension, [['member1'], ['member2']]);
  const blocked = questions.filter(({ severity }) => severity === 'blocked');
  assert.match(blocked[0]?.message ?? '', /by Hold Dispatch\. Resume dispatch first\./);
});

test('waves note what there was before, and a single one is an ordinary push', async () => {
  const waves = await reviewed(undefined, [['member1'], ['member2']]);
  assert.equal(waves.type, 'waves');
  assert.deepEqual(waves.baseline?.works, {});
  const once = await reviewed(undefined, [['member1', 'member2']]);
  assert.equal(once.type, 'push');
  assert.ok(once.steps.every(({ type }) => type !== 'hold' && type !== 'ready'));
});
