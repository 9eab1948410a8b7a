import { differences } from '../../analysis/index.ts';
import { deepEqual, isArray, member } from '../../engine/index.ts';
import type { JsonObject, JsonValue } from '../../engine/index.ts';
import { contentOf } from '../run/objectContent.ts';
import type { DriftedField } from '../types.ts';

type Path = DriftedField['path'];

/**
 * The fields of an object that are neither what the push left nor what was there before it, the deepest ones that can be
 * named. Status, the server's metadata and Karmada's bookkeeping are not looked at.
 */
export function driftedFields(objects: {
  readonly before: JsonObject | undefined;
  readonly pushed: JsonObject;
  readonly now: JsonObject;
}): readonly DriftedField[] {
  const [pushed, current] = [contentOf(objects.pushed), contentOf(objects.now)];
  const original = objects.before && contentOf(objects.before);
  const places = differences(pushed, current, (a, b) => a.length !== b.length);
  return places.flatMap(({ path: steps, before: left, after: now }) => {
    const path = pathIn(pushed, steps);
    const before = below(original, path);
    // Where somebody already took the push back there is nothing left to undo, and nobody's work is lost.
    if (original && deepEqual(now, before)) return [];
    const field = {
      field: fieldText(path),
      path,
      ...(before !== undefined && { before }),
      ...(left !== undefined && { pushed: left }),
      ...(now !== undefined && { now }),
    };
    return [field];
  });
}

/** The steps of a JSON pointer, those into lists as numbers. */
function pathIn(value: JsonValue, steps: readonly string[]): Path {
  let at: JsonValue | undefined = value;
  return steps.map((step) => {
    const key = isArray(at) ? Number(step) : step;
    at = below(at, [key]);
    return key;
  });
}

function below(value: JsonValue | undefined, path: Path): JsonValue | undefined {
  let at = value;
  for (const key of path) {
    if (typeof key === 'string') at = member(at, key);
    else at = isArray(at) ? at[key] : undefined;
  }
  return at;
}

/** As API servers name fields; keys that are no plain names stand in brackets. */
export function fieldText(path: readonly (string | number)[]): string {
  return path
    .map((key) => (typeof key === 'number' || !/^[\w-]+$/.test(key) ? `[${key}]` : `.${key}`))
    .join('')
    .replace(/^\./, '');
}
