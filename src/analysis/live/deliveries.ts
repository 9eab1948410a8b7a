import {
  arrayMember,
  deepEqual,
  isWorkload,
  memberAt,
  render,
  reviseReplicas,
  stringMember,
  workloadOf,
} from '../../engine/index.ts';
import type {
  JsonObject,
  PreviousPlacement,
  Simulation,
  SimulationRun,
  StoredPolicy,
  Variant,
} from '../../engine/index.ts';
import type { LiveControlPlane } from '../liveControlPlane.ts';
import { boundAfter, isReached, isStillWaiting } from './heard.ts';
import type { Heard } from './heard.ts';
import type { Delivery, HeldWorks, LiveState } from './liveState.ts';
import { isSamePlacement } from './placementAfter.ts';

/** A step as it is looked at when Works are made of it. */
export interface Moment {
  readonly run: SimulationRun;
  readonly plane: LiveControlPlane;
  readonly before: LiveState | undefined;
  readonly heard: Heard;
  readonly overrides: readonly StoredPolicy[];
}

/** Says what becomes of a template. */
export type Deliverer = (simulation: Simulation, moment: Moment) => Delivery;

/** Makes a deliverer that answers with what it answered before while nothing differs. */
export function createDeliverer(heldWorks: HeldWorks): Deliverer {
  const known = new WeakMap<Simulation, Delivery>();
  const moved = new WeakMap<Simulation, Moved>();
  return (simulation, moment) => {
    const { key, claim, outcome } = simulation;
    const last = moment.before?.deliveries.get(key);
    const isLazy = claim.type === 'claimed' && claim.isLazy;
    const owner = claim.type === 'claimed' ? { policy: claim.policy } : {};
    const isFollowed = isReached(simulation, moment.plane, moment.heard);
    const boundTo = boundAfter(simulation, moment.plane, moment.heard);
    const base = { key, simulation, ...owner, isLazy, boundTo };
    if (isStillWaiting(simulation, last, moment.heard)) {
      const { variants } = variantsKept(simulation, moment, heldWorks);
      const isSame = last?.simulation === simulation && isSameVariants(last.variants, variants);
      if (isSame) return last;
      return {
        key,
        simulation,
        ...{ isLazy, boundTo },
        isKept: true,
        isWaiting: true,
        variants,
        later: outcome.variants,
      };
    }
    if (isFollowed && isSent(simulation)) {
      if (last?.simulation === simulation && !last.isKept) return last;
      const { variants } = outcome;
      const fresh = remembered(known, simulation, () => ({ ...base, isKept: false, variants }));
      return movedFrom(moved, simulation, moment, fresh);
    }
    const { variants, later } = variantsKept(simulation, moment, heldWorks);
    const isSame =
      last?.isKept === true &&
      last.policy === base.policy &&
      last.boundTo === boundTo &&
      last.simulation.claim.type === claim.type &&
      isSameVariants(last.variants, variants) &&
      isSameVariants(last.later ?? noVariants, later ?? noVariants);
    if (isSame) return last;
    const waiting = claim.type === 'waiting' ? { isWaiting: true } : {};
    return { ...base, isKept: true, ...waiting, variants, ...(later ? { later } : {}) };
  };
}

/** What the Works of a binding hold that stays where it is. */
function variantsKept(
  simulation: Simulation,
  moment: Moment,
  heldWorks: HeldWorks,
): Pick<Delivery, 'variants' | 'later'> {
  const { key, claimed, template } = simulation;
  const last = moment.before?.deliveries.get(key);
  const previous = moment.plane.previous.get(key);
  if (!previous) return { variants: noVariants };
  const isWaiting = isStillWaiting(simulation, last, moment.heard);
  const isUpToDate = !isWaiting && isReached(simulation, moment.plane, moment.heard);
  const isDivided = isUpToDate ? isWorkload(workloadOf(template)) : hasReplicas(previous);
  const rendered = renderedOn(claimed ?? template, previous, moment, isDivided);
  if (isUpToDate || isOverridden(simulation, moment)) {
    return { variants: rendered };
  }
  const held = moment.before ? undefined : heldWorks(key);
  const variants = last?.variants ?? (held ? withFailures(held, rendered) : rendered);
  const isTriedAgain = variants.some(({ error }) => error !== undefined);
  return isTriedAgain && !isSameVariants(variants, rendered)
    ? { variants, later: rendered }
    : { variants };
}

