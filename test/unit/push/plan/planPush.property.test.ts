import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import type { JsonObject, JsonValue } from '../../../../src/engine/index.ts';
import { planPush } from '../../../../src/push/index.ts';
import type { ObjectChange, PushGround, PushPlan } from '../../../../src/push/index.ts';
import { manifestText } from '../../../../src/push/plan/manifest.ts';
import { idOf, override, propagation, pushOnto, release } from './ground.ts';
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
      { preserveResourcesOnDeletion: true, suspension: { dispatching: true } },
    ),
  })
  .map(({ name, on, where, more }) => propagation(name, on, where, more));
const objects = fc.uniqueArray(fc.oneof(anyRelease, anyOverride, anyPolicy), {
  selector: idOf,
  maxLength: 6,
});

interface Scenario {
  readonly ground: PushGround;
  readonly changes: readonly ObjectChange[];
}

const runs = Number(process.env['PUSH_PLAN_RUNS'] ?? 60);

const scenario = fc
  .record({ existing: objects, pushed: objects, deleted: fc.nat(63) })
  .map((draw): Scenario => pushOnto(clusters, draw));

const nested = { a: null };
const oddValues: readonly JsonValue[] = [null, 0, 1.5, 'yes', '', true, [], [null], {}, nested];
const oddValue = fc.constantFrom(...oddValues);

/** A place in an object outside its identity: how far to go down, and which member to take at each level. */
const anyPlace = fc.array(fc.nat(7), { minLength: 1, maxLength: 7 });

/** The value with something else at a place; as it is where the place is its identity. */
function withOdd(value: JsonValue, [first, ...rest]: readonly number[], odd: JsonValue): JsonValue {
  if (first === undefined || typeof value !== 'object' || value === null) return odd;
  if (Array.isArray(value)) {
    const at = first % Math.max(value.length, 1);
    return value.map((item, i) => (i === at ? withOdd(item, rest, odd) : item));
  }
  const members = Object.entries(value).filter(
    ([key]) => !['apiVersion', 'kind', 'name', 'namespace'].includes(key),
  );
  const [key, found] = members[first % Math.max(members.length, 1)] ?? [];
  if (key === undefined || found === undefined) return value;
  // Only what is inside of metadata is odd: nothing is stored without it.
  const isWhole = rest.length === 0 && key === 'metadata';
  return isWhole ? value : { ...value, [key]: withOdd(found, rest, odd) };
}

const oddObjects = fc
  .record({
    objects,
    oddities: fc.array(fc.record({ at: fc.nat(5), place: anyPlace, odd: oddValue }), {
      minLength: 1,
      maxLength: 4,
    }),
  })
  .map(({ objects: well, oddities }) =>
    oddities.reduce<readonly JsonObject[]>(
      (all, { at, place, odd }) =>
        all.map((one, i) =>
          i === at % all.length ? (withOdd(one, place, odd) as JsonObject) : one,
        ),
      well,
    ),
  );

function check(property: (scenario: Scenario, plan: PushPlan) => void): void {
  fc.assert(
    fc.property(scenario, (one) => {
      property(one, planPush(one.ground, one.changes));
    }),
    { numRuns: runs },
  );
}

function isSameName(a: ObjectChange, b: ObjectChange): boolean {
  return JSON.stringify(a.reference) === JSON.stringify(b.reference);
}

/** A policy but for what it says of objects where it no longer sends them. */
function withoutPreserving(object: JsonObject | undefined): JsonObject {
  const spec = Object.entries(object?.['spec'] as JsonObject);
  const others = spec.filter(([key]) => key !== 'preserveResourcesOnDeletion');
  return { ...object, spec: Object.fromEntries(others) };
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
  it('answers whatever shape the objects have', () => {
    const odd = fc.record({ existing: oddObjects, pushed: oddObjects, deleted: fc.nat(63) });
    fc.assert(
      fc.property(odd, (draw) => {
        const { ground, changes } = pushOnto(clusters, draw);
        const { steps } = planPush(ground, changes);
        const written = steps.flatMap((step) => ('change' in step ? [step.change] : []));
        for (const change of changes) assert.ok(written.includes(change));
      }),
      { numRuns: runs },
    );
  });

  it('writes each change once as it is to be, and nothing else', () => {
    check(({ changes }, plan) => {
      const written = plan.steps.flatMap((step) => ('change' in step ? [step.change] : []));
      const whole = written.filter((change) => changes.includes(change));
      assert.deepEqual(new Set(whole), new Set(changes));
      assert.equal(whole.length, changes.length);
      for (const part of written.filter((change) => !whole.includes(change))) {
        const [before, then] = [part, changes.find((one) => isSameName(one, part))].map((change) =>
          withoutPreserving(change?.after),
        );
        assert.deepEqual(before, then);
      }
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
      for (const { id, manifest, wasHeld } of seen) {
        const [key = '', cluster = ''] = id.split(' ');
        const announced = plan.effects.some(
          ({ template, clusters: where, isPassing, isDelayed, after }) =>
            // What comes when Karmada tries again may come with the first write.
            (isPassing === true || isDelayed === true) &&
            template === key &&
            where.includes(cluster) &&
            (manifest
              ? after !== undefined && manifestText(after) === manifestText(manifest)
              : !after),
        );
        const ends = wasHeld ? [] : [before.get(id), end.get(id)];
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

  it('has each Work know what becomes of its object before a policy takes the cluster away', () => {
    check(({ ground }, plan) => {
      const { gone, end } = walk(ground, plan);
      // What goes, comes back and goes again is decided the last time.
      for (const [id, isPreserving] of new Map(gone.map((one) => [one.id, one.isPreserving]))) {
        const [key = '', cluster = ''] = id.split(' ');
        const work = ground.works.get(key)?.get(cluster);
        if (!work || end.has(id)) continue;
        const effect = plan.effects.find(
          ({ template, clusters: where, isPassing }) =>
            template === key && where.includes(cluster) && isPassing !== true,
        );
        const isDoubted = plan.questions.some(
          ({ code, reference }) =>
            reference?.name === key.split('/').at(-1) &&
            ['stuck-work', 'uncertain-removal'].includes(code),
        );
        const isSaid = effect?.type === (isPreserving ? 'kept' : 'removed');
        assert.ok(isSaid || isDoubted, `${id} ${effect?.type}\n${told(ground, plan)}`);
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
            `${effect.type} ${effect.template} ${cluster}\n${told(ground, plan)}`,
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
