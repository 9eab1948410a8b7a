import { deepEqual, isArray, isObject, member, setOwn } from '../../engine/index.ts';
import type { JsonObject, JsonValue } from '../../engine/index.ts';
import { contentOf } from '../run/objectContent.ts';
import type { DriftedField } from '../types.ts';
import { driftedFields, fieldText } from './driftedFields.ts';

/** What an undo makes of an object, or the fields in its way. */
export type TakenBack =
  | {
      readonly content: JsonObject;
      /** What somebody else has changed since beside what was pushed; it stays. */
      readonly kept: readonly DriftedField[];
    }
  | { readonly conflicts: readonly DriftedField[] };

type Value = JsonValue | undefined;
type Path = readonly (string | number)[];

/**
 * Takes a push back from what an object says now: the fields that the push changed are as before, all others stay as they
 * are. A field that the push changed and somebody else changed again is a conflict, unless they already took it back.
 *
 * Mappings are compared field by field. In a list places say nothing of what stands there: of lists that are as long as
 * before an item counts as a whole, and of others the whole list.
 */
export function takeBack(objects: {
  readonly before: JsonObject;
  readonly pushed: JsonObject;
  readonly now: JsonObject;
}): TakenBack {
  const conflicts: DriftedField[] = [];
  const [before, pushed, now] = [objects.before, objects.pushed, objects.now].map(contentOf);
  const content = merged({ before, pushed, now }, [], conflicts);
  if (conflicts.length > 0 || !isObject(content)) return { conflicts };
  return { content, kept: driftedFields(objects) };
}

interface States {
  readonly before: Value;
  readonly pushed: Value;
  readonly now: Value;
}

/** Deeper than any object that a server accepts. */
const deepest = 200;

function merged(states: States, path: Path, conflicts: DriftedField[]): Value {
  const simple = whole(states);
  if (simple) return simple.value;
  const { before, pushed, now } = states;
  const isMapping = isObject(pushed) && isObject(now) && (before === undefined || isObject(before));
  if (isMapping && path.length < deepest)
    return mergedMapping({ before, pushed, now }, path, conflicts);
  if (isArray(before) && isArray(pushed) && isArray(now)) {
    if (before.length === pushed.length && pushed.length === now.length) {
      return mergedList({ before, pushed, now }, path, conflicts);
    }
  }
  conflicts.push(conflict(states, path));
  return now;
}

/** The outcome where at most one side has changed a value. */
function whole({ before, pushed, now }: States): { readonly value: Value } | undefined {
  if (deepEqual(before, pushed) || deepEqual(now, before)) return { value: now };
  return deepEqual(now, pushed) ? { value: before } : undefined;
}

function mergedMapping(
  { before, pushed, now }: { before: JsonObject | undefined; pushed: JsonObject; now: JsonObject },
  path: Path,
  conflicts: DriftedField[],
): Value {
  const result: Record<string, JsonValue> = {};
  const keys = new Set([...Object.keys(now), ...Object.keys(before ?? {}), ...Object.keys(pushed)]);
  for (const key of keys) {
    const [a, b, c] = [before, pushed, now].map((one) => member(one, key));
    const value = merged({ before: a, pushed: b, now: c }, [...path, key], conflicts);
    if (value !== undefined) setOwn(result, key, value);
  }
  // The push has made it, and nobody put anything of theirs into it.
  return before === undefined && Object.keys(result).length === 0 ? undefined : result;
}

function mergedList(
  lists: { before: readonly JsonValue[]; pushed: readonly JsonValue[]; now: readonly JsonValue[] },
  path: Path,
  conflicts: DriftedField[],
): Value {
  return lists.now.map((now, index) => {
    const states = { before: lists.before[index], pushed: lists.pushed[index], now };
    const item = whole(states);
    if (item) return item.value ?? null;
    conflicts.push(conflict(states, [...path, index]));
    return now;
  });
}

function conflict({ before, pushed, now }: States, path: Path): DriftedField {
  return {
    field: fieldText(path),
    path,
    ...(before !== undefined && { before }),
    ...(pushed !== undefined && { pushed }),
    ...(now !== undefined && { now }),
  };
}
