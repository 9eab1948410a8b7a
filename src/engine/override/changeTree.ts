import { deepEqual, isArray, isObject, member } from '../json.ts';
import type { JsonArray, JsonObject, JsonValue } from '../types.ts';

/** A change of one value: absent `before` means added, absent `after` removed. */
export interface Change<S> {
  readonly path: readonly string[];
  readonly before?: JsonValue;
  readonly after?: JsonValue;
  /** What set it last. */
  readonly source: S;
}

/** Who changed what below one place of a document. */
export interface ChangeTree<S> {
  entry: { readonly before: JsonValue | undefined; readonly source: S } | undefined;
  children: Map<string, ChangeTree<S>>;
}

/** A tree without changes. */
export function createChangeTree<S>(): ChangeTree<S> {
  return { entry: undefined, children: new Map() };
}

/**
 * Records what differs between two states of a document. Subtrees that the two share by identity are not entered, so
 * the work is as small as the change. Later records replace earlier ones of the same place. Tells whether anything
 * differed.
 */
export function recordChanges<S>(
  tree: ChangeTree<S>,
  before: JsonValue | undefined,
  after: JsonValue | undefined,
  source: S,
): boolean {
  if (before === after) return false;
  if (isObject(before) && isObject(after)) return recordMembers(tree, before, after, source);
  if (isArray(before) && isArray(after)) return recordElements(tree, before, after, source);
  if (before !== undefined && after !== undefined && deepEqual(before, after)) return false;
  tree.entry = { before: tree.entry ? tree.entry.before : before, source };
  tree.children.clear();
  return true;
}

function recordMembers<S>(
  tree: ChangeTree<S>,
  before: JsonObject,
  after: JsonObject,
  source: S,
): boolean {
  let changed = false;
  for (const key of new Set([...Object.keys(before), ...Object.keys(after)])) {
    const old = member(before, key);
    const now = member(after, key);
    if (old !== now && recordChild(tree, key, old, now, source)) changed = true;
  }
  return changed;
}

function recordChild<S>(
  tree: ChangeTree<S>,
  key: string,
  before: JsonValue | undefined,
  after: JsonValue | undefined,
  source: S,
): boolean {
  const known = tree.children.get(key);
  const child = known ?? createChangeTree<S>();
  const changed = recordChanges(child, before, after, source);
  if (changed && !known) tree.children.set(key, child);
  return changed;
}

function recordElements<S>(
  tree: ChangeTree<S>,
  before: JsonArray,
  after: JsonArray,
  source: S,
): boolean {
  if (before.length === after.length) {
    let changed = false;
    for (let i = 0; i < after.length; i++) {
      if (recordChild(tree, String(i), before[i], after[i], source)) changed = true;
    }
    return changed;
  }
  const shared = Math.min(before.length, after.length);
  let start = 0;
  while (start < shared && before[start] === after[start]) start++;
  let end = 0;
  while (end < shared - start && before.at(-1 - end) === after.at(-1 - end)) end++;
  shiftElements(tree, start, before.length - end, after.length - before.length);
  const inserted = after.length - end - start;
  if (inserted === 0) {
    // What is gone has no place of its own any more; the list itself stands for it.
    tree.entry = { before: tree.entry ? tree.entry.before : before, source };
    return true;
  }
  for (let i = start; i < start + inserted; i++) {
    recordChild(tree, String(i), undefined, after[i], source);
  }
  return true;
}

/** Elements from `start` to `end` are gone; those behind have moved. */
function shiftElements<S>(tree: ChangeTree<S>, start: number, end: number, by: number): void {
  const moved = new Map<string, ChangeTree<S>>();
  for (const [key, child] of tree.children) {
    const index = Number(key);
    if (index < start) moved.set(key, child);
    else if (index >= end) moved.set(String(index + by), child);
  }
  tree.children = moved;
}

/**
 * The changes that are left in a document, in the order of their first record; what was changed back, or is not in
 * the document any more for another reason, is left out.
 */
export function listChanges<S>(tree: ChangeTree<S>, document: JsonValue): readonly Change<S>[] {
  const changes: Change<S>[] = [];
  collect(tree, document, [], changes);
  return changes;
}

function collect<S>(
  tree: ChangeTree<S>,
  after: JsonValue | undefined,
  path: readonly string[],
  changes: Change<S>[],
): void {
  const { entry } = tree;
  if (entry && isLeft(entry.before, after)) {
    changes.push({
      path,
      ...(entry.before !== undefined && { before: entry.before }),
      ...(after !== undefined && { after }),
      source: entry.source,
    });
  }
  for (const [key, child] of tree.children) {
    const next = isArray(after) ? after[Number(key)] : member(after, key);
    collect(child, next, [...path, key], changes);
  }
}

function isLeft(before: JsonValue | undefined, after: JsonValue | undefined): boolean {
  if (before === undefined || after === undefined) return before !== after;
  return !deepEqual(before, after);
}
