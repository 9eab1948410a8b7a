import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import type { JsonObject } from '../../../../src/engine/index.ts';
import { planPush } from '../../../../src/push/index.ts';
import type { ObjectChange, PushGround, PushPlan } from '../../../../src/push/index.ts';
import { manifestText } from '../../../../src/push/plan/manifest.ts';
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

const clusters = ['m1', 'm2', 'm3'];
const names = ['a', 'b'];
const someClusters = fc.subarray(clusters, { minLength: 1 });

const anyRelease = fc
  .record({ name: fc.constantFrom(...names), x: fc.nat(2) })
  .map(({ name, x }) => release(name, { x, replicas: 1 }));
const anyOverride = fc
  .record({
    name: fc.constantFrom('o1', 'o2'),
    on: fc.constantFrom(...names),
    value: fc.nat(2),
    where: someClusters,
    path: fc.constantFrom('/spec/values/replicas', '/spec/values/replicas', '/spec/values/none'),
    operator: fc.constantFrom('add', 'add', 'replace'),
  })
  .map(({ name, on, value, where, path, operator }) =>
    override(name, on, value, where, path, operator),
  );
const anyPolicy = fc
  .record({
    name: fc.constantFrom('p1', 'p2', 'p3'),
    on: fc.subarray(names),
    where: someClusters,
    more: fc.constantFrom<JsonObject[]>(
      {},
      {},
      { priority: 1 },
      { activationPreference: 'Lazy' },
      { suspension: { dispatching: true } },
      { preserveResourcesOnDeletion: true },
    ),
  })
  .map(({ name, on, where, more }) => propagation(name, on, where, more));
const objects = fc.uniqueArray(fc.oneof(anyRelease, anyOverride, anyPolicy), {
  selector: idOf,
  maxLength: 6,
});

function idOf(object: JsonObject): string {
  return JSON.stringify(referenceOf(object));
}

interface Scenario {
  readonly ground: PushGround;
  readonly changes: readonly ObjectChange[];
}

const scenario: fc.Arbitrary<Scenario> = fc
  .record({ existing: objects, pushed: objects, deleted: fc.nat(63) })
  .map(({ existing, pushed, deleted }) => {
    const ground = groundOf(planeOf(existing, clusters));
    const written = pushed.map((object) => changeOf(ground.live, object));
    const ids = new Set(pushed.map(idOf));
    const gone = existing
      .filter((object, i) => !ids.has(idOf(object)) && (deleted & (1 << i)) !== 0)
      .map((object) => changeOf(ground.live, object, 'delete'));
    return { ground, changes: [...gone, ...written] };
  });

function check(property: (scenario: Scenario, plan: PushPlan) => void): void {
  fc.assert(
    fc.property(scenario, (one) => {
      property(one, planPush(one.ground, one.changes));
    }),
    { numRuns: Number(process.env['PUSH_PLAN_RUNS'] ?? 60) },
  );
}

function idsOf(plan: PushPlan): readonly string[] {
  return plan.steps.flatMap((step) =>
    'change' in step ? [JSON.stringify(step.change.reference)] : [],
  );
}

/** What a failure is looked into with. */
function told({ live }: PushGround, { steps, effects }: PushPlan): string {
  const short = (object: JsonObject): string =>
    `${idOf(object)} ${JSON.stringify(object['metadata'])} ${JSON.stringify(object['spec'])}`;
  return [
    ...live.objects.map(short),
    ...steps.map((step) =>
      'change' in step
        ? `${step.type} ${step.change.after ? short(step.change.after) : idOf(step.change.before ?? {})}`
        : JSON.stringify(step),
    ),
    ...effects.map(({ template, clusters: where, type, isPassing }) =>
      [type, template, ...where, isPassing].join(' '),
    ),
  ].join('\n');
}

describe('planPush, whatever the control plane and the changes', () => {
  it('writes each change once', () => {
    check(({ changes }, plan) => {
      const wanted = changes.map(({ reference }) => JSON.stringify(reference));
      assert.deepEqual([...idsOf(plan)].sort(), [...wanted].sort());
    });
  });

  it('answers the same again and changes nothing that it is given', () => {
    check(({ ground, changes }, plan) => {
      const text = JSON.stringify([ground.live, [...ground.works], changes]);
      assert.deepEqual(planPush(ground, changes), plan);
      assert.equal(JSON.stringify([ground.live, [...ground.works], changes]), text);
    });
  });

  it('announces everything that a member sees', () => {
    check(({ ground }, plan) => {
      const before = contentsIn(ground);
      const { end, seen } = walk(ground, plan);
      for (const { id, manifest } of seen) {
        const [key = '', cluster = ''] = id.split(' ');
        const announced = plan.effects.some(
          ({ template, clusters: where, isPassing, after }) =>
            isPassing === true &&
            template === key &&
            where.includes(cluster) &&
            (manifest
              ? after !== undefined && manifestText(after) === manifestText(manifest)
              : !after),
        );
        const ends = [before.get(id), end.get(id)];
        const isEnd = manifest
          ? ends.some((one) => one && manifestText(one) === manifestText(manifest))
          : ends.includes(undefined);
        assert.ok(
          isEnd || announced,
          `${id} ${JSON.stringify(manifest?.['spec'] ?? 'gone')}\n${told(ground, plan)}`,
        );
      }
    });
  });

  it('ends where its effects say', () => {
    check(({ ground }, plan) => {
      const { end } = walk(ground, plan);
      for (const effect of plan.effects) {
        if (effect.isPassing === true || effect.isDelayed === true) continue;
        for (const cluster of effect.clusters) {
          const found = end.get(`${effect.template} ${cluster}`);
          const isLeft = ['fails', 'orphaned'].includes(effect.type);
          const wanted = isLeft ? (effect.after ?? effect.before) : effect.after;
          assert.equal(
            found && manifestText(found),
            wanted && manifestText(wanted),
            `${effect.type} ${effect.template} ${cluster}`,
          );
        }
      }
    });
  });

  it('says of every Work that is different afterwards what becomes of it', () => {
    check(({ ground }, plan) => {
      const before = new Map(textsOf(contentsIn(ground)));
      const after = new Map(textsOf(walk(ground, plan).end));
      for (const id of new Set([...before.keys(), ...after.keys()])) {
        if (before.get(id) === after.get(id)) continue;
        const [key = '', cluster = ''] = id.split(' ');
        assert.ok(
          plan.effects.some(
            ({ template, clusters: where, type }) =>
              template === key && where.includes(cluster) && type !== 'unchanged',
          ),
          id,
        );
      }
    });
  });
});
