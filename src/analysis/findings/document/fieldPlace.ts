import { isArray, isObject, member } from '../../../engine/index.ts';
import type { JsonValue } from '../../../engine/index.ts';
import type { SourcePath } from '../../../yaml/index.ts';
import type { Place } from '../finding.ts';

/** A place in an object without the object. */
export type FieldPlace = Pick<Place, 'path' | 'on'>;

/**
 * Where a finding about a field stands: on a scalar itself, on the key of a mapping or list, which may span many lines,
 * and for a mapping in a list on its first key. A field that is not there is told on what should hold it.
 */
export function fieldPlace(object: JsonValue, path: SourcePath): FieldPlace {
  const value = valueAt(object, path);
  if (value === undefined && path.length > 0) return parentPlace(object, path.slice(0, -1));
  if (path.length === 0 || !isFilled(value)) return { path };
  if (typeof path.at(-1) === 'string') return { path, on: 'key' };
  const [first] = isObject(value) ? Object.keys(value) : [];
  return first === undefined ? { path } : { path: [...path, first], on: 'key' };
}

/** Where a finding about a missing field stands: on what should hold it, or on itself where its value is nothing. */
export function missingPlace(object: JsonValue, path: SourcePath): FieldPlace {
  return valueAt(object, path) === null ? { path } : parentPlace(object, path.slice(0, -1));
}

/** A mapping that lacks something: its key even when it holds nothing at all. */
function parentPlace(object: JsonValue, path: SourcePath): FieldPlace {
  const isKey = typeof path.at(-1) === 'string' && valueAt(object, path) !== undefined;
  return isKey ? { path, on: 'key' } : fieldPlace(object, path);
}

function isFilled(value: JsonValue | undefined): boolean {
  if (isArray(value)) return value.length > 0;
  return isObject(value) && Object.keys(value).length > 0;
}

/** The value at a path, `undefined` when a step is absent. */
export function valueAt(object: JsonValue, path: SourcePath): JsonValue | undefined {
  let at: JsonValue | undefined = object;
  for (const step of path) {
    at = isArray(at) ? at[Number(step)] : member(at, String(step));
  }
  return at;
}
