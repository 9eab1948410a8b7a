import { setOwn } from '../base/setOwn.ts';
import type { JsonArray, JsonObject, JsonValue } from './types.ts';

export { setOwn };

/** Whether a value is a mapping (not null, not a list). */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Whether a value is a list. `Array.isArray` alone loses the element type of a readonly list. */
export function isArray(value: unknown): value is JsonArray {
  return Array.isArray(value);
}

/** The member of a mapping, `undefined` when absent or when the value is no mapping. Inherited names do not count. */
export function member(value: JsonValue | undefined, key: string): JsonValue | undefined {
  return isObject(value) && Object.hasOwn(value, key) ? value[key] : undefined;
}

/** The value below nested mappings, `undefined` when any step is absent. */
export function memberAt(
  value: JsonValue | undefined,
  ...path: readonly string[]
): JsonValue | undefined {
  let at = value;
  for (const key of path) at = member(at, key);
  return at;
}

/** The string at a key, `''` when absent or of another type, as Go's zero value. */
export function stringMember(value: JsonValue | undefined, key: string): string {
  const found = member(value, key);
  return typeof found === 'string' ? found : '';
}

/** The list at a key, empty when absent or of another type. */
export function arrayMember(value: JsonValue | undefined, key: string): JsonArray {
  const found = member(value, key);
  return isArray(found) ? found : [];
}

/**
 * A copy of a mapping with one key set; other members are shared. An existing key keeps its place, a new one goes
 * last. `__proto__` is a key like any other.
 */
export function withMember(object: JsonObject, key: string, value: JsonValue): JsonObject {
  const copy: Record<string, JsonValue> = { ...object };
  setOwn(copy, key, value);
  return copy;
}

/** A copy of a mapping without one key; other members are shared. */
export function withoutMember(object: JsonObject, key: string): JsonObject {
  const copy: Record<string, JsonValue> = { ...object };
  delete copy[key];
  return copy;
}

/** Orders strings as Go does, by UTF-8 bytes, which is by code point; JavaScript orders by UTF-16 units. */
export function compareBytes(a: string, b: string): number {
  const n = Math.min(a.length, b.length);
  for (let i = 0; i < n; i++) {
    const x = a.charCodeAt(i);
    const y = b.charCodeAt(i);
    if (x === y) continue;
    // Surrogates stand for code points above U+FFFF and so sort after every other unit.
    const xs = x >= 0xd800 && x <= 0xdfff;
    const ys = y >= 0xd800 && y <= 0xdfff;
    if (xs !== ys) return xs ? 1 : -1;
    return x - y;
  }
  return a.length - b.length;
}

/**
 * Whether two values are the same JSON; the order of keys does not count, 1 and 1n are the same number. A push compares
 * the manifests of a hundred thousand Works, so that objects are walked in place, without lists of what is in them.
 */
export function deepEqual(a: JsonValue | undefined, b: JsonValue | undefined): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) {
    return isNumber(a) && isNumber(b) && isSameNumber(a, b);
  }
  if (isArray(a)) return isArray(b) && isSameArray(a, b);
  if (isArray(b)) return false;
  let left = Object.keys(b).length;
  for (const key in a) {
    left--;
    const value = a[key];
    const other = b[key];
    if (value === other && value !== undefined) continue;
    // Nothing that is inherited equals JSON, but for the prototype itself.
    const mayBeInherited = other === undefined || other === Object.prototype;
    if (mayBeInherited && !Object.hasOwn(b, key)) return false;
    if (!deepEqual(value, other)) return false;
  }
  return left === 0;
}

function isSameArray(a: JsonArray, b: JsonArray): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (!deepEqual(a[i], b[i])) return false;
  return true;
}

function isNumber(value: unknown): value is number | bigint {
  return typeof value === 'number' || typeof value === 'bigint';
}

function isSameNumber(a: number | bigint, b: number | bigint): boolean {
  // eslint-disable-next-line eqeqeq -- number and bigint compare by value only with ==
  return a == b;
}
