import { isArray, isObject, setOwn, stringMember } from './json.ts';
import type { JsonObject, JsonValue } from './types.ts';

/**
 * The objects under identities of their own. The engine remembers what it read of an object by identity, and a caller
 * of the public module may change an object between two calls. Policies, whose parts are remembered as well, are
 * copied whole; of clusters and templates, the top suffices. What nests too deep to be walked is left out, as the API
 * server refuses it.
 */
export function detach(objects: readonly JsonObject[]): readonly JsonObject[] {
  if (!isArray(objects)) return [];
  return objects
    .filter(isObject)
    .filter((object) => stringMember(object, 'kind') === 'Cluster' || !isTooDeep(object, 0))
    .map(detachObject);
}

const deepestWalked = 1000;

function isTooDeep(value: JsonValue, depth: number): boolean {
  if (depth > deepestWalked) return true;
  if (isArray(value)) return value.some((item) => isTooDeep(item, depth + 1));
  return isObject(value) && Object.values(value).some((item) => isTooDeep(item, depth + 1));
}

/** One object under an identity of its own. */
export function detachObject(object: JsonObject): JsonObject {
  if (!isObject(object)) return {};
  const isPolicy = stringMember(object, 'apiVersion').startsWith('policy.karmada.io/');
  return isPolicy ? copyObject(object, 0) : { ...object };
}

/** Policies nest about a dozen levels; deeper is hostile, and what lies there is shared instead of copied. */
const deepest = 500;

function copy(value: JsonValue, depth: number): JsonValue {
  if (depth > deepest) return value;
  if (isArray(value)) return value.map((item) => copy(item, depth + 1));
  return isObject(value) ? copyObject(value, depth) : value;
}

function copyObject(object: JsonObject, depth: number): JsonObject {
  const result: Record<string, JsonValue> = {};
  for (const key of Object.keys(object)) setOwn(result, key, copy(object[key] ?? null, depth + 1));
  return result;
}
