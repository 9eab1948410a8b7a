import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createSimulator, member, stringMember } from '../../../src/engine/index.ts';
import type { JsonObject } from '../../../src/engine/index.ts';
import { generateScenario } from '../../support/scenario.ts';

/** Objects come, go and change as an editor's keystrokes make them; a policy may get the spec of another one. */
const edits = fc.array(
  fc.record({
    at: fc.nat(40),
    type: fc.constantFrom('toggle', 'renew', 'respec', 'respec'),
    source: fc.nat(40),
  }),
  { maxLength: 12 },
);

test('what a simulator remembers of the runs before shows in no answer', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 100_000 }), edits, fc.nat(3), (seed, steps, more) => {
      const first = [seed, seed + 1, seed + 2].flatMap(generateScenario);
      const pool: (JsonObject | undefined)[] = [...first];
      const simulate = createSimulator(1 + more);
      simulate(first);
      for (const { at, type, source } of steps) {
        const i = at % first.length;
        const renewed = structuredClone(first[i] ?? {});
        const kind = stringMember(renewed, 'kind');
        const alike = first.filter((object) => stringMember(object, 'kind') === kind);
        const spec = member(alike[source % alike.length], 'spec') ?? null;
        if (type === 'toggle') pool[i] = pool[i] ? undefined : renewed;
        else pool[i] = type === 'renew' ? renewed : { ...renewed, spec };
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
    { numRuns: 3000 },
  );
});
