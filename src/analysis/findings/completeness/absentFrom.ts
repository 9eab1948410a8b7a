import type { Schedule, Simulation } from '../../../engine/index.ts';
import { isDecidedByNames } from '../placement/affinityTerm.ts';
import { causesOf } from '../placement/causes.ts';
import type { Template } from '../../snapshot.ts';

/** Where an object is surely not, although it is needed there. */
export interface Absence {
  readonly clusters: readonly string[];
  /** No policy takes it anywhere; else its policy takes it elsewhere. */
  readonly isUnpropagated: boolean;
}

const present: Absence = { clusters: [], isUnpropagated: false };
const goesTo = new WeakMap<Schedule, ReadonlySet<string>>();

/**
 * On which of the clusters a template is not. Where another finding tells why it goes nowhere, or where assumed clusters
 * leave it open, nothing is said.
 */
export function absentFrom(
  clusters: readonly string[],
  { simulation }: Template,
  isAssumed: boolean,
): Absence {
  if (!simulation) return present;
  const { claim, schedule } = simulation;
  if (claim.type === 'unclaimed' || claim.type === 'skipped') {
    return { clusters, isUnpropagated: true };
  }
  if (!schedule || schedule.error !== undefined) return present;
  if (isAssumed && !isSure(schedule)) return present;
  const reached = reachedBy(schedule, isAssumed);
  return { clusters: clusters.filter((name) => !reached.has(name)), isUnpropagated: false };
}

/** The clusters that a schedule chose, and those that it names but leaves out, which has a finding of its own. */
function reachedBy(schedule: Schedule, isAssumed: boolean): ReadonlySet<string> {
  const answered = goesTo.get(schedule);
  if (answered) return answered;
  const reached = new Set([
    ...schedule.clusters.map(({ name }) => name),
    ...causesOf(schedule, isAssumed).flatMap(({ clusters }) => clusters),
  ]);
  goesTo.set(schedule, reached);
  return reached;
}

/** Whether the names that policies mention decide where a schedule goes. */
export function isSure({ attempts }: Schedule): boolean {
  return attempts.every(
    ({ term, filter }) => isDecidedByNames(term) && filter.placement.spread.length === 0,
  );
}

/** Whether it is known where a simulation goes. */
export function isPlaced({ schedule }: Simulation, isAssumed: boolean): boolean {
  return schedule !== undefined && schedule.error === undefined && (!isAssumed || isSure(schedule));
}
