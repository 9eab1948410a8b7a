import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate as tick } from 'node:timers/promises';
import { atOnce } from '../../../../src/vscode/acting/atOnce.ts';

test('Runs so many at a time and answers in order', async () => {
  let running = 0;
  let most = 0;
  const items = Array.from({ length: 25 }, (_, i) => i);
  const turns = await atOnce(items, 10, async (item) => {
    most = Math.max(most, ++running);
    for (let i = 0; i < 25 - item; i++) await tick();
    running -= 1;
    return item * 2;
  });
  assert.equal(most, 10);
  assert.deepEqual(
    turns,
    items.map((item) => ({ type: 'done', item, value: item * 2 })),
  );
});

test('A failure is an answer, and what is given up is skipped', async () => {
  const error = new Error('no');
  let count = 0;
  const turns = await atOnce(
    [1, 2, 3, 4],
    1,
    async (item) => {
      if (item === 2) throw error;
    },
    { isOver: () => count >= 3, onTurn: () => count++ },
  );
  assert.deepEqual(turns, [
    { type: 'done', item: 1, value: undefined },
    { type: 'failed', item: 2, error },
    { type: 'done', item: 3, value: undefined },
    { type: 'skipped', item: 4 },
  ]);
  assert.equal(count, 4);
  assert.deepEqual(await atOnce([], 5, async () => 1), []);
});
