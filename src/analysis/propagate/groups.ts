import type { Aim } from './aim.ts';
import { distanceOf } from './distance.ts';
import type { Goal, Scope } from './goals.ts';
import { holderOf } from './holder.ts';
import type { Holder } from './holder.ts';
import { reachOf, templateOf } from './reach.ts';
import type { World } from './world.ts';

/** Templates of one namespace with one policy, or without any, that are to be on the same clusters. */
export interface Group {
  readonly goals: readonly [Goal, ...Goal[]];
  readonly holder: Holder | undefined;
  readonly aim: Aim;
}

/** Goals that are not reached yet, in groups. */
export function groupsOf(world: World, scope: Scope): ReadonlyMap<string, Group> {
  const groups = new Map<string, OpenGroup>();
  for (const goal of scope.goals) {
    const template = templateOf(world.snapshot, goal.key);
    const current = reachOf(world.snapshot, template);
    if (!template || template.simulation?.claim.type === 'skipped') continue;
    if (distanceOf(goal, current).differences === 0) continue;
    const holder = holderOf(world.snapshot, template);
    const place = JSON.stringify([holder?.item.key ?? '', goal.template.item.namespace]);
    const key = `${place}${textOf(goal.wanted)}`;
    const group = groups.get(key);
    if (group) {
      group.goals.push(goal);
      group.holder = strongest(group.holder, holder);
    } else groups.set(key, { goals: [goal], holder, aim: aimOf(world, scope, goal) });
  }
  return groups;
}

/** A group that goals are still added to. */
interface OpenGroup {
  readonly goals: [Goal, ...Goal[]];
  holder: Holder | undefined;
  readonly aim: Aim;
}

const texts = new WeakMap<ReadonlySet<string>, string>();

/** Tells sets of clusters apart; made once a set. */
function textOf(names: ReadonlySet<string>): string {
  let text = texts.get(names);
  if (text === undefined) texts.set(names, (text = JSON.stringify([...names].sort())));
  return text;
}

/** One policy may select some of them by name and others by kind: what beats it has to beat the name. */
function strongest(a: Holder | undefined, b: Holder | undefined): Holder | undefined {
  return a && b && a.match > b.match ? a : b;
}

function aimOf({ snapshot }: World, { fleet, affinity }: Scope, { key, wanted }: Goal): Aim {
  const template = templateOf(snapshot, key);
  const term = template?.simulation?.schedule?.affinity;
  const current = reachOf(snapshot, template);
  return {
    ...{ wanted, current, fleet },
    ...(affinity ? { affinity } : {}),
    ...(term === undefined ? {} : { term }),
  };
}
