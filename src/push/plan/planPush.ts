import type { LiveSettings } from '../../analysis/index.ts';
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
  const touched = touchedBy(given.live, changes);
  const { first, write } = startFrom(reducedTo(given.live, touched.names), given.works, options);
  const ground = { ...given, works: sharedWorks(given.works, first, touched.names) };
  const route = routeOf(ground, changes, first, write);
  const last = route.states.at(-1) ?? first;
  const test = passingTest(ground.works, first, last);
  const passing = [...passingOn(route, test), ...releasedOn(ground, route.states)];
  const { holdings, shown } = holdingsFor(passing, route, given.live);
  const through = passingThrough(ground.works, route.states);
  const visible = shown.map(({ passing: one }) => one);
  const announced = new Set(visible.flatMap(sights));
  const isHidden = (one: Passing): boolean =>
    isHeldBack(one, holdings) || sights(one).every((sight) => announced.has(sight));
  const barriers = barriersOn(route, test, write, touched, isHidden);
  const preserving = preservingOn(ground, route, given.live);
  const effects = effectsOf(ground, changes, route.states, preserving.staysOn);
  return {
    steps: stepsOf(ground, route, { barriers, holdings, preserving }, touched),
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
function routeOf(
  { works }: PushGround,
  changes: readonly ObjectChange[],
  first: Route['states'][number],
  write: Writer,
): Route {
  const standard = standardOrder(changes);
  const route = follow(first, standard, write);
  const end = route.states.at(-1) ?? first;
  // Where all is seen at once no policy comes too late: what previews of the documents show.
  const ideal = write(first, standard);
  const isReached = isSameEnd(ideal, end);
  const target = isReached ? end : ideal;
  if (isReached && passingOn(route, passingTest(works, first, end)).length === 0) return route;
  const test = passingTest(works, first, target);
  const routes = [standard, policiesFirst(changes)].flatMap(
    (order) => safeRoute(first, order, test, write) ?? [],
  );
  const isIdeal = ({ states }: Route): boolean => isSameEnd(ideal, states.at(-1) ?? first);
  return routes.find(isIdeal) ?? (isReached ? route : (routes[0] ?? route));
}
