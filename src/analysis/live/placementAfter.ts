import type { PreviousPlacement, Schedule, Simulation } from '../../engine/index.ts';
import type { LiveControlPlane } from '../liveControlPlane.ts';
import { isTemplateHeard } from './heard.ts';
import type { Heard } from './heard.ts';

/** What the binding says when the scheduler is done; `undefined` where it says that already. */
export function placementAfter(
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

/** Whether two placements name the same clusters with the same replicas; an affinity of '' is any. */
export function isSamePlacement(
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
