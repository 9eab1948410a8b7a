import { candidatesFor } from './candidates.ts';
import type { Candidate } from './candidates.ts';
import type { Goal, Scope } from './goals.ts';
import { groupsOf } from './groups.ts';
import type { Group } from './groups.ts';
import { createPace, isSound, leapOf } from './leap.ts';
import type { Planning } from './planning.ts';
import { reachOf, templateOf } from './reach.ts';
import { isBetter, isClean, scoreOf } from './score.ts';
import type { Score } from './score.ts';
import type { Ground, World } from './world.ts';

/** More rounds would only go in circles. */
function mostSteps({ goals }: Scope): number {
  return 64 + 4 * goals.length;
}

/**
 * The files after the edits that bring every goal as near as it gets, with the fewest side effects. First with an eye on
 * one group at a time; where that falls short, with an eye on all of them.
 */
export function* solve(ground: Ground, start: World, scope: Scope): Planning<World> {
  const careful = yield* walk(ground, start, scope, false);
  const score = scoreOf(ground, careful, scope.goals);
  if (isClean(score) && isAllDone(ground, careful, scope)) return careful;
  const bold = yield* walk(ground, start, scope, true);
  return isBetter(scoreOf(ground, bold, scope.goals), score) ? bold : careful;
}

/** Whether every goal is reached, or out of reach whatever is edited. */
function isAllDone(ground: Ground, world: World, scope: Scope): boolean {
  return [...groupsOf(world, scope).values()].every(
    (group) => candidatesFor(ground, world, scope, group).length === 0,
  );
}

function* walk(ground: Ground, start: World, scope: Scope, isBold: boolean): Planning<World> {
  let world = start;
  let groups = groupsOf(world, scope);
  const tried = new Set<string>();
  const pace = createPace();
  let left = mostSteps(scope);
  // What was in vain before may be possible by then: looked at again when there is nothing else to do.
  let isStale = false;
  while (left > 0) {
    const at = { ground, scope, world, groups, tried };
    const leap = yield* leapOf(at, pace.most());
    if (leap.groups.length > 1) {
      const isTaken = isSound(at, leap);
      pace.leapt(leap.groups.length, isTaken);
      if (!isTaken) continue;
      left -= leap.groups.length;
      world = leap.world;
      groups = groupsOf(world, scope);
      isStale = true;
      continue;
    }
    pace.stepped();
    left--;
    const next = [...groups].find(([key]) => !tried.has(key));
    if (!next && !isStale) break;
    if (!next) {
      tried.clear();
      isStale = false;
      continue;
    }
    const [key, group] = next;
    tried.add(key);
    const better = yield* improved({ ground, scope, group, isBold }, world);
    if (better === world) continue;
    world = better;
    groups = groupsOf(world, scope);
    isStale = true;
  }
  return world;
}

interface Judged {
  readonly world: World;
  readonly score: Score;
}

interface Task {
  readonly ground: Ground;
  readonly scope: Scope;
  readonly group: Group;
  /** Whether the goals of other groups count as much as those of this one. */
  readonly isBold: boolean;
}

function judged({ ground, scope, group, isBold }: Task, world: World, than?: Score): Judged {
  const keys = new Set(group.goals.map(({ key }) => key));
  const isInView = ({ key }: Goal): boolean => isBold || keys.has(key);
  const view = than ? { isInView, than } : { isInView };
  return { world, score: scoreOf(ground, world, scope.goals, view) };
}

function* improved(task: Task, world: World): Planning<World> {
  const { ground, scope, group } = task;
  const candidates = candidatesFor(ground, world, scope, group);
  const first = yield* best(task, world, judged(task, world), candidates);
  const extras = extrasIn(first.world, group);
  if (extras.length === 0) return first.world;
  // What comes along where nobody wants it is left out by name.
  const current = new Set([...group.aim.current, ...extras]);
  const narrower = { ...group, aim: { ...group.aim, current } };
  const others = candidatesFor(ground, world, scope, narrower);
  return (yield* best({ ...task, group: narrower }, world, first, others)).world;
}

function extrasIn({ snapshot }: World, { goals, aim }: Group): readonly string[] {
  const names = goals.flatMap(({ key }) => [...reachOf(snapshot, templateOf(snapshot, key))]);
  return [...new Set(names)].filter((name) => !aim.wanted.has(name) && !aim.current.has(name));
}

function* best(
  task: Task,
  from: World,
  start: Judged,
  candidates: readonly Candidate[],
): Planning<Judged> {
  let found = start;
  for (const { make } of candidates) {
    const world = make(from);
    if (!world) continue;
    const next = judged(task, world, found.score);
    yield;
    if (!isBetter(next.score, found.score)) continue;
    found = next;
    if (isClean(next.score) && isReached(world, task.group)) break;
  }
  return found;
}

function isReached({ snapshot }: World, { goals, aim }: Group): boolean {
  return goals.every(({ key }) => {
    const now = reachOf(snapshot, templateOf(snapshot, key));
    return now.size === aim.wanted.size && [...now].every((name) => aim.wanted.has(name));
  });
}
