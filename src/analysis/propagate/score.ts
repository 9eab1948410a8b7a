import type { Simulation } from '../../engine/index.ts';
import { shownIn } from '../findings/index.ts';
import { listName } from '../listName.ts';
import type { Snapshot, Template } from '../snapshot.ts';
import { changedManifests } from './changedManifests.ts';
import { distanceOf } from './distance.ts';
import type { Goal } from './goals.ts';
import { reachOf, templateOf } from './reach.ts';
import type { Ground, World } from './world.ts';

/** What is wrong with a world, the worst first; all zero where it is exactly what was asked for. */
export type Score = readonly [
  /** Clusters that lose a template that nobody asked to take away. */
  losses: number,
  /** Differences between where the goals in view are and where they are to be. */
  misses: number,
  /** Clusters that get a template that nobody asked for, or something else of one. */
  gains: number,
  findings: number,
  /** Differences of the other goals, for which something can be done later. */
  later: number,
];

/** How a world is judged. */
export interface View {
  /** Goals out of view count least. */
  readonly isInView?: (goal: Goal) => boolean;
  /** A score to be better than: of a world that is not anyway, findings, which are dear, are not looked for. */
  readonly than?: Score;
}

/** Judges a world by what Karmada would do with it. */
export function scoreOf(
  ground: Ground,
  world: World,
  goals: readonly Goal[],
  { isInView = () => true, than }: View = {},
): Score {
  let [losses, misses, gains, later] = [0, 0, 0, 0];
  const byKey = new Map(goals.map((goal) => [goal.key, goal]));
  for (const goal of goals) {
    const now = reachOf(world.snapshot, templateOf(world.snapshot, goal.key));
    const distance = distanceOf(goal, now);
    losses += distance.losses;
    if (isInView(goal)) misses += distance.differences;
    else later += distance.differences;
  }
  for (const { key, gained, lost, changed } of moved(ground.before, world.snapshot)) {
    if (byKey.has(key)) continue;
    losses += lost.length;
    gains += gained.length + changed.size;
  }
  if (than && isBetter(than, [losses, misses, gains, than[3], than[4]])) {
    return [losses, misses, gains, Infinity, later];
  }
  const isMeant = isToBeNowhere(goals);
  const findings = freshFindings(
    ground.before,
    world.snapshot,
    (code) => isUnfinished(code) || isMeant(code),
  ).reduce((sum, alike) => sum + alike.length, 0);
  return [losses, misses, gains, findings, later];
}

/** What is only wrong until all goals are reached. */
function isUnfinished(code: string): boolean {
  return code.endsWith('-not-propagated');
}

/** Whether findings of a code say what is asked for: that something goes nowhere. */
export function isToBeNowhere(goals: readonly Goal[]): (code: string) => boolean {
  const isAny = goals.some(({ wanted }) => wanted.size === 0);
  return (code) => isAny && code === 'no-cluster-fits';
}

/** Whether one score is better than another. */
export function isBetter(score: Score, than: Score): boolean {
  const at = score.findIndex((part, i) => part !== than[i]);
  return at >= 0 && (score[at] ?? 0) < (than[at] ?? 0);
}

/** Whether nothing moves that should not. */
export function isClean([losses, , gains, findings]: Score): boolean {
  return losses === 0 && gains === 0 && findings === 0;
}

/** A template that is on other clusters than before, or another one there. */
export interface Moved {
  readonly key: string;
  readonly gained: readonly string[];
  readonly lost: readonly string[];
  /** What changes where it stays, a sentence by cluster. */
  readonly changed: ReadonlyMap<string, string>;
}

/** What differs on the clusters in another snapshot; what is gone from the documents counts as lost. */
export function moved(before: Snapshot, after: Snapshot): readonly Moved[] {
  if (before === after) return [];
  const last = moves.get(after);
  if (last?.before === before) return last.found;
  const found = findMoved(before, after);
  moves.set(after, { before, found });
  return found;
}

interface Moves {
  readonly before: Snapshot;
  readonly found: readonly Moved[];
}

const moves = new WeakMap<Snapshot, Moves>();

function findMoved(before: Snapshot, after: Snapshot): readonly Moved[] {
  const keys = new Set([...before.templates.keys(), ...after.templates.keys()]);
  return [...keys].flatMap((key) => {
    const [old, next] = [templateOf(before, key), templateOf(after, key)];
    if (old?.simulation && old.simulation === next?.simulation) return [];
    const move = moveOf(before, old, after, next);
    return move ? [move] : [];
  });
}

