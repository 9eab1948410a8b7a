import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import type { JsonObject } from '../../../../src/engine/index.ts';
import { planWaves } from '../../../../src/push/index.ts';
import type { ObjectChange, PushGround, PushPlan } from '../../../../src/push/index.ts';
import { manifestText } from '../../../../src/push/plan/manifest.ts';
import { idOf, override, propagation, pushOnto, referenceOf, release } from '../plan/ground.ts';
import { unmet, walkWaves, type Moment } from './wavesWalk.ts';

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
    operator: fc.constantFrom('add', 'replace'),
  })
  .map(({ name, on, value, where, path, operator }) =>
    override(name, on, value, where, path, operator),
  );
const anyPolicy = fc
  .record({
    name: fc.constantFrom('p1', 'p2', 'p3'),
    on: fc.subarray(names, { minLength: 1 }),
    where: fc.constantFrom(clusters, clusters, ['m1', 'm2'], ['m2', 'm3'], ['m3']),
    more: fc.constantFrom<JsonObject[]>(
      {},
      {},
      { priority: 1 },
      { priority: 2, preemption: 'Always' },
      { preserveResourcesOnDeletion: true },
    ),
    isOfCluster: fc.constantFrom(false, false, true),
  })
  .map(({ name, on, where, more, isOfCluster }) => {
    const policy = propagation(name, on, where, more);
    return isOfCluster ? clusterWide(policy) : policy;
  });

/** The same for all namespaces. */
function clusterWide(policy: JsonObject): JsonObject {
  const { name } = referenceOf(policy);
  const labels = { 'clusterpropagationpolicy.karmada.io/permanent-id': `id-${name}` };
  return { ...policy, kind: 'ClusterPropagationPolicy', metadata: { name, labels } };
}

const objects = fc.uniqueArray(fc.oneof(anyRelease, anyOverride, anyPolicy), {
  selector: idOf,
  maxLength: 7,
});

interface Scenario {
  readonly ground: PushGround;
  readonly changes: readonly ObjectChange[];
  readonly waves: readonly (readonly string[])[];
}

const scenario: fc.Arbitrary<Scenario> = fc
  .record({
    existing: objects,
    pushed: objects,
    deleted: fc.nat(127),
    order: fc.shuffledSubarray(clusters, { minLength: 3 }),
    cut: fc.constantFrom(1, 2, 3),
  })
  .map(({ order, cut, ...draw }) => {
    const waves = cut === 3 ? order.map((one) => [one]) : [order.slice(0, cut), order.slice(cut)];
    return { ...pushOnto(clusters, draw), waves };
  });

/** Of pushes in waves that nothing stands against. */
function check(property: (one: Scenario, plan: PushPlan, moments: readonly Moment[]) => void) {
  fc.assert(
    fc.property(scenario, (one) => {
      const plan = planWaves(one.ground, one.changes, { waves: one.waves });
      const isInWaves = plan.steps.some(({ type }) => type === 'ready');
      if (!isInWaves || plan.questions.some(({ severity }) => severity === 'blocked')) return;
      property(one, plan, walkWaves(one.ground, plan.steps));
    }),
    { numRuns: Number(process.env['PUSH_PLAN_RUNS'] ?? 60) },
  );
}

/** What a failure is looked into with. */
function told({ ground, changes }: Scenario, plan: PushPlan): string {
  const short = (object: JsonObject | undefined): string =>
    object ? `${idOf(object)} ${JSON.stringify(object['spec'])}` : 'gone';
  return [
    ...ground.live.objects.map(short),
    ...changes.map(({ type, after, reference }) => `${type} ${short(after)} ${reference.name}`),
    ...plan.steps.map((step) =>
      'change' in step
        ? `${step.type} ${step.change.reference.kind} ${step.change.reference.name}`
        : JSON.stringify(step),
    ),
    ...plan.effects.map(({ template, clusters: where, type, isPassing, isDelayed }) =>
      [type, template, ...where, isPassing, isDelayed].join(' '),
    ),
  ].join('\n');
}

