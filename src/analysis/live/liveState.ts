import {
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
  /** What clusters get; all others get none. Absent where Karmada leaves binding and Works as they are. */
  readonly variants?: readonly Variant[];
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
 */
export type LiveStepper = (plane: LiveControlPlane, written?: ReadonlySet<string>) => LiveState;

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
  return (plane, written = nothing) => {
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
      deliver(one, run, current, written),
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

const policyKind = { PropagationPolicy: 'policy.karmada.io/PropagationPolicy' };

/** The template as Karmada leaves it; `undefined` where it does not touch it. */
function afterClaim(
  { claim, claimed, template }: Simulation,
  { unread }: LiveControlPlane,
): JsonObject | undefined {
  if (claim.type === 'claimed') return claim.isExisting || !claimed ? undefined : withId(claimed);
  if (claim.type !== 'lost') return undefined;
  const isNamespaced = claim.policyId.startsWith('PropagationPolicy/');
  const kind = isNamespaced
    ? policyKind.PropagationPolicy
    : 'policy.karmada.io/ClusterPropagationPolicy';
  // What cannot be read may well be there.
  return unread.has(kind) ? undefined : withoutClaim(template);
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
  const isCleared = schedule.errorType === 'no-cluster-fit';
  if (schedule.error !== undefined && !isCleared) return undefined;
  const clusters = isCleared ? [] : schedule.clusters;
  const affinity = schedule.affinity ?? '';
  if (before && isSamePlacement(before, clusters, affinity)) return undefined;
  return {
    ...before,
    clusters,
    ...(affinity === '' ? {} : { affinity }),
  };
}

function isSamePlacement(
  before: PreviousPlacement,
  clusters: PreviousPlacement['clusters'],
  affinity: string,
): boolean {
  if ((before.affinity ?? '') !== affinity && affinity !== '') return false;
  if (before.clusters.length !== clusters.length) return false;
  const now = new Map(clusters.map(({ name, replicas }) => [name, replicas ?? 0]));
  return before.clusters.every(({ name, replicas }) => now.get(name) === (replicas ?? 0));
}

type Deliverer = (
  simulation: Simulation,
  run: SimulationRun,
  plane: LiveControlPlane,
  written: ReadonlySet<string>,
) => Delivery;

function createDeliverer(): Deliverer {
  const known = new WeakMap<Simulation, Delivery>();
  const frozen = new WeakMap<
    Simulation,
    { previous: PreviousPlacement | undefined; delivery: Delivery }
  >();
  return (simulation, run, plane, written) => {
    const { key, claim, schedule, outcome } = simulation;
    if (claim.type !== 'claimed') {
      return remembered(known, simulation, () => ({ key, simulation, isLazy: false }));
    }
    const { policy, isLazy } = claim;
    const waits = isLazy && !written.has(key);
    const isPlaced =
      schedule && (schedule.error === undefined || schedule.errorType === 'no-cluster-fit');
    if (!waits && isPlaced) {
      const { variants } = outcome;
      return remembered(known, simulation, () => ({ key, simulation, policy, isLazy, variants }));
    }
    const previous = plane.previous.get(key);
    const before = frozen.get(simulation);
    if (before && before.previous === previous) return before.delivery;
    const variants = renderedAsPlaced(simulation, run, previous);
    const delivery = { key, simulation, policy, isLazy, variants };
    frozen.set(simulation, { previous, delivery });
    return delivery;
  };
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

/** Overrides and the template reach a binding's clusters also where the binding itself stays as it is. */
function renderedAsPlaced(
  { claimed, prepared }: Simulation,
  { controlPlane }: SimulationRun,
  previous: PreviousPlacement | undefined,
): readonly Variant[] {
  if (!claimed || !previous) return [];
  return render(claimed, controlPlane.clusterObjects, controlPlane.overrides, {
    chosen: previous.clusters.map(({ name }) => name),
    ...(prepared ? { prepared } : {}),
  });
}
