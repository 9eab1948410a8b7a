import { compareBytes, isArray, isObject } from '../json.ts';
import type { JsonObject, JsonValue } from '../types.ts';
import { nearestName } from './nearestName.ts';
import { objectMetaSchema } from './objectMetaSchema.ts';
import { fieldText, type SchemaProblem } from './schemaProblem.ts';
import type { Schema } from './types.ts';

/**
 * The fields of an object that the schema does not know, in the API server's order: those of the metadata, which it
 * walks by sorted keys, then the others sorted by path. Where the value
 * has another type than the schema says, everything below is unknown. Follows
 * `k8s.io/apiextensions-apiserver/pkg/apiserver/schema/pruning/algorithm.go`.
 */
export function findUnknownFields(object: JsonObject, schema: Schema): SchemaProblem[] {
  const inContent: Finder = { path: [], found: [] };
  const inMetadata: Finder = { path: [], found: [] };
  const { properties = {} } = schema;
  for (const [key, value] of Object.entries(object)) {
    if (key === 'metadata') descend(inMetadata, key, value, objectMetaSchema);
    else if (Object.hasOwn(properties, key)) descend(inContent, key, value, properties[key]);
    else if (key !== 'apiVersion' && key !== 'kind') record(inContent, key, schema);
  }
  const sorted = inContent.found.sort((a, b) => compareBytes(a.field, b.field));
  return [...inMetadata.found, ...sorted];
}

interface Finder {
  readonly path: (string | number)[];
  readonly found: SchemaProblem[];
}

function record(finder: Finder, key: string, schema: Schema | undefined): void {
  const path = [...finder.path, key];
  const field = fieldText(path);
  const nearest = nearestName(key, Object.keys(schema?.properties ?? {}));
  finder.found.push({
    code: 'unknown-field',
    path,
    reason: 'UnknownField',
    field,
    message: `unknown field "${field}"`,
    ...(nearest === undefined ? {} : { nearest }),
  });
}

function descend(
  finder: Finder,
  step: string | number,
  value: JsonValue,
  schema: Schema | undefined,
): void {
  finder.path.push(step);
  walk(finder, value, schema);
  finder.path.pop();
}

function walk(finder: Finder, value: JsonValue, schema: Schema | undefined): void {
  const isOpen = schema?.preserveUnknownFields === true;
  if (isArray(value)) {
    // Inside an open list only known items are looked into, see `skipPrune`.
    if (isOpen && schema.items === undefined) return;
    value.forEach((item, i) => descend(finder, i, item, schema?.items));
    return;
  }
  if (!isObject(value)) return;
  const { properties = {}, additionalProperties } = schema ?? {};
  for (const key of Object.keys(value).sort(compareBytes)) {
    const item = value[key] ?? null;
    if (Object.hasOwn(properties, key)) descend(finder, key, item, properties[key]);
    else if (additionalProperties !== undefined) descend(finder, key, item, additionalProperties);
    else if (!isOpen) record(finder, key, schema);
  }
}
