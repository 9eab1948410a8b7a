import {
  deepEqual,
  isObject,
  memberAt,
  render,
  stringMember,
  withMember,
  withoutClaim,
} from '../../engine/index.ts';
import type {
  JsonObject,
  PreviousPlacement,
  Schedule,
  Simulation,
  SimulationRun,
  StoredPolicy,
  Variant,
} from '../../engine/index.ts';
import type { LiveControlPlane } from '../liveControlPlane.ts';
import { createLiveSimulator } from './simulateLive.ts';
import type { LiveSettings } from './simulateLive.ts';
import { withLiveObjects } from './withLiveObjects.ts';
import type { LiveObjectChange } from './withLiveObjects.ts';

/** What Karmada makes Works of for one template. */
export interface Delivery {
  /** `APIVERSION/KIND/NAMESPACE/NAME` */
  readonly key: string;
  readonly simulation: Simulation;
  /** The policy that claims it. */
  readonly policy?: StoredPolicy;
  /** `activationPreference: Lazy`: a change of the policy alone reaches no binding. */
  readonly isLazy: boolean;
  /** The binding stays where it is: no policy claims the template, or the claiming one does not move it. */
  readonly isKept: boolean;
  /** The template that the Works are made from; an older one where Karmada has not looked at it since. */
  readonly sent: JsonObject;
  /** What clusters get; all others get none. */
  readonly variants: readonly Variant[];
}

/** A control plane with which Karmada is done. */
export interface LiveState {
  /** With the claims that Karmada has written onto templates, and where its bindings have them then. */
  readonly plane: LiveControlPlane;
  readonly run: SimulationRun;
  /** By template key. A delivery stays the identical one while nothing in it changes. */
  readonly deliveries: ReadonlyMap<string, Delivery>;
}

/**
 * Lets Karmada act on a control plane until there is nothing left to do.
 *
 * @param written keys of the templates that were written since: what a lazy policy waits for
 * @param before what held then
 */
export type LiveStepper = (
  plane: LiveControlPlane,
  written?: ReadonlySet<string>,
  before?: LiveState,
) => LiveState;

/** A template that is let go may be claimed by another policy, and that is all that can follow. */
const mostRounds = 4;
const nothing: ReadonlySet<string> = new Set();

/**
 * Makes a function from control plane to control plane that does what Karmada's controllers do: policies claim
 * templates, those that are gone or no longer match let them go (`pkg/detector/policy.go`, `pkg/detector/claim.go`),
 * and bindings hold where the scheduler has put them.
 */
export function createLiveStepper(options: LiveSettings = {}): LiveStepper {
  const simulate = createLiveSimulator(options);
  const deliver = createDeliverer();
  return (plane, written = nothing, before) => {
    let current = plane;
    let run = simulate(current);
    for (let round = 0; round < mostRounds; round++) {
      const next = afterKarmada(current, run, written);
      if (next === current) break;
      current = next;
      run = simulate(current);
    }
    const deliveries = run.simulations.map((one): [string, Delivery] => [
      one.key,
      deliver(one, { run, plane: current, written, before }),
    ]);
    return { plane: current, run, deliveries: new Map(deliveries) };
  };
}

function afterKarmada(
  plane: LiveControlPlane,
  { simulations }: SimulationRun,
  written: ReadonlySet<string>,
): LiveControlPlane {
  const changes: LiveObjectChange[] = [];
  let previous: Map<string, PreviousPlacement> | undefined;
  for (const simulation of simulations) {
    const object = afterClaim(simulation, plane);
    if (object) changes.push({ reference: referenceOf(object), object });
    const placed = placementAfter(simulation, plane, written);
    if (placed) (previous ??= new Map(plane.previous)).set(simulation.key, placed);
  }
  if (changes.length === 0 && !previous) return plane;
  return withLiveObjects(previous ? { ...plane, previous } : plane, changes);
}

/** The template as Karmada leaves it; `undefined` where it does not touch it. */
function afterClaim(
  { claim, claimed, template }: Simulation,
  { unread }: LiveControlPlane,
): JsonObject | undefined {
  if (claim.type === 'claimed') return claim.isExisting || !claimed ? undefined : withId(claimed);
  if (claim.type !== 'lost') return undefined;
  const kind = claim.policyId.split('/', 1)[0] ?? '';
  // What cannot be read may well be there.
  return unread.has(`policy.karmada.io/${kind}`) ? undefined : withoutClaim(template);
}

/** A policy that nobody has written yet has no permanent id; without one a template would not count as claimed. */
function withId(claimed: JsonObject): JsonObject {
  const metadata = memberAt(claimed, 'metadata');
  const labels = memberAt(metadata, 'labels');
  if (!isObject(metadata) || !isObject(labels)) return claimed;
  let filled = labels;
  for (const kind of ['propagationpolicy', 'clusterpropagationpolicy']) {
    const label = `${kind}.karmada.io/permanent-id`;
    if (Object.hasOwn(labels, label) && labels[label] === '') {
      filled = withMember(filled, label, 'not-yet-known');
    }
  }
  if (filled === labels) return claimed;
  return withMember(claimed, 'metadata', withMember(metadata, 'labels', filled));
}

