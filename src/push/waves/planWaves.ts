import { finished, sortNaturally } from '../../analysis/index.ts';
import type { LiveState, Planning } from '../../analysis/index.ts';
import { arrayMember, member, stringMember } from '../../engine/index.ts';
import { contentsOf } from '../plan/between.ts';
import { isNamed, policiesLettingGo } from '../plan/holds.ts';
import { planPushInSteps, type PlanOptions } from '../plan/planPush.ts';
import { startFrom } from '../plan/states.ts';
import { reducedTo, touchedBy } from '../plan/touched.ts';
import { withSecretChanges } from '../prepare/secretEffects.ts';
import { withoutSecretValues } from '../run/withoutSecretValues.ts';
import type {
  Effect,
  ExpectedWork,
  ObjectChange,
  PushGround,
  PushPlan,
  PushStep,
  UnnumberedStep,
} from '../types.ts';
import { heldPolicies, isSame, type HeldPolicy } from './heldPolicies.ts';
import { isArriving, type Holders } from './holders.ts';
import { splitAtDeletions } from './laterDeletions.ts';
import { withSuspension } from './suspension.ts';
import { createdQuestion, waveQuestions } from './waveQuestions.ts';

export interface WaveOptions extends PlanOptions {
  /** Clusters in the order in which they get the push. Those in none come last, together. */
  readonly waves: readonly (readonly string[])[];
  /** Who holds policies already. */
  readonly holders?: Holders;
}

/**
 * Plans a push in waves, by Karmada's own suspension: dispatch is held on all clusters but those of the first wave, and
 * only when each Work shows it are the changes written; a wave is let go when the one before is ready. A policy that the
 * push creates is created with its suspension. Deletions of templates come at the end, for Karmada does not hold them.
 */
export function planWaves(
  ground: PushGround,
  changes: readonly ObjectChange[],
  options: WaveOptions,
): PushPlan {
  return finished(planWavesInSteps(ground, changes, options));
}

/** The same in steps. */
export function* planWavesInSteps(
  ground: PushGround,
  changes: readonly ObjectChange[],
  { waves, holders = new Map(), ...options }: WaveOptions,
): Planning<PushPlan> {
  const plan = yield* planPushInSteps(ground, changes, options);
  // A plan never has the values of Secrets: where nothing else changes of one, it would go to all clusters at once.
  const effects = withSecretChanges(plan.effects, changes);
  const arriving = effects.filter(isArriving);
  const ordered = orderedWaves(waves, arriving);
  if (ordered.length < 2) return { ...plan, effects };
  const states = yield* statesOf(ground, changes, plan.steps, options);
  const { first } = startFrom(ground.live, ground.works, options);
  yield;
  const { policies, unheld } = heldPolicies({ first, states }, changes, arriving);
  const split = splitAtDeletions(plan.steps, { arriving, states });
  const course: Course = { ground, ...split, first, arriving, ordered, policies };
  return {
    steps: stepsOf(course).map((step, index) => ({ ...step, id: String(index + 1) })),
    effects,
    questions: [
      ...plan.questions,
      ...waveQuestions(
        {
          ...{ policies, unheld, holders, unready: unreadyIn(ground) },
          leaving: policiesLettingGo(states.slice(0, split.writes.length + 1)),
        },
        effects,
      ),
      ...[...heldAfter(course, 0)].flatMap(createdQuestion),
    ],
  };
}

/** What Karmada makes of each step, one more than steps; of what the changes may touch, and of nothing else. */
function* statesOf(
  { live, works }: PushGround,
  changes: readonly ObjectChange[],
  steps: readonly PushStep[],
  options: PlanOptions,
): Planning<readonly LiveState[]> {
  const { names } = touchedBy(live, changes);
  const { first, write } = startFrom(reducedTo(live, names), works, options);
  const states = [first];
  let state = first;
  for (const step of steps) {
    if ('change' in step) state = write(state, [step.change]);
    states.push(state);
    yield;
  }
  return states;
}

interface Course {
  readonly ground: PushGround;
  /** The steps that go before the waves, and those behind them. */
  readonly writes: readonly PushStep[];
  readonly deletions: readonly PushStep[];
  /** What Karmada makes of the control plane before the push. */
  readonly first: LiveState;
  readonly arriving: readonly Effect[];
  readonly ordered: readonly (readonly string[])[];
  readonly policies: readonly HeldPolicy[];
}

