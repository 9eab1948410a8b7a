import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { parseQuantity, wholeUnits } from '../../../../src/engine/scheduling/quantity.ts';
import { selectGroups, type Group } from '../../../../src/engine/scheduling/selectGroups.ts';
import { divideByWeight, type Weight } from '../../../../src/engine/scheduling/webster.ts';
import {
  completionsOf,
  reviseCompletions,
  reviseReplicas,
  workloadOf,
} from '../../../../src/engine/scheduling/workload.ts';
import type { JsonObject, JsonValue } from '../../../../src/engine/types.ts';

/** Webster's method as its definition says, one replica at a time over the whole list. */
function naiveDivision(replicas: number, weights: readonly Weight[]): Map<string, number> {
  const seats = new Map(weights.map(({ name }) => [name, 0]));
  for (let i = 0; i < replicas; i++) {
    const [next] = weights.toSorted((a, b) => {
      const [x, y] = [seats.get(a.name) ?? 0, seats.get(b.name) ?? 0];
      return b.votes / (2 * y + 1) - a.votes / (2 * x + 1) || x - y || (a.name < b.name ? -1 : 1);
    });
    if (next) seats.set(next.name, (seats.get(next.name) ?? 0) + 1);
  }
  return seats;
}

const weights = fc.uniqueArray(
  fc.record({
    name: fc.constantFrom('a', 'b', 'c', 'd', 'e'),
    votes: fc.integer({ min: 1, max: 50 }),
  }),
  { selector: ({ name }) => name, minLength: 1 },
);

test('divides as the naive model does', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 60 }), weights, (replicas, given) => {
      const divided = divideByWeight(replicas, given, '');
      assert.deepEqual(
        divided.map(({ name, replicas: share }) => [name, share]),
        [...naiveDivision(replicas, given)].sort(([a], [b]) => (a < b ? -1 : 1)),
      );
    }),
  );
});

test('divides very many replicas to the last one, near the exact shares', () => {
  fc.assert(
    fc.property(fc.integer({ min: 100_001, max: 2_147_483_647 }), weights, (replicas, given) => {
      const divided = divideByWeight(replicas, given, '');
      const votes = given.reduce((sum, at) => sum + at.votes, 0);
      assert.equal(
        divided.reduce((sum, at) => sum + at.replicas, 0),
        replicas,
      );
      for (const { name, replicas: share } of divided) {
        const exact = (replicas * (given.find((at) => at.name === name)?.votes ?? 0)) / votes;
        assert.ok(Math.abs(share - exact) <= given.length);
      }
    }),
  );
});

test('divides nothing when nothing weighs', () => {
  assert.deepEqual(divideByWeight(3, [], ''), []);
  assert.deepEqual(divideByWeight(3, [{ name: 'a', votes: 0 }], ''), []);
});

/** Region combinations, found by trying every subset. */
function naiveGroups(groups: readonly Group[], min: number, max: number, target: number): number {
  let best = -1;
  for (let bits = 1; bits < 1 << groups.length; bits++) {
    const chosen = groups.filter((_, i) => bits & (1 << i));
    const value = chosen.reduce((sum, at) => sum + at.value, 0);
    if (chosen.length < min || chosen.length > max || value < target) continue;
    best = Math.max(best, chosen.length);
  }
  return best;
}

test('finds a combination of regions exactly when there is one', () => {
  const groups = fc.uniqueArray(
    fc.record({
      name: fc.constantFrom('a', 'b', 'c', 'd', 'e'),
      value: fc.integer({ min: 1, max: 5 }),
      weight: fc.integer({ min: 0, max: 4000 }),
    }),
    { selector: ({ name }) => name },
  );
  const size = fc.integer({ min: 1, max: 5 });
  fc.assert(
    fc.property(groups, size, size, fc.integer({ min: 0, max: 12 }), (given, min, max, target) => {
      const chosen = selectGroups(given, min, max, target);
      assert.equal(chosen.length > 0, naiveGroups(given, min, max, target) > 0);
      if (chosen.length === 0) return;
      assert.ok(chosen.length >= min && chosen.length <= max);
      assert.ok(chosen.reduce((sum, at) => sum + at.value, 0) >= target);
      assert.deepEqual(
        chosen.map(({ weight }) => weight),
        chosen.map(({ weight }) => weight).toSorted((a, b) => b - a),
      );
    }),
  );
});