function referenceOf(object: JsonObject): LiveObjectChange['reference'] {
  const metadata = memberAt(object, 'metadata');
  return {
    apiVersion: stringMember(object, 'apiVersion'),
    kind: stringMember(object, 'kind'),
    namespace: stringMember(metadata, 'namespace'),
    name: stringMember(metadata, 'name'),
  };
}

/** What the binding says when the scheduler is done; `undefined` where it says that already. */
function placementAfter(
  { key, claim, schedule }: Simulation,
  { previous }: LiveControlPlane,
  written: ReadonlySet<string>,
): PreviousPlacement | undefined {
  if (claim.type !== 'claimed' || !schedule) return undefined;
  if (claim.isLazy && !written.has(key)) return undefined;
  const before = previous.get(key);
  if (before && placedAs.get(schedule) === before) return undefined;
  const isCleared = schedule.errorType === 'no-cluster-fit';
  if (schedule.error !== undefined && !isCleared) return undefined;
  const clusters = isCleared ? [] : schedule.clusters;
  const affinity = schedule.affinity ?? '';
  if (before && isSamePlacement(before, clusters, affinity)) {
    placedAs.set(schedule, before);
    return undefined;
  }
  return { ...before, clusters, ...(affinity === '' ? {} : { affinity }) };
}

/** Placements that say what a schedule says. */
const placedAs = new WeakMap<Schedule, PreviousPlacement>();

function isSamePlacement(
  before: PreviousPlacement,
  clusters: PreviousPlacement['clusters'],
  affinity: string,
): boolean {
  if ((before.affinity ?? '') !== affinity && affinity !== '') return false;
  if (before.clusters.length !== clusters.length) return false;
  const isSameAt = ({ name, replicas = 0 }: (typeof clusters)[number], i: number): boolean =>
    clusters[i]?.name === name && (clusters[i].replicas ?? 0) === replicas;
  if (before.clusters.every(isSameAt)) return true;
  const now = new Map(clusters.map(({ name, replicas }) => [name, replicas ?? 0]));
  return before.clusters.every(({ name, replicas }) => now.get(name) === (replicas ?? 0));
}

interface Moment {
  readonly run: SimulationRun;
  readonly plane: LiveControlPlane;
  readonly written: ReadonlySet<string>;
  readonly before: LiveState | undefined;
}

type Deliverer = (simulation: Simulation, moment: Moment) => Delivery;

function createDeliverer(): Deliverer {
  const known = new WeakMap<Simulation, Delivery>();
  const kept = new WeakMap<Simulation, Delivery>();
  return (simulation, moment) => {
    const { key, claim, claimed, template, outcome } = simulation;
    const isLazy = claim.type === 'claimed' && claim.isLazy;
    const owner = claim.type === 'claimed' ? { policy: claim.policy } : {};
    const base = { key, simulation, ...owner, isLazy, sent: claimed ?? template };
    if (isSent(simulation) && !(isLazy && !moment.written.has(key))) {
      const { variants } = outcome;
      return remembered(known, simulation, () => ({ ...base, isKept: false, variants }));
    }
    const previous = moment.plane.previous.get(key);
    const isUnheard = claim.type !== 'claimed' && previous && unheard(base, previous, moment);
    if (isUnheard) return isUnheard;
    const variants = previous ? renderedOn(base.sent, simulation, previous, moment) : noVariants;
    const last = kept.get(simulation);
    if (last && isSameVariants(last.variants, variants)) return last;
    const delivery = { ...base, isKept: previous !== undefined, variants };
    kept.set(simulation, delivery);
    return delivery;
  };
}

/**
 * The delivery before, where Karmada has no reason to look at the template: one that no policy claims is only sent again
 * when something happens to its binding, or when an override policy that matches comes or goes
 * (`pkg/controllers/binding/binding_controller.go`).
 */
function unheard(
  { key, sent, simulation }: Pick<Delivery, 'key' | 'sent' | 'simulation'>,
  previous: PreviousPlacement,
  moment: Moment,
): Delivery | undefined {
  const last = moment.before?.deliveries.get(key);
  if (!last?.isKept || last.policy || last.sent === sent) return undefined;
  const again = renderedOn(last.sent, simulation, previous, moment);
  return isSameVariants(last.variants, again) ? last : undefined;
}

function isSameVariants(a: readonly Variant[], b: readonly Variant[]): boolean {
  return (
    a.length === b.length &&
    a.every(({ clusters, manifest, error }, i) => {
      const other = b[i];
      return (
        other !== undefined &&
        error === other.error &&
        deepEqual(manifest, other.manifest) &&
        deepEqual(clusters, other.clusters)
      );
    })
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

/** Overrides and the template reach the clusters of a binding also where the binding itself stays as it is. */
function renderedOn(
  template: JsonObject,
  { prepared }: Simulation,
  previous: PreviousPlacement,
  { run: { controlPlane } }: Moment,
): readonly Variant[] {
  return render(template, controlPlane.clusterObjects, controlPlane.overrides, {
    chosen: previous.clusters.map(({ name }) => name),
    ...(prepared ? { prepared } : {}),
  });
}
