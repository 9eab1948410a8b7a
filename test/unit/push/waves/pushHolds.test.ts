import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  journalText,
  policiesHeldBy,
  pushHolds,
  readPushHolds,
  type Journal,
  type PushReview,
  type PushStep,
  type StepState,
} from '../../../../src/push/index.ts';
import { memoryJournals } from '../../../support/fakePushApi.ts';
import { withSteps } from '../../../support/pushReviews.ts';

const policy = {
  apiVersion: 'policy.karmada.io/v1alpha1',
  kind: 'PropagationPolicy',
  namespace: 'apps',
  name: 'spread',
};
const server = withSteps([]).server;

const hold = (clusters: 'none' | readonly string[]): PushStep => ({
  type: 'hold',
  id: JSON.stringify(clusters),
  hold: { policy, clusters },
  reason: '',
});
const done: StepState = { type: 'done', at: 1 };
const waiting: StepState = { type: 'waiting' };
const running: StepState = { type: 'running', since: 1 };

function journal(
  steps: readonly PushStep[],
  states: readonly StepState[],
  more: Partial<Omit<Journal, 'review'>> & Partial<Pick<PushReview, 'type' | 'title'>> = {},
): Journal {
  const { type = 'waves', title = 'podinfo.yaml', ...rest } = more;
  const review = { ...withSteps(steps), type, title };
  return { version: 1, id: 'one', startedAt: 1, state: 'stopped', ...rest, review, states };
}

const held = journal([hold(['member2']), hold('none')], [done, waiting]);

test('a push that stopped while it held a policy is found', () => {
  assert.deepEqual(pushHolds([held], server)(policy), {
    push: 'one',
    title: 'podinfo.yaml',
    state: 'stopped',
    type: 'waves',
  });
  assert.deepEqual(policiesHeldBy(held), [policy]);
});

test('of another policy, of another server, or after its end it holds nothing', () => {
  assert.equal(pushHolds([held], server)({ ...policy, name: 'other' }), undefined);
  assert.equal(pushHolds([held], 'https://elsewhere')(policy), undefined);
  const over: readonly Journal['state'][] = ['done', 'undone'];
  for (const state of over) {
    assert.equal(pushHolds([{ ...held, state }], server)(policy), undefined);
  }
  const letGo = journal([hold(['member2']), hold('none')], [done, done]);
  assert.equal(pushHolds([letGo], server)(policy), undefined);
});

test('a step in doubt may have held, and may not have let go', () => {
  const steps = [hold(['member2']), hold('none')];
  for (const states of [
    [running, waiting],
    [done, running],
  ]) {
    assert.equal(pushHolds([journal(steps, states)], server)(policy)?.push, 'one');
  }
});

test('the newest of several is the one to end, and one that was given up is told as such', () => {
  const older = { ...held, id: 'older', startedAt: 0 };
  const undo = journal([hold(['member2'])], [done], { id: 'undo', startedAt: 2, type: 'undo' });
  assert.equal(pushHolds([older, undo, held], server)(policy)?.push, 'undo');
  const given = { ...held, state: 'dropped' as const };
  assert.equal(pushHolds([given], server)(policy)?.state, 'dropped');
});

test('a policy that waves create holds by what it says, until it is written without', () => {
  const said = (suspension?: object): PushStep => ({
    type: 'apply',
    id: suspension ? 'first' : 'last',
    change: {
      reference: policy,
      type: 'create',
      checkedBy: 'server',
      conflicts: [],
      verdicts: [],
      source: {
        reference: policy,
        object: { spec: suspension ? { suspension: { ...suspension } } : {} },
        uri: '',
        item: '',
      },
    },
  });
  const on = { dispatchingOnClusters: { clusterNames: ['member2'] } };
  const steps = [said(on), said()];
  assert.equal(pushHolds([journal(steps, [done, waiting])], server)(policy)?.push, 'one');
  assert.equal(pushHolds([journal(steps, [done, done])], server)(policy), undefined);
  // A document that suspends dispatch in an ordinary push is the user's own wish.
  const plain = journal(steps, [done, waiting], { type: 'push' });
  assert.equal(pushHolds([plain], server)(policy), undefined);
});

test('a change of a policy that is held does not let it go', () => {
  const change = {
    reference: policy,
    type: 'change',
    checkedBy: 'server',
    conflicts: [],
    verdicts: [],
    source: { reference: policy, object: { spec: {} }, uri: '', item: '' },
  } as const;
  const steps: readonly PushStep[] = [hold(['member2']), { type: 'apply', id: 'apply', change }];
  assert.equal(pushHolds([journal(steps, [done, done])], server)(policy)?.push, 'one');
});

test('they are read from where pushes are kept; what cannot be read is left out', async () => {
  const journals = memoryJournals();
  await journals.write('one', journalText(held));
  await journals.write('broken', '{');
  assert.equal((await readPushHolds(journals, server))(policy)?.push, 'one');
});
