import type { JsonValue } from '../../types.ts';
import type { Schema } from '../types.ts';

/** What a table may say about a field besides its type and its line of documentation. */
export type Facts = Omit<Schema, 'type' | 'description'>;

type Fields = { readonly [name: string]: Schema };

/** A string field. */
export function text(description: string, facts: Facts = {}): Schema {
  return { type: 'string', description, ...facts };
}

/** A boolean field. */
export function flag(description: string, facts: Facts = {}): Schema {
  return { type: 'boolean', description, ...facts };
}

/** An integer field. */
export function integer(description: string, facts: Facts = {}): Schema {
  return { type: 'integer', description, ...facts };
}

/** An integer field that the CRD declares as 64 bit. */
export function long(description: string, facts: Facts = {}): Schema {
  return { type: 'integer', format: 'int64', description, ...facts };
}

/** A string field with a closed set of values. */
export function choice(
  values: readonly JsonValue[],
  description: string,
  facts: Facts = {},
): Schema {
  return { type: 'string', enum: values, description, ...facts };
}

/** A list. */
export function list(items: Schema, description: string, facts: Facts = {}): Schema {
  return { type: 'array', items, description, ...facts };
}

/** A mapping with named fields. */
export function record(properties: Fields, description: string, facts: Facts = {}): Schema {
  return { type: 'object', properties, description, ...facts };
}

/** A mapping from any name to a string, such as labels. */
export function stringMap(description: string, facts: Facts = {}): Schema {
  return { type: 'object', additionalProperties: { type: 'string' }, description, ...facts };
}

/** The pattern of most durations: hours, minutes, seconds, milliseconds; no sign and no days. */
const durationPattern = '^([0-9]+(\\.[0-9]+)?(ms|s|m|h))+$';

/** The pattern of the sources' `timeout`, which knows no hours. */
export const shortDurationPattern = '^([0-9]+(\\.[0-9]+)?(ms|s|m))+$';

/** A duration such as `10m` or `1h30m`. */
export function duration(description: string, facts: Facts = {}): Schema {
  return text(description, { pattern: durationPattern, ...facts });
}

/** A point in time, RFC 3339. */
export function time(description: string): Schema {
  return text(description, { format: 'date-time' });
}

/** A mapping that names one object of the same namespace. */
export function nameReference(description: string, name: string, facts: Facts = {}): Schema {
  return record({ name: text(name) }, description, { required: ['name'], ...facts });
}

/** A mapping that names a Secret of the same namespace. */
export function secretReference(description: string, facts: Facts = {}): Schema {
  return nameReference(description, 'Name of the Secret, in the namespace of this object.', facts);
}
