import { isSecret, maskSecret } from '../../analysis/index.ts';
import {
  isArray,
  isObject,
  member,
  setOwn,
  withMember,
  withoutMember,
} from '../../engine/index.ts';
import type { JsonObject, JsonValue } from '../../engine/index.ts';
import { printYaml } from '../../yaml/index.ts';

const lastApplied = 'kubectl.kubernetes.io/last-applied-configuration';
const firstKeys = ['apiVersion', 'kind', 'metadata'];
const lastKeys = ['status'];

/**
 * The YAML of an object as a server holds it: without managed fields and kubectl's copy of the object, the values of a
 * Secret masked, the parts in the order in which people write them.
 */
export function liveText(object: JsonObject): string {
  return printYaml(inOrder(withoutNoise(maskedWithin(object, 0))));
}

/** Masks Secrets also inside another object: a Work holds what it brings to the member. */
function maskedWithin(object: JsonObject, depth: number): JsonObject {
  if (isSecret(object)) return maskSecret(object, undefined, 'after');
  const out: Record<string, JsonValue> = {};
  for (const [key, value] of Object.entries(object)) setOwn(out, key, maskedValue(value, depth));
  return out;
}

function maskedValue(value: JsonValue, depth: number): JsonValue {
  if (depth > deepest) return null;
  if (isArray(value)) return value.map((item) => maskedValue(item, depth + 1));
  return isObject(value) ? maskedWithin(value, depth + 1) : value;
}

/** The object without managed fields and last-applied-configuration. */
export function withoutNoise(object: JsonObject): JsonObject {
  const metadata = member(object, 'metadata');
  if (!isObject(metadata)) return object;
  let kept = withoutMember(metadata, 'managedFields');
  const annotations = member(kept, 'annotations');
  if (isObject(annotations) && Object.hasOwn(annotations, lastApplied)) {
    const rest = withoutMember(annotations, lastApplied);
    kept =
      Object.keys(rest).length === 0
        ? withoutMember(kept, 'annotations')
        : withMember(kept, 'annotations', rest);
  }
  return withMember(object, 'metadata', kept);
}

/** apiVersion, kind and metadata first, status last, all other keys and those below sorted. */
export function inOrder(object: JsonObject): JsonObject {
  const rank = (key: string): number => {
    const first = firstKeys.indexOf(key);
    if (first >= 0) return first;
    return lastKeys.includes(key) ? firstKeys.length + 1 : firstKeys.length;
  };
  return ordered(object, (a, b) => rank(a) - rank(b) || compare(a, b), 0);
}

/** Deeper than any object that a server stores. */
const deepest = 200;

function ordered(
  object: JsonObject,
  order: (a: string, b: string) => number,
  depth: number,
): JsonObject {
  if (depth > deepest) return {};
  const out: Record<string, JsonValue> = {};
  for (const key of Object.keys(object).sort(order)) {
    setOwn(out, key, orderedValue(object[key] ?? null, depth));
  }
  return out;
}

function orderedValue(value: JsonValue, depth: number): JsonValue {
  if (depth > deepest) return null;
  if (isArray(value)) return value.map((item) => orderedValue(item, depth + 1));
  return isObject(value) ? ordered(value, compare, depth + 1) : value;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
