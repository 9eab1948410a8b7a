import { isArray, isObject, member } from '../json.ts';
import type { JsonArray, JsonObject, JsonValue, Result } from '../types.ts';
import { goPrint, goType } from './goPrint.ts';
import { goQuote } from './goNumber.ts';

/**
 * Reads a nested field as apimachinery's `NestedFieldNoCopy` does; absent is `undefined`, and so is whatever would be
 * below a null.
 */
export function nestedField(
  object: JsonObject,
  path: readonly string[],
): Result<JsonValue | undefined> {
  let at: JsonValue = object;
  for (const [index, field] of path.entries()) {
    if (at === null) return { value: undefined };
    if (!isObject(at)) {
      return { error: accessorError(path.slice(0, index + 1), at, 'map[string]interface{}') };
    }
    const next = member(at, field);
    if (next === undefined) return { value: undefined };
    at = next;
  }
  return { value: at };
}

/** Reads a nested list as `NestedSlice` does; a null there is an error. */
export function nestedSlice(
  object: JsonObject,
  path: readonly string[],
): Result<JsonArray | undefined> {
  const found = nestedField(object, path);
  if ('error' in found) return found;
  if (found.value === undefined) return { value: undefined };
  return isArray(found.value)
    ? { value: found.value }
    : { error: accessorError(path, found.value, '[]interface{}') };
}

/** Reads a nested map of strings as `NestedStringMap` does; no other value may be in it, not even null. */
export function nestedStringMap(
  object: JsonObject,
  path: readonly string[],
): Result<JsonObject | undefined> {
  const found = nestedField(object, path);
  if ('error' in found) return found;
  const map = found.value;
  if (map === undefined) return { value: undefined };
  if (!isObject(map)) return { error: accessorError(path, map, 'map[string]interface{}') };
  for (const key of Object.keys(map)) {
    const value = map[key] ?? null;
    if (typeof value === 'string') continue;
    const where = `contains non-string value in the map under key ${goQuote(key)}: `;
    return { error: accessorError(path, value, 'string', where) };
  }
  return { value: map };
}

function accessorError(
  path: readonly string[],
  found: JsonValue,
  expected: string,
  where = '',
): string {
  return `.${path.join('.')} accessor error: ${where}${goPrint(found)} is of the type ${goType(found)}, expected ${expected}`;
}
