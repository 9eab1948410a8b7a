import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PushClock } from '../../../../src/push/index.ts';
import { planPush } from '../../../../src/push/index.ts';
import { planPushInSteps } from '../../../../src/push/plan/planPush.ts';
import { inShortSteps } from '../../../../src/push/prepare/inShortSteps.ts';
import { changeOf, groundOf, override, planeOf, propagation, release } from '../plan/ground.ts';

/** A clock that says how often it was slept, and steps that take 10 ms of it each. */
function scene(count: number) {
  const seen = { time: 0, sleeps: 0 };
  const clock: PushClock = {
    now: () => seen.time,
    sleep: () => Promise.resolve(void (seen.sleeps += 1)),
  };
  function* steps() {
    for (let i = 0; i < count; i++) {
      seen.time += 10;
      yield;
    }
    return 'planned';
  }
  return { seen, clock, steps: steps() };
}

test('what is planned in steps lets others run every few milliseconds', async () => {
  const { seen, clock, steps } = scene(10);
  assert.equal(await inShortSteps(steps, clock, undefined), 'planned');
  assert.equal(seen.sleeps, 5);
});

test('what is planned in steps ends when it is cancelled', async () => {
  const { seen, clock, steps } = scene(1000);
  const controller = new AbortController();
  const planning = inShortSteps(steps, clock, controller.signal);
  controller.abort();
  await assert.rejects(planning, { reason: 'aborted' });
  assert.ok(seen.time < 1000, 'it went on');
});

test('a push is planned in steps, one at least for each write, and comes to the same', () => {
  const names = ['a', 'b', 'c', 'd'];
  const objects = names.map((name) => release(name));
  const ground = groundOf(planeOf([...objects, propagation('all', [], ['member1'])]));
  const changes = [
    ...names.map((name) => changeOf(ground.live, release(name, { x: 1 }))),
    changeOf(ground.live, override('o', 'a', 2, ['member1'])),
    changeOf(ground.live, propagation('all', [], ['member1', 'member2'])),
  ];
  const planning = planPushInSteps(ground, changes);
  let steps = 0;
  for (;;) {
    const { done, value } = planning.next();
    steps += 1;
    if (!done) continue;
    assert.ok(steps > changes.length, `${steps} steps`);
    assert.deepEqual(value, planPush(ground, changes));
    return;
  }
});
