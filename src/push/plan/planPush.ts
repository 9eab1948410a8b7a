import { finished } from '../../analysis/index.ts';
import type { LiveSettings, Planning } from '../../analysis/index.ts';
import type { ObjectChange, PushGround, PushPlan } from '../types.ts';
import { barriersOn } from './barriers.ts';
import { passingTest, passingThrough } from './between.ts';
import type { Passing } from './between.ts';
import { effectsOf, passingEffects } from './effects.ts';
import { holdingsFor, isNamed } from './holds.ts';
import type { Holding } from './holds.ts';
import { manifestText } from './manifest.ts';
import { preservingOn } from './preserving.ts';
import { policiesFirst, standardOrder } from './order.ts';
import { questionsOf } from './questions/index.ts';
import { releasedOn } from './released.ts';
import { follow, passingOn, safeRoute } from './route.ts';
import type { Route } from './route.ts';
import { startFrom } from './states.ts';
import type { Writer } from './states.ts';
import { sharedWorks } from './sharedWorks.ts';
import { isSameEnd, stepsOf } from './steps.ts';
import { reducedTo, touchedBy } from './touched.ts';

/** What is known of the control plane beside its objects. */
export type PlanOptions = LiveSettings;

/**
 * Plans the writes of a push: in which order, what is waited for and held in between, what members get of it, what has
 * to be asked. Deterministic; changes nothing that is handed in, and never throws.
 */
export function planPush(
  given: PushGround,
  changes: readonly ObjectChange[],
  options: PlanOptions = {},
): PushPlan {
  return finished(planPushInSteps(given, changes, options));
}

/** The same in steps. */
export function* planPushInSteps(
  given: PushGround,
  changes: readonly ObjectChange[],
  options: PlanOptions = {},
): Planning<PushPlan> {
  const touched = touchedBy(given.live, changes);
  const { first, write } = startFrom(reducedTo(given.live, touched.names), given.works, options);
  yield;
  const ground = { ...given, works: yield* sharedWorks(given.works, first, touched.names) };
  const route = yield* routeOf(ground, changes, first, write);
  const last = route.states.at(-1) ?? first;
  const test = passingTest(ground.works, first, last);
  const passing = [...(yield* passingOn(route, test)), ...releasedOn(ground, route.states)];
  yield;
  const { holdings, shown } = holdingsFor(passing, route, given.live);
  const through = passingThrough(ground.works, route.states);
  const visible = shown.map(({ passing: one }) => one);
  const announced = new Set(visible.flatMap(sights));
  const isHidden = (one: Passing): boolean =>
    isHeldBack(one, holdings) || sights(one).every((sight) => announced.has(sight));
  const barriers = yield* barriersOn(route, test, write, touched, isHidden);
  const preserving = preservingOn(ground, route, given.live);
  yield;
  const effects = yield* effectsOf(ground, changes, route.states, preserving.staysOn);
  const steps = stepsOf(ground, route, { barriers, holdings, preserving }, touched);
  yield;
  return {
    steps,
    effects: [...effects, ...passingEffects(ground, [...visible, ...through])],
    questions: questionsOf({
      ...{ ground, changes, options, first, last, effects },
      ...{ holdings, shown, preserving },
    }),
  };
}

/** What is seen on each cluster, as texts to compare. */
function sights({ key, clusters, manifest }: Passing): readonly string[] {
  const text = manifest ? manifestText(manifest) : '';
  return clusters.map((cluster) => `${key} ${cluster} ${text}`);
}

/** Whether a hold keeps it from members; deletions are sent all the same. */
function isHeldBack(
  { clusters, manifest, policy }: Passing,
  holdings: readonly Holding[],
): boolean {
  if (!manifest || !policy) return false;
  const own = holdings.filter(({ hold }) => isNamed(hold.policy, policy));
  return own.some((held) => clusters.every((one) => held.clusters.has(one)));
}

/** The standard order, or one in which members see less of what is neither before nor after. */
function* routeOf(
  { works }: PushGround,
  changes: readonly ObjectChange[],
  first: Route['states'][number],
  write: Writer,
): Planning<Route> {
  const standard = standardOrder(changes);
  const route = yield* follow(first, standard, write);
  const end = route.states.at(-1) ?? first;
  // Where all is seen at once no policy comes too late: what previews of the documents show.
  const ideal = write(first, standard);
  const isReached = isSameEnd(ideal, end);
  const target = isReached ? end : ideal;
  yield;
  const seen = isReached ? yield* passingOn(route, passingTest(works, first, end)) : undefined;
  if (seen?.length === 0) return route;
  const test = passingTest(works, first, target);
  const routes: Route[] = [];
  for (const order of [standard, policiesFirst(changes)]) {
    const safe = yield* safeRoute(first, order, test, write);
    if (safe) routes.push(safe);
  }
  const isIdeal = ({ states }: Route): boolean => isSameEnd(ideal, states.at(-1) ?? first);
  return routes.find(isIdeal) ?? (isReached ? route : (routes[0] ?? route));
}