test('prefers the shorter of two combinations that begin alike', () => {
  const group = (name: string, value: number, weight: number): Group => ({ name, value, weight });
  const groups = [group('a', 1, 900), group('b', 2, 800), group('c', 3, 700)];
  const names = (min: number, max: number, target: number): string =>
    selectGroups(groups, min, max, target)
      .map(({ name }) => name)
      .join('');
  assert.equal(names(1, 3, 3), 'ab');
  assert.equal(names(1, 1, 3), 'c');
  assert.equal(names(3, 3, 1), 'abc');
  assert.equal(names(1, 0, 1), '');
  assert.equal(names(1, 3, 7), '');
});

test('reads quantities', () => {
  const milli = (value: JsonValue): string => String(parseQuantity(value));
  assert.deepEqual(
    ['1', '500m', '1.5', '.5', '2k', '1Ki', '1.5Gi', '1e3', '1E', '-1', '1u', 2, 3n].map(milli),
    [
      '1000',
      '500',
      '1500',
      '500',
      '2000000',
      '1024000',
      '1610612736000',
      '1000000',
      '1000000000000000000000',
      '-1000',
      '1',
      '2000',
      '3000',
    ],
  );
  assert.deepEqual(
    ['', '.', 'x', '1 Gi', '1ki', null, true, {}].map(milli),
    Array(8).fill('undefined'),
  );
  assert.deepEqual([1n, 1000n, 1001n, 0n, -1n].map(wholeUnits), [1n, 1n, 2n, 0n, 0n]);
});

test('reads replicas of the native workloads only', () => {
  const replicas = (apiVersion: string, kind: string, spec: JsonObject = {}): number =>
    workloadOf({ apiVersion, kind, spec }).replicas;
  assert.equal(replicas('apps/v1', 'Deployment', { replicas: 3 }), 3);
  assert.equal(replicas('apps/v1', 'Deployment'), 0);
  assert.equal(replicas('apps/v1', 'StatefulSet', { replicas: 3 }), 3);
  assert.equal(replicas('apps/v1', 'DaemonSet', { replicas: 3 }), 0);
  assert.equal(replicas('apps.kruise.io/v1', 'Deployment', { replicas: 3 }), 0);
  assert.equal(replicas('v1', 'Pod'), 1);
  assert.equal(replicas('batch/v1', 'Job', { parallelism: 5 }), 5);
  assert.equal(replicas('batch/v1', 'Job', { parallelism: 5, completions: 2 }), 2);
});

test('revises replicas only where they are written', () => {
  const template = {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    spec: { replicas: 3, paused: true },
  };
  assert.deepEqual(reviseReplicas(template, 1)['spec'], { replicas: 1, paused: true });
  assert.equal(template.spec.replicas, 3);
  assert.equal(reviseReplicas(template, 3), template);
  const bare = { apiVersion: 'apps/v1', kind: 'Deployment', spec: {} };
  assert.equal(reviseReplicas(bare, 1), bare);
  const job = { apiVersion: 'batch/v1', kind: 'Job', spec: { parallelism: 3, completions: 9 } };
  assert.deepEqual(reviseReplicas(job, 1)['spec'], { parallelism: 1, completions: 9 });
  assert.deepEqual(reviseCompletions(job, 4)['spec'], { parallelism: 3, completions: 4 });
  assert.equal(completionsOf(job), 9);
  assert.equal(completionsOf(template), undefined);
});