/** Clusters that nothing can be applied to now. */
function unreadyIn({ live }: PushGround): readonly string[] {
  return live.clusters.flatMap((cluster) => {
    const conditions = arrayMember(member(cluster, 'status'), 'conditions');
    const ready = conditions.find((condition) => stringMember(condition, 'type') === 'Ready');
    const isReady = stringMember(ready, 'status') === 'True';
    return isReady ? [] : [stringMember(member(cluster, 'metadata'), 'name')];
  });
}

/** The waves with only clusters on which something changes, each cluster once. */
function orderedWaves(
  waves: readonly (readonly string[])[],
  arriving: readonly Effect[],
): readonly (readonly string[])[] {
  const left = new Set(arriving.flatMap(({ clusters }) => clusters));
  const taken = waves.map((wave) => wave.filter((cluster) => left.delete(cluster)));
  const rest = sortNaturally([...left], (name) => name);
  return [...taken, rest].filter((wave) => wave.length > 0);
}

function stepsOf(course: Course): readonly UnnumberedStep[] {
  const { writes, deletions, ordered } = course;
  const held = heldAfter(course, 0);
  const steps: UnnumberedStep[] = [
    ...holdSteps(course, held),
    ...writes.map((step) => duringHold(course, step, held)),
  ];
  for (const [index, wave] of ordered.entries()) {
    const now = heldAfter(course, index);
    if (index > 0) steps.push(...releaseSteps(course, now, waveName(course, index)));
    steps.push(settleStep(course, now), ...readySteps(course, wave, index));
  }
  return [...steps, ...deletions];
}

function waveName({ ordered }: Course, index: number): string {
  return `wave ${index + 1} of ${ordered.length}`;
}

/** Clusters that are still held by each policy when a wave is at work. */
type HeldClusters = ReadonlyMap<HeldPolicy, readonly string[]>;

function heldAfter({ ordered, policies }: Course, wave: number): HeldClusters {
  const later = ordered.slice(wave + 1).flat();
  return new Map(
    policies.map((policy) => [policy, later.filter((cluster) => policy.clusters.has(cluster))]),
  );
}

/** Holds what is there, and waits until each Work shows it. */
function holdSteps({ ground, first }: Course, held: HeldClusters): readonly UnnumberedStep[] {
  const existing = [...held].filter(([{ object }, clusters]) => object && clusters.length > 0);
  if (existing.length === 0) return [];
  const holds = existing.map(([{ reference }, clusters]): UnnumberedStep => ({
    type: 'hold',
    hold: { policy: reference, clusters, before: 'none' },
    reason: 'Later waves get nothing before it is their turn.',
  }));
  const works = existing.flatMap(([{ reference, templates }, clusters]) =>
    [...templates].flatMap((template): readonly ExpectedWork[] => {
      const delivery = first.deliveries.get(template);
      // Karmada writes no Work that another policy or none sends, or where an override fails: there nothing would show.
      if (!delivery?.policy || !isNamed(reference, delivery.policy)) return [];
      const contents = contentsOf(delivery);
      const isRewritten = (cluster: string) => (contents.get(cluster) ?? 'fails') !== 'fails';
      const there = clusters.filter(
        (cluster) => ground.works.get(template)?.has(cluster) && isRewritten(cluster),
      );
      return there.length === 0 ? [] : [{ template, clusters: there, isHeld: true }];
    }),
  );
  const reason = 'Nothing is written before each Work of a later wave is held.';
  return [...holds, { type: 'settle', works, reason }];
}

/** A step of the push while clusters are held: its own holds and expectations must not let them go. */
function duringHold(course: Course, step: PushStep, held: HeldClusters): UnnumberedStep {
  const policyOf = (reference: HeldPolicy['reference']) =>
    [...held].find(([policy]) => isSame(policy.reference, reference));
  if (step.type === 'hold') {
    const [, clusters = []] = policyOf(step.hold.policy) ?? [];
    if (clusters.length === 0 || step.hold.clusters === 'all') return step;
    const own = step.hold.clusters === 'none' ? [] : step.hold.clusters;
    const all = [...new Set([...own, ...clusters])];
    return { ...step, hold: { ...step.hold, clusters: all } };
  }
  if (step.type === 'settle') {
    return { ...step, works: step.works.flatMap((work) => splitByHold(course, work, held)) };
  }
  if (step.type !== 'apply') return step;
  const [policy, clusters = []] = policyOf(step.change.reference) ?? [];
  if (!policy || policy.object || clusters.length === 0) return step;
  return { ...step, change: suspendedChange(step.change, clusters) };
}

