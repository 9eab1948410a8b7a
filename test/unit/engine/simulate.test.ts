import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createSimulator, member, stringMember } from '../../../src/engine/index.ts';
import type { JsonObject, PreviousPlacement } from '../../../src/engine/index.ts';
import { generateScenario } from '../../support/scenario.ts';

/**
 * Objects come, go and change as an editor's keystrokes make them; a policy may get the spec of another one. Bindings
 * say other clusters, and now and then all is as it was before, as for who asks what follows from several changes.
 */
const edits = fc.array(
  fc.record({
    at: fc.nat(40),
    type: fc.constantFrom('toggle', 'renew', 'respec', 'respec', 'move', 'move', 'back', 'back'),
    source: fc.nat(40),
  }),
  { maxLength: 12 },
);

const placements: readonly (PreviousPlacement | undefined)[] = [
  undefined,
  { clusters: [{ name: 'member1' }] },
  { clusters: [{ name: 'member3' }, { name: 'member1' }] },
];

interface Held {
  readonly pool: readonly (JsonObject | undefined)[];
  readonly previous: ReadonlyMap<string, PreviousPlacement>;
}

test('what a simulator remembers of the runs before shows in no answer', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 100_000 }), edits, fc.nat(3), (seed, steps, more) => {
      const first = [seed, seed + 1, seed + 2].flatMap(generateScenario);
      const held: Held[] = [{ pool: first, previous: new Map() }];
      const simulate = createSimulator(1 + more);
      const keys = simulate(first).simulations.map(({ key }) => key);
      for (const { at, type, source } of steps) {
        const last = held.at(-1) ?? assert.fail('nothing is held');
        if (type === 'back') held.push(held[source % held.length] ?? last);
        else if (type === 'move') held.push(moved(last, keys[at % keys.length], source));
        else held.push(edited(last, first, { at, type, source }));
        const { pool, previous } = held.at(-1) ?? last;
        const objects = pool.filter((object) => object !== undefined);
        const [again, fresh] = [simulate, createSimulator()].map((run) =>
          run(objects, { previous }).simulations.map(({ outcome, claim, overrides, schedule }) => ({
            outcome,
            claim: claim.type,
            previous: schedule?.request.previous,
            overrides: overrides?.map(({ id }) => id),
          })),
        );
        assert.deepEqual(again, fresh);
      }
    }),
    { numRuns: 3000 },
  );
});

function moved({ pool, previous }: Held, key: string | undefined, to: number): Held {
  const placement = placements[to % placements.length];
  const others = [...previous].filter(([other]) => other !== key);
  return { pool, previous: new Map(placement && key ? [...others, [key, placement]] : others) };
}

function edited(
  { pool, previous }: Held,
  first: readonly JsonObject[],
  { at, type, source }: { at: number; type: 'toggle' | 'renew' | 'respec'; source: number },
): Held {
  const i = at % first.length;
  const renewed = structuredClone(first[i] ?? {});
  const kind = stringMember(renewed, 'kind');
  const alike = first.filter((object) => stringMember(object, 'kind') === kind);
  const spec = member(alike[source % alike.length], 'spec') ?? null;
  const wanted = type === 'respec' ? { ...renewed, spec } : renewed;
  const object = type === 'toggle' && pool[i] ? undefined : wanted;
  return { pool: pool.map((one, index) => (index === i ? object : one)), previous };
}