/** The waves in the order in which they are waited for, each as its clusters. */
function wavesOf(plan: PushPlan): readonly (readonly string[])[] {
  const waves = new Map<string, Set<string>>();
  for (const step of plan.steps) {
    if (step.type !== 'ready') continue;
    const wave = waves.get(step.reason) ?? new Set();
    waves.set(step.reason, wave);
    for (const cluster of step.clusters) wave.add(cluster);
  }
  return [...waves.values()].map((wave) => [...wave]);
}

describe('planWaves, whatever the control plane and the changes', () => {
  it('never waits for what does not come', () => {
    check((one, plan, moments) => {
      for (const moment of moments) {
        const missing = unmet(moment);
        assert.deepEqual(missing, [], `${moment.step.id}\n${told(one, plan)}`);
      }
    });
  });

  it('gives a cluster nothing new before its wave', () => {
    check((one, plan, moments) => {
      const waves = wavesOf(plan);
      const first = membersOf(one.ground);
      const excused = excusedIn(plan);
      for (const [index, moment] of moments.entries()) {
        const turn = turnAt(plan, index);
        for (const later of waves.slice(turn + 1).flat()) {
          for (const [id, text] of moment.members) {
            if (!id.endsWith(` ${later}`) || excused.has(id)) continue;
            assert.equal(text, first.get(id), `${id} at ${moment.step.id}\n${told(one, plan)}`);
          }
        }
      }
    });
  });

  it('has sent what was reviewed to a wave that it waits for, and holds nothing in the end', () => {
    check((one, plan, moments) => {
      for (const moment of moments) {
        for (const id of readyIn(moment)) {
          const wanted = reviewedIn(plan, id);
          assert.equal(moment.members.get(id), wanted, `${id}\n${told(one, plan)}`);
        }
      }
      assert.deepEqual(moments.at(-1)?.held, [], told(one, plan));
    });
  });

  it('writes each change, and every other policy only to hold it', () => {
    check((one, plan) => {
      const ids = plan.steps.flatMap((step) =>
        'change' in step ? [JSON.stringify(step.change.reference)] : [],
      );
      const wanted = one.changes
        .filter(({ type }) => type !== 'unchanged')
        .map(({ reference }) => JSON.stringify(reference));
      assert.deepEqual([...new Set(ids)].sort(), wanted.sort());
    });
  });
});

function membersOf({ works }: PushGround): ReadonlyMap<string, string> {
  return new Map(
    [...works].flatMap(([key, byCluster]) =>
      [...byCluster].map(
        ([cluster, { manifest }]) => [`${key} ${cluster}`, manifestText(manifest)] as const,
      ),
    ),
  );
}

/** What a wait for a wave is about, as `TEMPLATE CLUSTER`. */
function readyIn({ step }: Moment): readonly string[] {
  if (step.type !== 'ready') return [];
  return step.templates.flatMap((template) =>
    step.clusters.map((cluster) => `${template} ${cluster}`),
  );
}

function reviewedIn({ effects }: PushPlan, id: string): string | undefined {
  const effect = effects.find(
    ({ template, clusters: where, isPassing, after }) =>
      isPassing !== true &&
      after !== undefined &&
      where.some((cluster) => `${template} ${cluster}` === id),
  );
  return effect?.after && manifestText(effect.after);
}

/** What the review says of the middle of the push, and what no policy holds. */
function excusedIn({ effects, questions }: PushPlan): ReadonlySet<string> {
  const passing = effects.filter(({ isPassing }) => isPassing === true);
  const unheld = questions.filter(({ message }) =>
    message.includes('reaches all clusters at once'),
  );
  const named = effects.filter(({ template }) => {
    const name = template.split('/').slice(-3).join('/').replace('/', ' ');
    return unheld.some(({ message }) => message.includes(name));
  });
  return new Set(
    [...passing, ...named].flatMap(({ template, clusters: where }) =>
      where.map((cluster) => `${template} ${cluster}`),
    ),
  );
}

/** Which wave is at work at a step: the one that is waited for next, or the last one. */
function turnAt({ steps }: PushPlan, index: number): number {
  const reasons = [...new Set(steps.flatMap((one) => (one.type === 'ready' ? [one.reason] : [])))];
  const next = steps.slice(index).find(({ type }) => type === 'ready');
  // A wave that was waited for is over: what lets go of the next one comes before it is waited for.
  return next?.type === 'ready' ? reasons.indexOf(next.reason) : reasons.length - 1;
}
