import {
  arrayMember,
  deepEqual,
  existingClaim,
  isObject,
  memberAt,
  render,
  reviseReplicas,
  stringMember,
  withMember,
  withoutClaim,
} from '../../engine/index.ts';
import type {
  ExistingClaim,
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
import { nameOfTemplate, withLiveObjects } from './withLiveObjects.ts';
import type { LiveObjectChange } from './withLiveObjects.ts';

/** What Karmada makes Works of for one template. */
export interface Delivery {
  /** `APIVERSION/KIND/NAMESPACE/NAME` */
  readonly key: string;
  readonly simulation: Simulation;
  /** The policy that claims it and still selects it. */
  readonly policy?: StoredPolicy;
  /** `activationPreference: Lazy`: a change of the policy alone reaches no binding. */
  readonly isLazy: boolean;
  /** The binding stays as it is: nothing has made Karmada bring it up to date. */
  readonly isKept: boolean;
  /** What clusters get; all others get none. */
  readonly variants: readonly Variant[];
  /**
   * What they get before that, while the binding has the new template and the scheduler has not answered yet: the old
   * clusters with the old numbers of replicas. Absent where that is no difference.
   */
  readonly through?: readonly Variant[];
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
 * @param written keys of the objects, policies too, that were written or deleted since: what Karmada hears of
 * @param before what held then; without it Works are taken to be as they should wherever Karmada looks after them
 */
export type LiveStepper = (
  plane: LiveControlPlane,
  written?: ReadonlySet<string>,
  before?: LiveState,
) => LiveState;

/** What the Works of a template hold at the start, by its key; `undefined` where that is not known. */
export type HeldWorks = (key: string) => readonly Variant[] | undefined;

/** A template that is let go may be claimed by another policy, and that is all that can follow. */
const mostRounds = 4;
const nothing: ReadonlySet<string> = new Set();

/**
 * Makes a function from control plane to control plane that does what Karmada's controllers do, and only when they hear
 * of something. A template that is written goes where its policy says, and nowhere when that no longer selects it; only
 * a policy that is itself written or deleted lets templates go, which others may claim then
 * (`propagateResource` of `pkg/detector/policy.go`, `pkg/detector/detector.go`). An override policy that comes, changes
 * or goes has the bindings of all that it selects rendered anew, claimed or not
 * (`newOverridePolicyFunc` of `pkg/controllers/binding/binding_controller.go`).
 */
export function createLiveStepper(
  options: LiveSettings = {},
  heldWorks: HeldWorks = () => undefined,
): LiveStepper {
  const simulate = createLiveSimulator(options);
  const deliver = createDeliverer(heldWorks);
  return (plane, written = nothing, before) => {
    const heard = { names: new Set([...written].map(nameOfTemplate)), freed: new Set<string>() };
    let current = plane;
    let run = simulate(current);
    for (let round = 0; round < mostRounds; round++) {
      const next = afterKarmada(current, run, heard);
      if (next === current) break;
      current = next;
      run = simulate(current);
    }
    const moment = {
      run,
      plane: current,
      before,
      heard,
      overrides: writtenOverrides(run, before, heard),
    };
    const deliveries = run.simulations.map((one): [string, Delivery] => [
      one.key,
      deliver(one, moment),
    ]);
    return { plane: current, run, deliveries: new Map(deliveries) };
  };
}

/** What Karmada hears of. */
interface Heard {
  /** Names of objects that were written or deleted. */
  readonly names: ReadonlySet<string>;
  /** Keys of templates that were let go meanwhile: another write of them. */
  readonly freed: Set<string>;
}

/** Whether a template itself was written, by the user or by being let go. */
function isTemplateHeard(key: string, { names, freed }: Heard): boolean {
  return freed.has(key) || names.has(nameOfTemplate(key));
}

function nameOfPolicy({ kind, namespace, name }: ExistingClaim | StoredPolicy): string {
  return `policy.karmada.io/${kind}/${namespace}/${name}`;
}

/** Override policies that were written, as they were and as they are. */
function writtenOverrides(
  run: SimulationRun,
  before: LiveState | undefined,
  { names }: Heard,
): readonly StoredPolicy[] {
  const all = [run, ...(before ? [before.run] : [])].flatMap(
    ({ controlPlane }) => controlPlane.policies,
  );
  return all.filter(
    (policy) => policy.kind.endsWith('OverridePolicy') && names.has(nameOfPolicy(policy)),
  );
}

function afterKarmada(
  plane: LiveControlPlane,
  { simulations }: SimulationRun,
  heard: Heard,
): LiveControlPlane {
  const changes: LiveObjectChange[] = [];
  let previous: Map<string, PreviousPlacement> | undefined;
  for (const simulation of simulations) {
    const object = afterClaim(simulation, plane, heard);
    if (object) changes.push({ reference: referenceOf(object), object });
    const placed = placementAfter(simulation, plane, heard);
    if (placed) (previous ??= new Map(plane.previous)).set(simulation.key, placed);
  }
  if (changes.length === 0 && !previous) return plane;
  return withLiveObjects(previous ? { ...plane, previous } : plane, changes);
}

/** The template as Karmada leaves it; `undefined` where it does not touch it. */
function afterClaim(
  { key, claim, claimed, template }: Simulation,
  { unread }: LiveControlPlane,
  heard: Heard,
): JsonObject | undefined {
  if (claim.type === 'claimed') return claim.isExisting || !claimed ? undefined : withId(claimed);
  const existing = claim.type === 'lost' ? existingClaim(template) : undefined;
  // What cannot be read may well be there.
  if (!existing || unread.has(`policy.karmada.io/${existing.kind}`)) return undefined;
  const isLetGo =
    heard.names.has(nameOfPolicy(existing)) ||
    (claim.type === 'lost' && claim.reason === 'policy-not-found' && isTemplateHeard(key, heard));
  if (!isLetGo) return undefined;
  heard.freed.add(key);
  return withoutClaim(template);
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
  heard: Heard,
): PreviousPlacement | undefined {
  if (claim.type !== 'claimed' || !schedule) return undefined;
  if (claim.isLazy && !isTemplateHeard(key, heard)) return undefined;
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

/** A step as it is looked at when Works are made of it. */
interface Moment {
  readonly run: SimulationRun;
  readonly plane: LiveControlPlane;
  readonly before: LiveState | undefined;
  readonly heard: Heard;
  readonly overrides: readonly StoredPolicy[];
}

type Deliverer = (simulation: Simulation, moment: Moment) => Delivery;

function createDeliverer(heldWorks: HeldWorks): Deliverer {
  const known = new WeakMap<Simulation, Delivery>();
  return (simulation, moment) => {
    const { key, claim, outcome } = simulation;
    const last = moment.before?.deliveries.get(key);
    const isLazy = claim.type === 'claimed' && claim.isLazy;
    const owner = claim.type === 'claimed' ? { policy: claim.policy } : {};
    const base = { key, simulation, ...owner, isLazy };
    if (isBound(simulation, moment.heard) && isSent(simulation)) {
      if (last?.simulation === simulation && !last.isKept) return last;
      const { variants } = outcome;
      const fresh = remembered(known, simulation, () => ({ ...base, isKept: false, variants }));
      const through = throughOf(simulation, moment);
      return through ? { ...fresh, through } : fresh;
    }
    const variants = variantsKept(simulation, moment, heldWorks);
    const isSame =
      last?.isKept === true &&
      last.policy === base.policy &&
      last.simulation.claim.type === claim.type &&
      isSameVariants(last.variants, variants);
    if (isSame) return last;
    return { ...base, isKept: true, variants };
  };
}

/** Whether a policy keeps the binding up to date. */
function isBound({ key, claim }: Simulation, heard: Heard): boolean {
  return claim.type === 'claimed' && (!claim.isLazy || isTemplateHeard(key, heard));
}

/** What the Works of a binding hold that stays where it is. */
function variantsKept(
  simulation: Simulation,
  moment: Moment,
  heldWorks: HeldWorks,
): readonly Variant[] {
  const { key, claimed, template } = simulation;
  const previous = moment.plane.previous.get(key);
  if (!previous) return noVariants;
  const isRendered = isBound(simulation, moment.heard) || isOverridden(simulation, moment);
  const last = moment.before?.deliveries.get(key);
  if (!isRendered && last) return last.variants;
  const held = isRendered || moment.before ? undefined : heldWorks(key);
  return held ?? renderedOn(claimed ?? template, previous, moment);
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

/** What the Works hold before the scheduler has answered; `undefined` where that is no difference. */
function throughOf(
  { key, claimed, schedule }: Simulation,
  moment: Moment,
): readonly Variant[] | undefined {
  const previous = moment.before?.plane.previous.get(key);
  const isCleared = schedule?.errorType === 'no-cluster-fit';
  const clusters = isCleared ? [] : (schedule?.clusters ?? []);
  if (!claimed || !previous || isSamePlacement(previous, clusters, '')) return undefined;
  return renderedOn(claimed, previous, moment);
}

function isSameVariants(a: readonly Variant[], b: readonly Variant[]): boolean {
  return (
    a === b ||
    (a.length === b.length &&
      a.every(({ clusters, manifest, error }, i) => {
        const other = b[i];
        return (
          other !== undefined &&
          error === other.error &&
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

/** Overrides and the template reach the clusters of a binding also where the binding itself stays as it is. */
function renderedOn(
  template: JsonObject,
  { clusters }: PreviousPlacement,
  { run: { controlPlane } }: Moment,
): readonly Variant[] {
  const isDivided = clusters.some(({ replicas }) => (replicas ?? 0) > 0);
  const prepared = new Map(
    isDivided ? clusters.map(({ name, replicas }) => [name, revised(template, replicas ?? 0)]) : [],
  );
  return render(template, controlPlane.clusterObjects, controlPlane.overrides, {
    chosen: clusters.map(({ name }) => name),
    ...(isDivided ? { prepared } : {}),
  });
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
