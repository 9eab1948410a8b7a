import { isArray, isObject, member, withMember } from '../json.ts';
import type { JsonObject, JsonValue, Result } from '../types.ts';
import { atoi, goQuote } from './goNumber.ts';
import { unescapeSegment } from './jsonPatch.ts';

const pointerError = 'JSON pointer error';

/** The decoded steps of an RFC 6901 pointer, with the errors of github.com/go-openapi/jsonpointer. */
export function parsePointer(pointer: string): Result<readonly string[]> {
  if (pointer === '') return { value: [] };
  if (!pointer.startsWith('/')) {
    return { error: `JSON pointer must be empty or start with a "/\n${pointerError}` };
  }
  return { value: pointer.slice(1).split('/').map(unescapeSegment) };
}

/** The value that a pointer leads to; every step must exist. */
export function valueAtPointer(document: JsonValue, steps: readonly string[]): Result<JsonValue> {
  let at = document;
  for (const step of steps) {
    const next = childOf(at, step);
    if ('error' in next) return next;
    at = next.value;
  }
  return { value: at };
}

function childOf(parent: JsonValue, step: string): Result<JsonValue> {
  if (parent === null) {
    return { error: `nil value has no field ${goQuote(step)}: ${pointerError}` };
  }
  if (isObject(parent)) {
    const child = member(parent, step);
    return child === undefined
      ? { error: `object has no key ${goQuote(step)}: ${pointerError}` }
      : { value: child };
  }
  if (!isArray(parent)) {
    return { error: `invalid token reference ${goQuote(step)}: ${pointerError}` };
  }
  const index = atoi(step);
  if ('error' in index) return { error: `${index.error}\n${pointerError}` };
  const child = index.value < 0 ? undefined : parent[index.value];
  return child === undefined
    ? {
        error: `index out of bounds array[0,${parent.length - 1}] index '${index.text}': ${pointerError}`,
      }
    : { value: child };
}

/** A copy with the value at an existing place replaced; everything off the way is shared. */
export function withValueAt(
  document: JsonObject,
  steps: readonly string[],
  value: JsonValue,
): JsonObject {
  const changed = replaceAt(document, steps, 0, value);
  return isObject(changed) ? changed : document;
}

function replaceAt(
  parent: JsonValue,
  steps: readonly string[],
  depth: number,
  value: JsonValue,
): JsonValue {
  const step = steps[depth];
  if (step === undefined) return value;
  if (isObject(parent)) {
    const child = replaceAt(member(parent, step) ?? null, steps, depth + 1, value);
    return withMember(parent, step, child);
  }
  const index = atoi(step);
  if (!isArray(parent) || 'error' in index) return parent;
  return parent.with(index.value, replaceAt(parent[index.value] ?? null, steps, depth + 1, value));
}
