import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createSimulator } from '../../../src/engine/index.ts';
import type { JsonObject } from '../../../src/engine/index.ts';
import { generateScenario } from '../../support/scenario.ts';

/** Every object comes, goes or is replaced by an equal one of its own, as an editor's keystrokes do. */
const edits = fc.array(
  fc.record({ at: fc.nat(40), type: fc.constantFrom('toggle', 'renew', 'borrow') }),
  { maxLength: 12 },
);

test('what a simulator remembers of the run before shows in no answer', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 100_000 }), edits, (seed, steps) => {
      const first = generateScenario(seed);
      const other = generateScenario(seed + 1);
      const pool: (JsonObject | undefined)[] = [...first];
      const simulate = createSimulator();
      simulate(first);
      for (const { at, type } of steps) {
        const i = at % first.length;
        const renewed = structuredClone(first[i] ?? {});
        if (type === 'toggle') pool[i] = pool[i] ? undefined : renewed;
        else pool[i] = type === 'renew' ? renewed : other[at % other.length];
        const objects = pool.filter((object) => object !== undefined);
        const [again, fresh] = [simulate(objects), createSimulator()(objects)].map((run) =>
          run.simulations.map(({ outcome, claim, overrides }) => ({
            outcome,
            claim: claim.type,
            overrides: overrides?.map(({ id }) => id),
          })),
        );
        assert.deepEqual(again, fresh);
      }
    }),
    { numRuns: 300 },
  );
});
