import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { createPacer, inSteps } from '../../../src/vscode/timing.ts';

describe('work in steps', () => {
  test('lets others run before it is done', async () => {
    let isHeard = false;
    setTimeout(() => {
      isHeard = true;
    }, 0);
    function* untilHeard(): Generator<undefined, { readonly steps: number }, undefined> {
      for (let steps = 0; ; steps++) {
        if (isHeard) return { steps };
        yield;
      }
    }
    assert.ok(await inSteps(untilHeard(), () => true));
  });

  test('goes on where it was left', async () => {
    const taken: number[] = [];
    function* ofThree(): Generator<undefined, readonly number[], undefined> {
      for (const step of [1, 2, 3]) {
        taken.push(step);
        yield;
      }
      return taken;
    }
    const steps = ofThree();
    assert.equal(await inSteps(steps, () => taken.length < 2), undefined);
    assert.deepEqual(taken, [1, 2]);
    assert.deepEqual(await inSteps(steps, () => true), [1, 2, 3]);
  });
});

test('a pacer works at once, and again no sooner than after its pause, whatever is asked meanwhile', (t) => {
  t.mock.timers.enable({ apis: ['setTimeout', 'Date'], now: 1000 });
  const done: number[] = [];
  const pacer = createPacer(250, () => done.push(Date.now()));
  pacer.request();
  assert.deepEqual(done, [1000]);
  for (let i = 0; i < 100; i++) {
    t.mock.timers.tick(10);
    pacer.request();
  }
  const gaps = done.slice(1).map((at, i) => at - (done[i] ?? 0));
  assert.ok(done.length >= 4 && gaps.every((gap) => gap >= 250), done.join());
  t.mock.timers.tick(1000);
  const count = done.length;
  pacer.request();
  assert.equal(done.length, count + 1, 'at once after a pause');
  pacer.request();
  pacer.dispose();
  t.mock.timers.tick(1000);
  assert.equal(done.length, count + 1, 'not after it is disposed of');
});
