import { isArray, isObject, setOwn } from '../json.ts';
import type { JsonArray, JsonObject, JsonValue } from '../types.ts';
import type { KindSchema, Schema } from './types.ts';

/**
 * The object as the API server holds it once it is decoded: nulls that the schema does not allow are gone, and absent
 * fields have their defaults. What does not change is shared with the input; an object without changes is returned
 * itself. Follows `k8s.io/apiextensions-apiserver/pkg/apiserver/schema/defaulting`.
 */
export function applyDefaults(object: JsonObject, { schema }: KindSchema): JsonObject {
  return defaultObject(object, schema, true);
}

/**
 * Only the defaults, without dropping nulls: what the API server does again after each mutating webhook.
 */
export function applyDefaultsAgain(object: JsonObject, { schema }: KindSchema): JsonObject {
  return defaultObject(object, schema, false);
}

function defaultValue(
  value: JsonValue,
  schema: Schema | undefined,
  dropsNulls: boolean,
): JsonValue {
  if (schema === undefined) return value;
  if (isArray(value)) return defaultList(value, schema, dropsNulls);
  return isObject(value) ? defaultObject(value, schema, dropsNulls) : value;
}

function defaultList(value: JsonArray, schema: Schema, dropsNulls: boolean): JsonArray {
  const { items } = schema;
  if (items === undefined) return value;
  let changed = false;
  const defaulted = value.map((item) => {
    const given = item === null && items.nullable !== true ? (items.default ?? null) : item;
    const result = defaultValue(given, items, dropsNulls);
    changed ||= result !== item;
    return result;
  });
  return changed ? defaulted : value;
}

function defaultObject(value: JsonObject, schema: Schema, dropsNulls: boolean): JsonObject {
  const { properties = {}, additionalProperties } = schema;
  const defaulted: Record<string, JsonValue> = {};
  let changed = false;
  for (const [key, item] of Object.entries(value)) {
    const known = Object.hasOwn(properties, key) ? properties[key] : additionalProperties;
    const isForbiddenNull = item === null && known !== undefined && known.nullable !== true;
    if (isForbiddenNull && known.default === undefined && dropsNulls) {
      changed = true;
      continue;
    }
    const given = isForbiddenNull ? (known.default ?? null) : item;
    const result = defaultValue(given, known, dropsNulls);
    changed ||= result !== item;
    setOwn(defaulted, key, result);
  }
  for (const [key, property] of defaultsOf(schema)) {
    if (Object.hasOwn(value, key)) continue;
    setOwn(defaulted, key, defaultValue(property.default ?? null, property, dropsNulls));
    changed = true;
  }
  return changed ? defaulted : value;
}

const defaultsBySchema = new WeakMap<Schema, readonly (readonly [string, Schema])[]>();

/** The properties of a node that have a default. */
function defaultsOf(schema: Schema): readonly (readonly [string, Schema])[] {
  const known = defaultsBySchema.get(schema);
  if (known !== undefined) return known;
  const found = Object.entries(schema.properties ?? {}).filter(
    ([, property]) => property.default !== undefined,
  );
  defaultsBySchema.set(schema, found);
  return found;
}
