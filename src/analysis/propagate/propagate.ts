import type { Snapshot } from '../snapshot.ts';
import type { Goal, Scope } from './goals.ts';
import { withLeavingNeeds } from './leaving.ts';
import { readPick } from './pick.ts';
import type { Picked } from './pick.ts';
import { planOf } from './plan.ts';
import type { Planning } from './planning.ts';
import { propagateGoals } from './propagateGoals.ts';
import type { Wishes } from './propagateGoals.ts';
import { solve } from './solve.ts';
import type { FilePlanAnswer, PropagateRequest } from './types.ts';
import { worldOf } from './world.ts';
import type { Ground, World } from './world.ts';

/** An override may make a release refer to something else on the clusters that it comes to. */
const mostRounds = 4;

/**
 * The edits that bring templates with all that they need to clusters. What is promised is what Karmada would do with
 * the edited documents; nothing is written.
 */
export function* propagate(ground: Ground, request: PropagateRequest): Planning<FilePlanAnswer> {
  const picked = readPick(ground.before, request);
  if ('reason' in picked) return picked;
  let world = worldOf(ground);
  let wishes = wishesIn(ground, world.snapshot, picked, request);
  for (let round = 0; round < mostRounds; round++) {
    world = yield* solve(ground, world, scopeOf(world, wishes.goals, picked, request));
    const next = wishesIn(ground, world.snapshot, picked, request);
    const isSame = next.goals.every((goal) =>
      wishes.goals.some(
        ({ key, wanted }) => key === goal.key && [...goal.wanted].every((name) => wanted.has(name)),
      ),
    );
    wishes = next;
    if (isSame) break;
  }
  return planOf(ground, world, { ...wishes, picked, isBrought: true });
}

function wishesIn(
  { before }: Ground,
  now: Snapshot,
  picked: Picked,
  { leaving = [] }: PropagateRequest,
): Wishes {
  const wishes = propagateGoals(before, now, picked);
  if (leaving.length === 0) return wishes;
  const names = new Set(picked.clusters.map(({ name }) => name));
  const narrowed = wishes.goals.map((goal) => {
    const wanted = [...goal.wanted].filter((name) => names.has(name) || !leaving.includes(name));
    // Where none of them can take it, nothing is asked for that would be worth losing the others.
    return goal.isChosen && wanted.length > 0 ? { ...goal, wanted: new Set(wanted) } : goal;
  });
  return { ...wishes, goals: withLeavingNeeds(before, narrowed) };
}

/** What a plan is made for, beside the files. */
export function scopeOf(
  { snapshot }: World,
  goals: readonly Goal[],
  { affinity }: Picked,
  { folder }: PropagateRequest,
): Scope {
  return {
    goals,
    fleet: snapshot.run.controlPlane.clusters,
    ...(affinity ? { affinity } : {}),
    ...(folder === undefined ? {} : { folder: folder.replace(/\/+$/, '') }),
  };
}
