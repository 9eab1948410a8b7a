import { diagnosticsOf } from '../findings/index.ts';
import type { Snapshot } from '../snapshot.ts';
import type { Goal } from './goals.ts';
import { reachOf, templateOf } from './reach.ts';
import type { Ground, World } from './world.ts';

/** What is wrong with a world, the worst first; all zero where it is exactly what was asked for. */
export type Score = readonly [
  /** Clusters that lose a template that nobody asked to take away. */
  losses: number,
  /** Differences between where the goals are and where they are to be. */
  misses: number,
  /** Clusters that get a template that nobody asked for. */
  gains: number,
  findings: number,
];

/** Judges a world by what Karmada would do with it. */
export function scoreOf(ground: Ground, world: World, goals: readonly Goal[]): Score {
  let [losses, misses, gains] = [0, 0, 0];
  const byKey = new Map(goals.map((goal) => [goal.key, goal]));
  for (const goal of goals) {
    const now = reachOf(world.snapshot, templateOf(world.snapshot, goal.key));
    for (const name of goal.before) if (goal.wanted.has(name) && !now.has(name)) losses++;
    for (const name of goal.wanted) if (!now.has(name)) misses++;
    for (const name of now) if (!goal.wanted.has(name)) misses++;
  }
  for (const { key, gained, lost } of moved(ground.before, world.snapshot)) {
    if (byKey.has(key)) continue;
    losses += lost.length;
    gains += gained.length;
  }
  return [losses, misses, gains, newFindings(ground.before, world.snapshot, isUnfinished).length];
}

/** What is only wrong until all goals are reached. */
function isUnfinished(code: string): boolean {
  return code.endsWith('-not-propagated');
}

/** Whether one score is better than another. */
export function isBetter(score: Score, than: Score): boolean {
  const at = score.findIndex((part, i) => part !== than[i]);
  return at >= 0 && (score[at] ?? 0) < (than[at] ?? 0);
}

/** A template that is on other clusters than before. */
export interface Moved {
  readonly key: string;
  readonly gained: readonly string[];
  readonly lost: readonly string[];
}

/** What is on other clusters in another snapshot; what is gone from the documents counts as lost. */
export function moved(before: Snapshot, after: Snapshot): readonly Moved[] {
  if (before === after) return [];
  const keys = new Set([...before.templates.keys(), ...after.templates.keys()]);
  return [...keys].flatMap((key) => {
    const [then, now] = [before, after].map((at) => reachOf(at, templateOf(at, key)));
    if (!then || !now || then === now) return [];
    const gained = [...now].filter((name) => !then.has(name));
    const lost = [...then].filter((name) => !now.has(name));
    return gained.length + lost.length === 0 ? [] : [{ key, gained, lost }];
  });
}

/**
 * The errors and warnings that another snapshot has more, a sentence each. One that only speaks of other objects than
 * before is none.
 */
export function newFindings(
  before: Snapshot,
  after: Snapshot,
  isLeftOut: (code: string) => boolean = () => false,
): readonly string[] {
  if (before === after) return [];
  const known = seriousIn(before);
  return [...seriousIn(after)].flatMap(([place, messages]) => {
    const then = known.get(place) ?? [];
    const code = place.slice(0, place.indexOf(' '));
    if (isLeftOut(code) || messages.length <= then.length) return [];
    const fresh = messages.filter((message) => !then.includes(message));
    return fresh.slice(0, messages.length - then.length);
  });
}

const serious = new WeakMap<Snapshot, ReadonlyMap<string, readonly string[]>>();

/** Messages by `CODE URI`. */
function seriousIn(snapshot: Snapshot): ReadonlyMap<string, readonly string[]> {
  const answered = serious.get(snapshot);
  if (answered) return answered;
  const found = new Map<string, string[]>();
  for (const [uri, list] of diagnosticsOf(snapshot)) {
    for (const { code, severity, message } of list) {
      if (severity !== 'error' && severity !== 'warning') continue;
      const place = `${code} ${uri}`;
      const messages = found.get(place);
      if (messages) messages.push(message);
      else found.set(place, [message]);
    }
  }
  serious.set(snapshot, found);
  return found;
}
