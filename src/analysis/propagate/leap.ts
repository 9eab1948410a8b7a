import type { Item, Snapshot } from '../snapshot.ts';
import { candidatesFor } from './candidates.ts';
import type { Candidate } from './candidates.ts';
import type { Goal, Scope } from './goals.ts';
import { groupsOf } from './groups.ts';
import type { Group } from './groups.ts';
import type { Planning } from './planning.ts';
import { reachOf, templateOf } from './reach.ts';
import { isClean, scoreOf } from './score.ts';
import type { Ground, World } from './world.ts';

/** Where a walk stands. */
export interface Standpoint {
  readonly ground: Ground;
  readonly scope: Scope;
  readonly world: World;
  /** Those that are not where they are to be. */
  readonly groups: ReadonlyMap<string, Group>;
  /** Keys of groups for which nothing could be done. */
  readonly tried: ReadonlySet<string>;
}

/** Several steps in one. */
export interface Leap {
  readonly world: World;
  /** The groups that it is for. */
  readonly groups: readonly Group[];
}

/**
 * The first candidates of groups in turn, one upon the other, as far as no one can move what another one moves. Judging
 * a step takes a look at everything; these are judged together.
 */
export function* leapOf(at: Standpoint, most: number): Planning<Leap> {
  const taken: Group[] = [];
  const touched: Touched = { holders: new Set(), goals: new Set() };
  let { world } = at;
  // Clusters that are only named by policies come and go with them.
  const isAssumed = world.snapshot.fleet.origin === 'assumed';
  if (isAssumed || Math.min(most, at.groups.size) < 2) return { world, groups: taken };
  for (const [key, group] of at.groups) {
    if (taken.length === most || !isApart(group, touched)) break;
    const candidates = candidatesIn(at, world, group);
    const isTried = at.tried.has(key);
    const involved = isTried ? candidates : candidates.slice(0, 1);
    if (involved.some(({ touches }) => touches === 'others')) break;
    if (!isTried) {
      const next = candidates[0]?.make(world);
      if (!next) break;
      world = next;
      taken.push(group);
      yield;
    }
    if (group.holder) touched.holders.add(group.holder.item.key);
    for (const goal of group.goals) touched.goals.add(goal.key);
  }
  return { world, groups: taken };
}

interface Touched {
  /** Keys of policies. */
  readonly holders: Set<string>;
  /** Keys of templates. */
  readonly goals: Set<string>;
}

/** What no policy claims may join the policy of the release that needs it, once that has one. */
function isApart({ holder, goals: [{ chosen }] }: Group, { holders, goals }: Touched): boolean {
  return holder ? !holders.has(holder.item.key) : !goals.has(chosen.key);
}

/** The candidates of a group for a world in which other groups have moved since. */
function candidatesIn(at: Standpoint, world: World, group: Group): readonly Candidate[] {
  const { holder } = group;
  const item = holder && itemIn(at.world.snapshot, world.snapshot, holder.item);
  const moved = holder && item ? { ...group, holder: { ...holder, item } } : group;
  return candidatesFor(at.ground, at.world, at.scope, moved);
}

/** An item of a file in which other items were edited. */
function itemIn(before: Snapshot, now: Snapshot, item: Item): Item {
  if (before === now || item.context !== undefined) return item;
  const [then, current] = [before, now].map(({ items }) =>
    items.filter(({ file }) => file.uri === item.file.uri),
  );
  return current?.[then?.indexOf(item) ?? -1] ?? item;
}

/**
 * Whether a leap comes to what a step for each of its groups would: nothing is wrong before and after it, each of its
 * groups is where it is to be, and none has left. Parts that move apart cannot make up for one another.
 */
export function isSound({ ground, scope, world, groups }: Standpoint, leap: Leap): boolean {
  const { snapshot } = leap.world;
  const isThere = ({ key, wanted }: Goal): boolean => {
    const now = reachOf(snapshot, templateOf(snapshot, key));
    return now.size === wanted.size && [...now].every((name) => wanted.has(name));
  };
  if (!leap.groups.every(({ goals }) => goals.every(isThere))) return false;
  const open = new Set([...groups.values()].flatMap(({ goals }) => goals.map(({ key }) => key)));
  const left = [...groupsOf(leap.world, scope).values()].flatMap(({ goals }) => goals);
  return (
    left.every(({ key }) => open.has(key)) &&
    [world, leap.world].every((one) => isClean(scoreOf(ground, one, scope.goals)))
  );
}

/** How many groups a walk takes at once: fewer after it took too many, more where all went well. */
export interface Pace {
  /** For the next step; 1 for a step that tries all candidates of a group. */
  readonly most: () => number;
  readonly leapt: (count: number, isSound: boolean) => void;
  readonly stepped: () => void;
}

export function createPace(): Pace {
  let most = Infinity;
  let [steps, pause] = [0, 1];
  return {
    most: () => most,
    leapt(count, isSound) {
      most = isSound ? count * 2 : Math.floor(count / 2);
      if (isSound) pause = 1;
      if (most <= 1) [steps, pause] = [pause, pause * 2];
    },
    stepped() {
      if (most > 1) return;
      steps--;
      if (steps <= 0) most = 2;
    },
  };
}
