import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { withClaimOf } from '../../../../src/engine/index.ts';
import type { JsonObject } from '../../../../src/engine/index.ts';
import { planPush } from '../../../../src/push/index.ts';
import type { ObjectChange, PushGround, WorkState } from '../../../../src/push/index.ts';
import { notRestored } from '../../../../src/push/undo/notRestored.ts';
import {
  changeOf,
  groundOf,
  override,
  planeOf,
  propagation,
  referenceOf,
  release,
} from './ground.ts';
import { contentsIn, textsOf, walk } from './walk.ts';
import type { Walk } from './walk.ts';

const where = fc.subarray(['m1', 'm2'], { minLength: 1 });
const anyObject = fc.oneof(
  fc.nat(2).map((x) => release('a', { x, replicas: 1 })),
  fc.tuple(fc.nat(2), where).map(([value, on]) => override('o', 'a', value, on)),
  fc
    .tuple(fc.constantFrom('p1', 'p2'), fc.constantFrom([], ['a'], ['b']), where)
    .map(([name, releases, on]) => propagation(name, releases, on)),
);
const objects = fc.uniqueArray(anyObject, {
  selector: (object) => JSON.stringify(referenceOf(object)),
  maxLength: 4,
});

/** The control plane and its Works after a push. */
function after({ live, works }: PushGround, { end, plane }: Walk): PushGround {
  const held = new Map<string, Map<string, WorkState>>();
  for (const [id, manifest] of end) {
    const [key = '', cluster = ''] = id.split(' ');
    const known = works.get(key)?.get(cluster);
    const byCluster = held.get(key) ?? new Map<string, WorkState>();
    held.set(key, byCluster);
    const fresh = { name: key, isHeld: false, preservesOnDeletion: false, isApplied: true };
    byCluster.set(cluster, { ...(known ?? fresh), manifest });
  }
  return { live: { ...live, ...plane }, works: held, previous: plane.previous };
}

/** What takes a change back, on a control plane after it. */
function undoOf({ live }: PushGround, { before, reference }: ObjectChange): ObjectChange {
  const same = (object: JsonObject): boolean =>
    JSON.stringify(referenceOf(object)) === JSON.stringify(reference);
  const now = live.objects.find(same);
  const common = { reference, checkedBy: 'engine', conflicts: [], verdicts: [] } as const;
  if (!before) return { ...common, type: 'delete', ...(now ? { before: now } : {}) };
  const restored = withClaimOf(before, now ?? {});
  return now
    ? { ...common, type: 'change', before: now, after: restored }
    : { ...common, type: 'create', after: restored };
}

describe('the plan of an undo', () => {
  it('leads back to what was before, or says what does not come back', () => {
    fc.assert(
      fc.property(objects, objects, fc.nat(15), (existing, pushed, deleted) => {
        const ground = groundOf(planeOf(existing, ['m1', 'm2']));
        const names = new Set(pushed.map((object) => JSON.stringify(referenceOf(object))));
        const gone = existing
          .filter((_, i) => (deleted & (1 << i)) !== 0)
          .filter((object) => !names.has(JSON.stringify(referenceOf(object))));
        const changes = [
          ...pushed.map((object) => changeOf(ground.live, object)),
          ...gone.map((object) => changeOf(ground.live, object, 'delete')),
        ];
        const plan = planPush(ground, changes);
        const then = after(ground, walk(ground, plan));
        const undo = planPush(
          then,
          changes.map((change) => undoOf(then, change)),
        );
        const told = notRestored(plan.effects, undo.effects).map(({ message }) => message);
        const [was, is] = [contentsIn(ground), walk(then, undo).end].map(
          (contents) => new Map(textsOf(contents)),
        );
        for (const id of new Set([...(was?.keys() ?? []), ...(is?.keys() ?? [])])) {
          if (was?.get(id) === is?.get(id)) continue;
          const [key = '', cluster = ''] = id.split(' ');
          const name = key.split('/').at(-1) ?? '';
          assert.ok(
            told.some((text) => text.includes(`/${name} `) && text.includes(cluster)),
            `${id}: ${told.join(' ')}`,
          );
        }
      }),
      { numRuns: Number(process.env['PUSH_PLAN_RUNS'] ?? 60) },
    );
  });
});
