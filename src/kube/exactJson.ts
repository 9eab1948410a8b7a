import type { JsonValue } from '../engine/index.ts';

/** An integer of so many digits may be more than a number holds exactly; so may what looks like one in a text. */
const mayBeLong = /[\s:,[{]-?\d{16}/;
const integer = /^-?\d+$/;

/**
 * Reads JSON as Go does: an integer that a number cannot hold is a `bigint`, without a digit lost. Throws as
 * `JSON.parse` does.
 */
export function parseExactJson(text: string): JsonValue {
  if (!mayBeLong.test(text)) return JSON.parse(text) as JsonValue;
  const revive = (
    _key: string,
    value: unknown,
    context?: { readonly source?: string },
  ): unknown => {
    if (typeof value !== 'number' || Number.isSafeInteger(value)) return value;
    const source = context?.source;
    return source !== undefined && integer.test(source) ? BigInt(source) : value;
  };
  return JSON.parse(text, revive) as JsonValue;
}

/** JSON without blanks. A `bigint` is the integer it is, which `JSON.stringify` refuses. */
export function toExactJson(value: unknown): string {
  if (typeof value === 'bigint') return value.toString();
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  if (Array.isArray(value)) return `[${value.map(toExactJson).join(',')}]`;
  const members = Object.entries(value)
    .filter(([, item]) => item !== undefined)
    .map(([key, item]) => `${JSON.stringify(key)}:${toExactJson(item)}`);
  return `{${members.join(',')}}`;
}
