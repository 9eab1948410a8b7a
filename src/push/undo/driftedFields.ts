import { deepEqual, isArray, isObject, member } from '../../engine/index.ts';
import type { JsonObject, JsonValue } from '../../engine/index.ts';
import { contentOf } from '../run/objectContent.ts';
import type { DriftedField } from '../types.ts';

/** The three states that an undo compares. */
interface States {
  /** Whether the object was there before the push. */
  readonly hadOne: boolean;
  readonly before: JsonValue | undefined;
  readonly pushed: JsonValue | undefined;
  readonly now: JsonValue | undefined;
}

/**
 * The fields of an object that are neither what the push left nor what was there before it, the deepest ones that can be
 * named. Status, the server's metadata and Karmada's bookkeeping are not looked at.
 */
export function driftedFields(objects: {
  readonly before: JsonObject | undefined;
  readonly pushed: JsonObject;
  readonly now: JsonObject;
}): readonly DriftedField[] {
  const { before, pushed, now } = objects;
  const states = {
    hadOne: before !== undefined,
    before: before && contentOf(before),
    pushed: contentOf(pushed),
    now: contentOf(now),
  };
  const found: DriftedField[] = [];
  collect(states, [], found);
  return found;
}

function collect(states: States, path: readonly (string | number)[], found: DriftedField[]): void {
  const { hadOne, before, pushed, now } = states;
  // Where somebody already took the push back there is nothing left to undo, and nobody's work is lost.
  if (deepEqual(now, pushed) || (hadOne && deepEqual(now, before))) return;
  const keys = path.length < deepest ? sharedKeys(pushed, now) : undefined;
  if (keys === undefined) {
    found.push({
      field: fieldText(path),
      path,
      ...(before !== undefined && { before }),
      ...(pushed !== undefined && { pushed }),
      ...(now !== undefined && { now }),
    });
    return;
  }
  for (const key of keys) {
    const below = { hadOne, before: at(before, key), pushed: at(pushed, key), now: at(now, key) };
    collect(below, [...path, key], found);
  }
}

const deepest = 200;

/** The keys of two mappings, the indexes of two lists of the same length; `undefined` for anything else. */
function sharedKeys(
  pushed: JsonValue | undefined,
  now: JsonValue | undefined,
): readonly (string | number)[] | undefined {
  if (isObject(pushed) && isObject(now)) {
    return [...new Set([...Object.keys(pushed), ...Object.keys(now)])];
  }
  const isSameLength = isArray(pushed) && isArray(now) && pushed.length === now.length;
  return isSameLength ? pushed.map((_, index) => index) : undefined;
}

function at(value: JsonValue | undefined, key: string | number): JsonValue | undefined {
  if (typeof key === 'string') return member(value, key);
  return isArray(value) ? value[key] : undefined;
}

/** As API servers name fields; keys that are no plain names stand in brackets. */
export function fieldText(path: readonly (string | number)[]): string {
  return path
    .map((key) => (typeof key === 'number' || !/^[\w-]+$/.test(key) ? `[${key}]` : `.${key}`))
    .join('')
    .replace(/^\./, '');
}
