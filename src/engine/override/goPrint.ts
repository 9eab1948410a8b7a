import { isArray, isObject } from '../json.ts';
import type { JsonValue } from '../types.ts';
import { sortedKeys } from './goJson.ts';
import { formatFloat } from './goNumber.ts';

/** A decoded JSON value as Go's `%v` prints it. */
export function goPrint(value: JsonValue): string {
  if (value === null) return '<nil>';
  if (isArray(value)) return `[${value.map(goPrint).join(' ')}]`;
  if (isObject(value)) {
    return `map[${sortedKeys(value)
      .map((key) => `${key}:${goPrint(value[key] ?? null)}`)
      .join(' ')}]`;
  }
  return typeof value === 'number' && !Number.isSafeInteger(value)
    ? formatFloat(value)
    : String(value);
}

/** A decoded JSON value as Go's `%s` prints it: what is no string is marked with its type. */
export function goPrintString(value: JsonValue): string {
  if (typeof value === 'string') return value;
  if (value === null) return '%!s(<nil>)';
  if (isArray(value)) return `[${value.map(goPrintString).join(' ')}]`;
  if (isObject(value)) {
    return `map[${sortedKeys(value)
      .map((key) => `${key}:${goPrintString(value[key] ?? null)}`)
      .join(' ')}]`;
  }
  return `%!s(${goType(value)}=${goPrint(value)})`;
}

/** The Go type of a decoded JSON value as `%T` prints it. */
export function goType(value: JsonValue): string {
  if (value === null) return '<nil>';
  if (isArray(value)) return '[]interface {}';
  if (isObject(value)) return 'map[string]interface {}';
  if (typeof value === 'boolean') return 'bool';
  if (typeof value === 'string') return 'string';
  return typeof value === 'bigint' || Number.isSafeInteger(value) ? 'int64' : 'float64';
}