const moveTo = new WeakMap<
  Simulation,
  { readonly old: Simulation; readonly move: Moved | undefined }
>();

/** Looked for once for two simulations: most steps of a plan leave most templates as the step before left them. */
function moveOf(
  before: Snapshot,
  old: Template | undefined,
  after: Snapshot,
  next: Template | undefined,
): Moved | undefined {
  const [was, is] = [old?.simulation, next?.simulation];
  const known = is && moveTo.get(is);
  if (known && known.old === was) return known.move;
  const [then, now] = [reachOf(before, old), reachOf(after, next)];
  const gained = [...now].filter((name) => !then.has(name));
  const lost = [...then].filter((name) => !now.has(name));
  const key = (next ?? old)?.key ?? '';
  const changed = changedManifests(before, after, key);
  const move =
    gained.length + lost.length + changed.size === 0 ? undefined : { key, gained, lost, changed };
  if (was && is) moveTo.set(is, { old: was, move });
  return move;
}

/** As many of one kind in one object can be read. */
const mostAlike = 5;

/**
 * The errors and warnings that another snapshot has more, a sentence each. One that only speaks of other objects than
 * before is none.
 */
export function newFindings(
  before: Snapshot,
  after: Snapshot,
  isLeftOut?: (code: string) => boolean,
): readonly string[] {
  return freshFindings(before, after, isLeftOut).flatMap((alike) => {
    const left = alike.length - mostAlike;
    if (left < 2) return alike.map(sentenceOf);
    const [{ owner } = { owner: '' }] = alike;
    const more = `${owner}: ${left} more like the last of these.`;
    return [...alike.slice(0, mostAlike).map(sentenceOf), more];
  });
}

function sentenceOf({ owner, message }: Serious): string {
  return isNamedIn(message, owner) ? message : `${owner}: ${message}`;
}

/** Those findings, by code and field of an object. */
function freshFindings(
  before: Snapshot,
  after: Snapshot,
  isLeftOut: (code: string) => boolean = () => false,
): readonly (readonly Serious[])[] {
  if (before === after) return [];
  const known = seriousIn(before);
  return [...seriousIn(after)].flatMap(([place, { code, found }]) => {
    const then = known.get(place)?.found ?? [];
    if (isLeftOut(code) || found.length <= then.length) return [];
    const isNew = (key: keyof Serious, one: Serious): boolean =>
      then.every((other) => other[key] !== one[key]);
    const fresh = found.filter((one) => isNew('message', one));
    const [elsewhere, here] = [true, false].map((isElsewhere) =>
      fresh.filter((one) => isNew('path', one) === isElsewhere),
    );
    return [[...(elsewhere ?? []), ...(here ?? [])].slice(0, found.length - then.length)];
  });
}

/** Whether a sentence speaks of an object, and not of one whose name only begins alike. */
function isNamedIn(message: string, owner: string): boolean {
  if (owner === '') return true;
  const [, ...rests] = message.split(owner);
  return rests.some((rest) => !/^[./-]*\w/.test(rest));
}

/** A finding that a plan must not bring about unsaid. */
interface Serious {
  /** The object that it is found in, without which `this selector` says little; '' for a text that cannot be read. */
  readonly owner: string;
  readonly message: string;
  readonly path: string;
}

type SeriousAt = ReadonlyMap<string, { readonly code: string; readonly found: readonly Serious[] }>;

const serious = new WeakMap<Snapshot, SeriousAt>();

/** By code and field of an object. Edits move the items of lists, so that the numbers of these do not count. */
function seriousIn(snapshot: Snapshot): SeriousAt {
  const answered = serious.get(snapshot);
  if (answered) return answered;
  const places = new Map<string, { code: string; found: Serious[] }>();
  for (const { uri } of snapshot.files) {
    for (const { diagnostic, finding } of shownIn(snapshot, uri)) {
      const { code, severity, message } = diagnostic;
      if (severity !== 'error' && severity !== 'warning') continue;
      const { item, path = [] } = finding ?? {};
      const field = path.filter((step) => typeof step === 'string');
      const place = JSON.stringify([code, uri, item?.key, ...field]);
      const at = places.get(place) ?? { code, found: [] };
      places.set(place, at);
      const owner = item ? listName(item.kind, item.namespace, item.name) : '';
      at.found.push({ owner, message, path: JSON.stringify(path) });
    }
  }
  serious.set(snapshot, places);
  return places;
}
