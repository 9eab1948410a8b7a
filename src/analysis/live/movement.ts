import { member } from '../../engine/index.ts';
import type { Schedule, Simulation } from '../../engine/index.ts';
import { inFleetOrder, namesOf } from '../clusterSet.ts';

/** Which clusters a template comes to and leaves, compared with its binding on the control plane. */
export interface Movement {
  /** In natural order, as `lost`. */
  readonly gained: readonly string[];
  readonly lost: readonly string[];
}

const known = new WeakMap<Schedule, Movement>();
const nothing: Movement = { gained: [], lost: [] };

/**
 * Compares where a template would go with where its binding has it. Empty without a binding, and where nothing is
 * scheduled anew: then the binding stays as it is. A cluster that has left the fleet is not told.
 */
export function movementOf(schedule: Schedule | undefined): Movement {
  const previous = schedule?.request.previous;
  if (!schedule || !previous) return nothing;
  let movement = known.get(schedule);
  if (!movement) {
    const then = new Set(previous.clusters.map(({ name }) => name));
    const now = new Set(schedule.clusters.map(({ name }) => name));
    const fleet = schedule.request.clusters;
    const lost = namesOf(fleet).filter((name) => then.has(name) && !now.has(name));
    const gained = [...now].filter((name) => !then.has(name));
    movement = { gained: inFleetOrder(gained, fleet), lost };
    known.set(schedule, movement);
  }
  return movement;
}

/**
 * Whether members keep what leaves them. A binding is told at once that it preserves, and loses clusters when the
 * scheduler has answered (`pkg/detector/detector.go`, `pkg/scheduler/scheduler.go`): where a policy changes both by one
 * write, a Work may go before or after it has heard of the change.
 */
export function preservation(simulation: Simulation): 'kept' | 'removed' | 'either' {
  const { claim, schedule, previous = schedule?.request.previous } = simulation;
  const isPreserved =
    claim.type === 'claimed' && member(claim.policy.spec, 'preserveResourcesOnDeletion') === true;
  if (previous?.preserves !== undefined && previous.preserves !== isPreserved) return 'either';
  return isPreserved ? 'kept' : 'removed';
}

/**
 * What becomes of a template on a cluster that it leaves, after "its": Karmada deletes the Work, and with it the
 * member's object, unless the policy preserves it (`pkg/controllers/execution/execution_controller.go`); Flux leaves the
 * release of a suspended HelmRelease alone.
 */
export function fateOf(simulation: Simulation): string {
  const { template } = simulation;
  const isRelease = template['kind'] === 'HelmRelease';
  const object = isRelease ? 'its release' : 'it';
  const fate = preservation(simulation);
  if (fate === 'kept') return `${object} stays there, for the policy preserves resources`;
  if (isRelease && member(template['spec'], 'suspend') === true) {
    return 'its release stays installed, for it is suspended';
  }
  if (fate === 'removed') return isRelease ? 'its release is uninstalled' : 'it is deleted there';
  const end = isRelease ? 'be uninstalled' : 'be deleted';
  return `${object} may stay there or ${end}: preserveResourcesOnDeletion changes by the same write`;
}
