import assert from 'node:assert/strict';
import { test } from 'node:test';
import { backOff } from '../../../src/kube/backOff.ts';
import { createPageSize } from '../../../src/kube/pageSize.ts';

test('pages follow the size of the objects within bounds, and remember it', () => {
  const size = createPageSize();
  assert.equal(size.limit, 50);
  size.learn(50, 50 * 1_000_000);
  assert.equal(size.limit, 4);
  size.learn(4, 4 * 20_000_000);
  assert.equal(size.limit, 4);
  size.learn(4, 4 * 1000);
  assert.equal(size.limit, 80);
  size.learn(0, 200);
  assert.equal(size.limit, 80);
  for (let i = 0; i < 5; i++) size.learn(80, 80);
  assert.equal(size.limit, 5000);
});

test('waits stay within half of and half above their base, and below 30 seconds', () => {
  assert.deepEqual(
    [1, 2, 3].map((failures) => backOff(failures, () => 0)),
    [400, 800, 1600],
  );
  assert.deepEqual(
    [1, 2, 3].map((failures) => backOff(failures, () => 1)),
    [1200, 2400, 4800],
  );
  assert.equal(
    backOff(1_000_000, () => 1),
    30_000,
  );
  assert.equal(
    backOff(0, () => 0.5),
    800,
  );
});
