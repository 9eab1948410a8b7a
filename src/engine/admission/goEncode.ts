import { compareBytes, isArray, isObject, member, setOwn } from '../json.ts';
import type { JsonObject, JsonValue } from '../types.ts';
import type { GoField, GoStruct, GoType } from './goTypes.ts';

/**
 * What `encoding/json` writes for a decoded struct, as a value: fields in Go's order, empty `omitempty` members left
 * out, structs and `apiextensionsv1.JSON` always present.
 */
export function goValue(type: GoType, value: JsonValue | undefined): JsonValue {
  switch (type.type) {
    case 'pointer':
      return value === undefined ? null : goValue(type.of, value);
    case 'struct': {
      const encoded: Record<string, JsonValue> = {};
      for (const [field, item] of emitted(type, value)) {
        setOwn(encoded, field.name, goValue(field.of, item));
      }
      return encoded;
    }
    case 'list': {
      const { of } = type;
      return isArray(value) ? value.map((item) => goValue(of, item)) : null;
    }
    default:
      return value ?? empty[type.type];
  }
}

/** The same as text, in the compact form that errors show: keys of maps sorted, `<`, `>` and `&` escaped. */
export function goJson(type: GoType, value: JsonValue | undefined): string {
  switch (type.type) {
    case 'pointer':
      return value === undefined ? 'null' : goJson(type.of, value);
    case 'struct':
      return `{${emitted(type, value)
        .map(([field, item]) => `"${field.name}":${goJson(field.of, item)}`)
        .join(',')}}`;
    case 'list': {
      const { of } = type;
      return isArray(value) ? `[${value.map((item) => goJson(of, item)).join(',')}]` : 'null';
    }
    default:
      return plainJson(value ?? empty[type.type]);
  }
}

const empty = { string: '', bool: false, int32: 0, int64: 0, json: null, map: null } as const;

function emitted(type: GoStruct, value: JsonValue | undefined): [GoField, JsonValue | undefined][] {
  const fields: [GoField, JsonValue | undefined][] = [];
  for (const field of type.fields) {
    const item = member(value, field.name);
    if (field.always === true || !isOmitted(field.of, item)) fields.push([field, item]);
  }
  return fields;
}

function isOmitted(type: GoType, value: JsonValue | undefined): boolean {
  switch (type.type) {
    case 'pointer':
      return value === undefined;
    case 'struct':
    case 'json':
      return false;
    case 'list':
      return !isArray(value) || value.length === 0;
    case 'map':
      return !isObject(value) || Object.keys(value).length === 0;
    default:
      // 0 and 0n, which `encoding/json` both leaves out, are falsy like the other zero values.
      return !value;
  }
}

const maxInt64 = (1n << 63n) - 1n;

/** A plain value as `encoding/json` writes it: compact, keys sorted, HTML characters escaped. */
export function plainJson(value: JsonValue): string {
  if (typeof value === 'string') return jsonString(value);
  if (isArray(value)) return `[${value.map(plainJson).join(',')}]`;
  if (isObject(value)) return plainObject(value);
  if (typeof value === 'bigint') {
    // Beyond int64 the API server holds a float.
    return value > maxInt64 || value < -maxInt64 - 1n ? String(Number(value)) : String(value);
  }
  return String(value);
}

function plainObject(value: JsonObject): string {
  const keys = Object.keys(value).sort(compareBytes);
  return `{${keys.map((key) => `${jsonString(key)}:${plainJson(value[key] ?? null)}`).join(',')}}`;
}

function jsonString(text: string): string {
  return JSON.stringify(text).replace(
    /[<>&\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

const printable = /[\p{L}\p{M}\p{N}\p{P}\p{S} ]/u;
const shortEscapes = new Map([
  ['\u0007', '\\a'],
  ['\b', '\\b'],
  ['\f', '\\f'],
  ['\n', '\\n'],
  ['\r', '\\r'],
  ['\t', '\\t'],
  ['\v', '\\v'],
  ['"', '\\"'],
  ['\\', '\\\\'],
]);

/** A string as Go's `%q` prints it. */
export function goQuote(text: string): string {
  let quoted = '"';
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    const short = shortEscapes.get(character);
    if (short !== undefined) quoted += short;
    else if (printable.test(character)) quoted += character;
    else if (code < 0x80) quoted += `\\x${code.toString(16).padStart(2, '0')}`;
    else if (code < 0x10000) quoted += `\\u${code.toString(16).padStart(4, '0')}`;
    else quoted += `\\U${code.toString(16).padStart(8, '0')}`;
  }
  return `${quoted}"`;
}
