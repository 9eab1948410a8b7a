import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Delivery } from '../../../../src/analysis/index.ts';
import { holdingsFor } from '../../../../src/push/plan/holds.ts';
import { startFrom } from '../../../../src/push/plan/states.ts';
import { groundOf, planeOf, propagation, release } from './ground.ts';

/** Counts how often all of it is looked through. */
class CountedMap extends Map<string, Delivery> {
  looks = 0;

  override values(): MapIterator<Delivery> {
    this.looks++;
    return super.values();
  }
}

function holdOf(count: number) {
  const names = Array.from({ length: count }, (_, i) => `r${i}`);
  const objects = [...names.map((name) => release(name)), propagation('p', [], ['member1'])];
  const ground = groundOf(planeOf(objects));
  const { first } = startFrom(ground.live, ground.works, {});
  const passing = [...first.deliveries].flatMap(([key, { policy }]) =>
    policy ? [{ key, clusters: ['member1'], manifest: release('passing'), policy }] : [],
  );
  assert.equal(passing.length, count);
  const deliveries = new CountedMap(first.deliveries);
  const states = [{ ...first, deliveries }];
  const { holdings } = holdingsFor(passing, { writes: [], states }, ground.live);
  return { looks: deliveries.looks, holdings };
}

test('one policy is held for all templates that it claims, each looked up once', () => {
  const [few, many] = [holdOf(3), holdOf(30)];
  assert.deepEqual(
    many.holdings.map(({ hold, templates }) => [hold.policy.name, hold.clusters, templates.size]),
    [['p', ['member1'], 30]],
  );
  assert.equal(many.looks, few.looks);
});
