import { candidatesFor, groupsOf } from './candidates.ts';
import type { Candidate, Group } from './candidates.ts';
import type { Scope } from './goals.ts';
import { reachOf, templateOf } from './reach.ts';
import { isBetter, scoreOf } from './score.ts';
import type { Score } from './score.ts';
import type { Ground, World } from './world.ts';

/** More rounds would only go in circles. */
const mostSteps = 64;

/** The files after the edits that bring every goal as near as it gets, with the fewest side effects. */
export function solve(ground: Ground, start: World, scope: Scope): World {
  let world = start;
  const tried = new Set<string>();
  for (let step = 0; step < mostSteps; step++) {
    const next = [...groupsOf(world, scope)].find(([key]) => !tried.has(key));
    if (!next) break;
    const [key, group] = next;
    tried.add(key);
    const better = improved(ground, world, scope, group);
    // What was in vain before may be possible now.
    if (better !== world) for (const other of groupsOf(better, scope).keys()) tried.delete(other);
    if (better !== world) tried.add(key);
    world = better;
  }
  return world;
}

interface Judged {
  readonly world: World;
  readonly score: Score;
}

function improved(ground: Ground, world: World, scope: Scope, group: Group): World {
  const start = { world, score: scoreOf(ground, world, scope.goals) };
  const first = best(ground, scope, group, start, candidatesFor(ground, world, scope, group));
  const extras = extrasIn(first.world, group);
  if (extras.length === 0) return first.world;
  // What comes along where nobody wants it is left out by name.
  const current = new Set([...group.aim.current, ...extras]);
  const narrower = { ...group, aim: { ...group.aim, current } };
  return best(ground, scope, narrower, first, candidatesFor(ground, world, scope, narrower)).world;
}

function extrasIn({ snapshot }: World, { goals, aim }: Group): readonly string[] {
  const names = goals.flatMap(({ key }) => [...reachOf(snapshot, templateOf(snapshot, key))]);
  return [...new Set(names)].filter((name) => !aim.wanted.has(name) && !aim.current.has(name));
}

function best(
  ground: Ground,
  scope: Scope,
  group: Group,
  start: Judged,
  candidates: readonly Candidate[],
): Judged {
  let found = start;
  for (const { make } of candidates) {
    const world = make();
    if (!world) continue;
    const score = scoreOf(ground, world, scope.goals);
    if (!isBetter(score, found.score)) continue;
    found = { world, score };
    if (isClean(score) && isReached(world, group)) break;
  }
  return found;
}

/** Whether nothing moves that should not. */
function isClean([losses, , gains, findings]: Score): boolean {
  return losses === 0 && gains === 0 && findings === 0;
}

function isReached({ snapshot }: World, { goals, aim }: Group): boolean {
  return goals.every(({ key }) => {
    const now = reachOf(snapshot, templateOf(snapshot, key));
    return now.size === aim.wanted.size && [...now].every((name) => aim.wanted.has(name));
  });
}
