import { isObject, member } from '../json.ts';
import type { JsonObject, JsonValue } from '../types.ts';
import { checkRules } from './celRules.ts';
import { checkStructure } from './structural.ts';
import type { KindSchema, Schema } from './types.ts';

/**
 * Whether a valid object is still valid after a change, looking only at what the two do not share by identity. `false`
 * means that it needs a whole check; `checkSchema` tells what is wrong, if anything.
 */
export function staysValid(before: JsonObject, after: JsonObject, { schema }: KindSchema): boolean {
  // The tables imply apiVersion, kind and metadata, which have checks of their own.
  const implied = ['apiVersion', 'kind', 'metadata'];
  if (implied.some((key) => member(before, key) !== member(after, key))) return false;
  return staysValidBelow(before, after, schema, implied);
}

function staysValidBelow(
  before: JsonValue,
  after: JsonValue,
  schema: Schema,
  implied: readonly string[] = [],
): boolean {
  if (before === after) return true;
  if (schema.rules?.some(({ holds }) => !holds(after))) return false;
  if (!isObject(before) || !isObject(after)) return isValid(after, schema);
  if (schema.minProperties !== undefined || schema.maxProperties !== undefined) return false;
  if (schema.required?.some((key) => !Object.hasOwn(after, key))) return false;
  if (isOpaque(schema)) return true;
  return Object.keys(after).every((key) => {
    const value = after[key] ?? null;
    const old = member(before, key);
    if (old === value || implied.includes(key)) return true;
    const child = schemaOf(schema, key);
    if (child === undefined) return false;
    return old === undefined ? isValid(value, child) : staysValidBelow(old, value, child);
  });
}

/** Whether a mapping may hold anything. */
function isOpaque({ preserveUnknownFields, properties, additionalProperties }: Schema): boolean {
  return preserveUnknownFields === true && !properties && !additionalProperties;
}

function schemaOf(
  { properties = {}, additionalProperties }: Schema,
  key: string,
): Schema | undefined {
  return Object.hasOwn(properties, key) ? properties[key] : additionalProperties;
}

/** Whether a new value is valid; only a scalar, or where anything goes, is looked at. */
function isValid(value: JsonValue, schema: Schema): boolean {
  if (typeof value === 'object' && value !== null && !isOpaque(schema)) return false;
  return checkStructure(value, schema).length === 0 && checkRules(value, schema).length === 0;
}
