import type { PreviousPlacement, Simulation } from '../../engine/index.ts';
import type { LiveControlPlane } from '../liveControlPlane.ts';
import { isReached } from './heard.ts';
import type { Heard } from './heard.ts';

/** What the binding says when the scheduler is done; `undefined` where it says that already. */
export function placementAfter(
  simulation: Simulation,
  plane: LiveControlPlane,
  heard: Heard,
): PreviousPlacement | undefined {
  const { key, claim, schedule } = simulation;
  const { previous } = plane;
  if (claim.type !== 'claimed' || !schedule) return undefined;
  if (!isReached(simulation, plane, heard)) return undefined;
  const before = previous.get(key);
  const isCleared = schedule.errorType === 'no-cluster-fit';
  if (schedule.error !== undefined && !isCleared) return undefined;
  const clusters = isCleared ? [] : schedule.clusters;
  const affinity = schedule.affinity ?? '';
  if (before && isSamePlacement(before, clusters, affinity)) return undefined;
  return placed(before, clusters, affinity);
}

type Placed = PreviousPlacement['clusters'];

/** By the clusters, the placement before and the affinity: every state of a push asks for the same ones. */
const placements = new WeakMap<Placed, Map<string, WeakMap<object, PreviousPlacement>>>();
const nowhere = {};

function placed(
  before: PreviousPlacement | undefined,
  clusters: Placed,
  affinity: string,
): PreviousPlacement {
  let byAffinity = placements.get(clusters);
  if (!byAffinity) placements.set(clusters, (byAffinity = new Map()));
  let byBefore = byAffinity.get(affinity);
  if (!byBefore) byAffinity.set(affinity, (byBefore = new WeakMap()));
  const from = before ?? nowhere;
  let placement = byBefore.get(from);
  if (!placement) {
    placement = { ...before, clusters, ...(affinity === '' ? {} : { affinity }) };
    byBefore.set(from, placement);
  }
  return placement;
}

/** Whether two placements name the same clusters with the same replicas; an affinity of '' is any. */
export function isSamePlacement(
  before: PreviousPlacement,
  clusters: Placed,
  affinity: string,
): boolean {
  if ((before.affinity ?? '') !== affinity && affinity !== '') return false;
  if (before.clusters === clusters) return true;
  if (before.clusters.length !== clusters.length) return false;
  let answers = compared.get(before.clusters);
  if (!answers) compared.set(before.clusters, (answers = new WeakMap()));
  let answer = answers.get(clusters);
  if (answer === undefined) {
    answers.set(clusters, (answer = isSameClusters(before.clusters, clusters)));
  }
  return answer;
}

/** Answers about pairs of lists: every state of a push asks about the same ones. */
const compared = new WeakMap<Placed, WeakMap<Placed, boolean>>();

function isSameClusters(before: Placed, clusters: Placed): boolean {
  const isSameAt = ({ name, replicas = 0 }: Placed[number], i: number): boolean =>
    clusters[i]?.name === name && (clusters[i].replicas ?? 0) === replicas;
  if (before.every(isSameAt)) return true;
  const now = replicasByName(clusters);
  return before.every(({ name, replicas }) => now.get(name) === (replicas ?? 0));
}

const replicas = new WeakMap<Placed, ReadonlyMap<string, number>>();

function replicasByName(clusters: Placed): ReadonlyMap<string, number> {
  let found = replicas.get(clusters);
  if (!found) {
    found = new Map(clusters.map((cluster) => [cluster.name, cluster.replicas ?? 0]));
    replicas.set(clusters, found);
  }
  return found;
}
