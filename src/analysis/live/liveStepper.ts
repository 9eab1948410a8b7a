import {
  existingClaim,
  isObject,
  memberAt,
  policyId,
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
} from '../../engine/index.ts';
import type { LiveControlPlane } from '../liveControlPlane.ts';
import { createDeliverer } from './deliveries.ts';
import { isBoundTo, isStillWaiting, isTemplateHeard, nameOfPolicy } from './heard.ts';
import type { Heard } from './heard.ts';
import type { Delivery, HeldWorks, LiveState } from './liveState.ts';
import { placementAfter } from './placementAfter.ts';
import { createLiveSimulator } from './simulateLive.ts';
import type { LiveSettings } from './simulateLive.ts';
import { nameOfTemplate, withLiveObjects } from './withLiveObjects.ts';
import type { LiveObjectChange } from './withLiveObjects.ts';

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
    const heard: Heard = {
      names: new Set([...written].map(nameOfTemplate)),
      freed: new Set(),
      taken: new Set(),
      before,
    };
    let current = plane;
    let run = simulate(current);
    for (let round = 0; round < mostRounds; round++) {
      const next = afterKarmada(current, run, heard, before);
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
  before: LiveState | undefined,
): LiveControlPlane {
  const changes: LiveObjectChange[] = [];
  let previous: Map<string, PreviousPlacement> | undefined;
  for (const simulation of simulations) {
    if (isStillWaiting(simulation, before?.deliveries.get(simulation.key), heard)) continue;
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
  plane: LiveControlPlane,
  heard: Heard,
): JsonObject | undefined {
  if (claim.type === 'claimed') {
    if (claim.isExisting || !claimed) return undefined;
    heard.taken.add(key);
    return withId(claimed);
  }
  const existing = claim.type === 'lost' ? existingClaim(template) : undefined;
  // What cannot be read may well be there.
  if (!existing || plane.unread.has(`policy.karmada.io/${existing.kind}`)) return undefined;
  const isGone = claim.type === 'lost' && claim.reason === 'policy-not-found';
  const isLetGo = isGone
    ? heard.names.has(nameOfPolicy(existing)) || isTemplateHeard(key, heard)
    : heard.names.has(nameOfPolicy(existing)) && isBoundTo(key, policyId(existing), plane, heard);
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