/** What Works hold, and where there is none although the binding asks for one, or an override cannot be applied. */
function withFailures(held: readonly Variant[], rendered: readonly Variant[]): readonly Variant[] {
  const present = new Set(held.flatMap(({ clusters }) => clusters));
  const failing = rendered.flatMap(({ clusters, error }): Variant[] => {
    const without = clusters.filter((cluster) => error !== undefined || !present.has(cluster));
    return without.length === 0 ? [] : [{ clusters: without, error: error ?? '' }];
  });
  if (failing.length === 0) return held;
  const failed = new Set(failing.flatMap(({ clusters }) => clusters));
  const others = held.flatMap((variant) => {
    const clusters = variant.clusters.filter((cluster) => !failed.has(cluster));
    return clusters.length === 0 ? [] : [{ ...variant, clusters }];
  });
  return [...others, ...failing];
}

/** Whether an override policy that was written has to do with it. */
function isOverridden({ claimed, template }: Simulation, { overrides }: Moment): boolean {
  const object = claimed ?? template;
  const namespace = stringMember(memberAt(object, 'metadata'), 'namespace');
  return overrides.some(
    (policy) =>
      (policy.namespace === '' || policy.namespace === namespace) &&
      (arrayMember(policy.spec, 'resourceSelectors').length === 0 || policy.matches(object) > 0),
  );
}

/** What becomes of a template that was somewhere, and what that depends on beside its simulation. */
interface Moved {
  readonly from: PreviousPlacement;
  readonly controlPlane: Pick<SimulationRun['controlPlane'], 'clusterObjects' | 'overrides'>;
  readonly delivery: Delivery;
}

/** A delivery with what the Works hold before the scheduler has answered, where that is a difference. */
function movedFrom(
  moved: WeakMap<Simulation, Moved>,
  simulation: Simulation,
  moment: Moment,
  delivery: Delivery,
): Delivery {
  const { key, claimed, schedule } = simulation;
  const from = moment.before?.plane.previous.get(key);
  const isCleared = schedule?.errorType === 'no-cluster-fit';
  const clusters = isCleared ? [] : (schedule?.clusters ?? []);
  if (!claimed || !from || isSamePlacement(from, clusters, '')) return delivery;
  const { controlPlane } = moment.run;
  const known = moved.get(simulation);
  const isSame =
    known?.from === from &&
    known.controlPlane.clusterObjects === controlPlane.clusterObjects &&
    known.controlPlane.overrides === controlPlane.overrides;
  if (isSame) return known.delivery;
  const through = renderedOn(claimed, from, moment, isWorkload(workloadOf(claimed)));
  const answer = { ...delivery, through };
  moved.set(simulation, { from, controlPlane, delivery: answer });
  return answer;
}

function isSameVariants(a: readonly Variant[], b: readonly Variant[]): boolean {
  return (
    a === b ||
    (a.length === b.length &&
      a.every(({ clusters, manifest, error, overrides, clusterOverrides }, i) => {
        const other = b[i];
        return (
          other !== undefined &&
          error === other.error &&
          deepEqual(overrides, other.overrides) &&
          deepEqual(clusterOverrides, other.clusterOverrides) &&
          deepEqual(manifest, other.manifest) &&
          deepEqual(clusters, other.clusters)
        );
      }))
  );
}

const noVariants: readonly Variant[] = [];

/** Whether the scheduler decides where it goes. */
function isSent({ claim, schedule }: Simulation): boolean {
  if (claim.type !== 'claimed' || !schedule) return false;
  return schedule.error === undefined || schedule.errorType === 'no-cluster-fit';
}

function remembered(
  known: WeakMap<Simulation, Delivery>,
  simulation: Simulation,
  make: () => Delivery,
): Delivery {
  let delivery = known.get(simulation);
  if (!delivery) known.set(simulation, (delivery = make()));
  return delivery;
}

/**
 * What the clusters of a binding get, each with the replicas that the binding has for it where it divides any
 * (`pkg/controllers/binding/common.go`).
 */
function renderedOn(
  template: JsonObject,
  { clusters }: PreviousPlacement,
  { run: { controlPlane } }: Moment,
  isDivided: boolean,
): readonly Variant[] {
  const prepared = new Map(
    isDivided ? clusters.map(({ name, replicas }) => [name, revised(template, replicas ?? 0)]) : [],
  );
  return render(template, controlPlane.clusterObjects, controlPlane.overrides, {
    chosen: clusters.map(({ name }) => name),
    ...(isDivided ? { prepared } : {}),
  });
}

function hasReplicas({ clusters }: PreviousPlacement): boolean {
  return clusters.some(({ replicas = 0 }) => replicas > 0);
}

const revisions = new WeakMap<JsonObject, Map<number, JsonObject>>();

/** The same object for the same number of replicas. */
function revised(template: JsonObject, replicas: number): JsonObject {
  let byReplicas = revisions.get(template);
  if (!byReplicas) revisions.set(template, (byReplicas = new Map()));
  let object = byReplicas.get(replicas);
  if (!object) byReplicas.set(replicas, (object = reviseReplicas(template, replicas)));
  return object;
}