/** A policy that the push creates: its object says the suspension too, until the last wave. */
function suspendedChange(change: ObjectChange, clusters: readonly string[]): ObjectChange {
  const { after, source } = change;
  return {
    ...change,
    ...(after ? { after: withSuspension(after, clusters) } : {}),
    ...(source ? { source: { ...source, object: withSuspension(source.object, clusters) } } : {}),
  };
}

function splitByHold(
  { policies }: Course,
  work: ExpectedWork,
  held: HeldClusters,
): readonly ExpectedWork[] {
  if (work.isHeld !== false) return [work];
  const later = new Set(
    policies
      .filter(({ templates }) => templates.has(work.template))
      .flatMap((policy) => held.get(policy) ?? []),
  );
  const parts: readonly ExpectedWork[] = [
    { ...work, clusters: work.clusters.filter((cluster) => !later.has(cluster)) },
    { ...work, clusters: work.clusters.filter((cluster) => later.has(cluster)), isHeld: true },
  ];
  return parts.filter(({ clusters }) => clusters.length > 0);
}

/** Lets a wave go: the policies hold what comes after it. */
function releaseSteps(
  { writes }: Course,
  now: HeldClusters,
  wave: string,
): readonly UnnumberedStep[] {
  const isGone = ({ reference }: HeldPolicy): boolean =>
    writes.some((step) => step.type === 'delete' && isSame(step.change.reference, reference));
  return [...now].flatMap(([policy, clusters]): readonly UnnumberedStep[] => {
    const { reference, object, change } = policy;
    if (isGone(policy) || policy.clusters.size === 0) return [];
    if (object) {
      const hold = {
        policy: reference,
        clusters: clusters.length === 0 ? 'none' : clusters,
      } as const;
      return [{ type: 'hold', hold, reason: `Dispatch goes on for ${wave}.` }];
    }
    if (!change) return [];
    const next = clusters.length === 0 ? change : suspendedChange(change, clusters);
    return [{ type: 'apply', change: next }];
  });
}

/** Every Work says what was reviewed, and is held or not as it should be. */
function settleStep({ arriving, policies }: Course, held: HeldClusters): UnnumberedStep {
  const works = arriving.flatMap((effect): readonly ExpectedWork[] => {
    const { template, clusters, after, isDelayed } = effect;
    const claiming = policies.filter(({ templates }) => templates.has(template));
    // What Karmada comes to only when it tries again is waited for by nobody.
    if (!after || isDelayed === true) return [];
    const later = new Set(claiming.flatMap((policy) => held.get(policy) ?? []));
    const isHeldKnown = claiming.length > 0;
    // What an effect shows in the place of values is in no Work.
    const manifest = withoutSecretValues(after);
    return [false, true].flatMap((isHeld) => {
      const some = clusters.filter((cluster) => later.has(cluster) === isHeld);
      if (some.length === 0) return [];
      return [{ template, clusters: some, manifest, ...(isHeldKnown ? { isHeld } : {}) }];
    });
  });
  return {
    type: 'settle',
    works,
    reason: 'Each Work is as reviewed, held where its wave is later.',
  };
}

/** What arrives in a wave, all that goes to the same clusters together. */
function readySteps(
  course: Course,
  wave: readonly string[],
  index: number,
): readonly UnnumberedStep[] {
  const groups = new Map<string, { templates: string[]; clusters: readonly string[] }>();
  const byTemplate = new Map<string, Set<string>>();
  for (const { template, clusters, isDelayed } of course.arriving) {
    if (isDelayed === true) continue;
    const known = byTemplate.get(template) ?? new Set();
    byTemplate.set(template, known);
    for (const cluster of clusters) if (wave.includes(cluster)) known.add(cluster);
  }
  for (const [template, clusters] of byTemplate) {
    const sorted = wave.filter((cluster) => clusters.has(cluster));
    if (sorted.length === 0) continue;
    const key = sorted.join(' ');
    const group = groups.get(key) ?? { templates: [], clusters: sorted };
    groups.set(key, group);
    group.templates.push(template);
  }
  const reason = `Wave ${index + 1} of ${course.ordered.length} is ready.`;
  return [...groups.values()].map((group) => ({ type: 'ready', ...group, reason }));
}
