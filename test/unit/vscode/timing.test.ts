import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { inSteps } from '../../../src/vscode/timing.ts';

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
