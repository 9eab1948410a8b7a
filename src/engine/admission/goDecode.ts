import { isArray, isObject, member, setOwn } from '../json.ts';
import { fitGoNumbers } from '../override/goNumbers.ts';
import type { JsonObject, JsonValue, Result } from '../types.ts';
import type { GoField, GoMap, GoScalar, GoStruct, GoType } from './goTypes.ts';

/**
 * Decodes a value as Go's JSON decoder fills a struct: unknown fields vanish, null leaves the zero value, any other
 * type is an error. In the result an absent member is Go's zero value or nil; an empty list stays an empty list.
 * The error is worded as `encoding/json` words it.
 */
export function goDecode(type: GoStruct, value: JsonValue): Result<JsonObject> {
  const decoder: Decoder = { error: undefined };
  const decoded = decodeStruct(decoder, type, value, { struct: '', path: '' });
  if (decoder.error !== undefined) return { error: decoder.error };
  return { value: decoded ?? {} };
}

interface Decoder {
  error: string | undefined;
}

/** The struct and the dotted path of the field that is being decoded. */
interface Place {
  readonly struct: string;
  readonly path: string;
}

function decode(
  decoder: Decoder,
  type: GoType,
  value: JsonValue,
  at: Place,
): JsonValue | undefined {
  if (value === null) return undefined;
  switch (type.type) {
    case 'pointer':
      return decode(decoder, type.of, value, at);
    case 'struct':
      return decodeStruct(decoder, type, value, at);
    case 'list': {
      if (!isArray(value)) return mismatch(decoder, type, value, at);
      const { of } = type;
      return value.map((item) => decode(decoder, of, item, at) ?? zero(of));
    }
    case 'map':
      return decodeMap(decoder, type, value, at);
    case 'json':
      return fitGoNumbers(value);
    default:
      return isScalar(type, value) ? value : mismatch(decoder, type, value, at);
  }
}

function decodeStruct(
  decoder: Decoder,
  type: GoStruct,
  value: JsonValue,
  at: Place,
): JsonObject | undefined {
  if (!isObject(value)) return mismatch(decoder, type, value, at);
  const struct = type.name.slice(type.name.indexOf('.') + 1);
  const decoded: Record<string, JsonValue> = {};
  for (const field of type.fields) {
    const given = member(value, field.name);
    if (given === undefined) continue;
    const result = decode(decoder, field.of, given, { struct, path: fieldPath(at, field) });
    if (result !== undefined) decoded[field.name] = result;
  }
  return decoded;
}

function fieldPath(at: Place, field: GoField): string {
  return [at.path, field.embedded ?? '', field.name].filter((part) => part !== '').join('.');
}

function decodeMap(
  decoder: Decoder,
  type: GoMap,
  value: JsonValue,
  at: Place,
): JsonObject | undefined {
  if (!isObject(value)) return mismatch(decoder, type, value, at);
  const decoded: Record<string, JsonValue> = {};
  for (const [key, item] of Object.entries(value)) {
    if (typeof item === 'string' || item === null) setOwn(decoded, key, item ?? '');
    else mismatch(decoder, { type: 'string', name: 'string' }, item, at);
  }
  return decoded;
}

function isScalar(type: GoScalar, value: JsonValue): boolean {
  switch (type.type) {
    case 'string':
      return typeof value === 'string';
    case 'bool':
      return typeof value === 'boolean';
    case 'int32':
      return typeof value === 'number' && (value | 0) === value;
    case 'int64':
      return isInteger(value) && BigInt.asIntN(64, BigInt(value)) === BigInt(value);
    case 'json':
      return true;
  }
}

function isInteger(value: JsonValue): value is number | bigint {
  return typeof value === 'bigint' || (typeof value === 'number' && Number.isInteger(value));
}

function zero(type: GoScalar | GoStruct): JsonValue {
  switch (type.type) {
    case 'struct':
      return {};
    case 'string':
      return '';
    case 'bool':
      return false;
    case 'json':
      return null;
    default:
      return 0;
  }
}

/** Keeps the first mismatch, as Go does; decoding goes on. */
function mismatch(decoder: Decoder, type: GoType, value: JsonValue, at: Place): undefined {
  decoder.error ??=
    `json: cannot unmarshal ${jsonType(value, type)} into Go ` +
    (at.path === '' ? 'value' : `struct field ${at.struct}.${at.path}`) +
    ` of type ${typeName(type)}`;
}

function jsonType(value: JsonValue, type: GoType): string {
  if (isArray(value)) return 'array';
  if (typeof value === 'bigint' || typeof value === 'number') {
    const isNumeric = type.type === 'int32' || type.type === 'int64';
    return isNumeric ? `number ${String(value)}` : 'number';
  }
  return typeof value === 'boolean' ? 'bool' : typeof value;
}

function typeName(type: GoType): string {
  switch (type.type) {
    case 'pointer':
      return typeName(type.of);
    case 'list':
      return `[]${typeName(type.of)}`;
    case 'map':
      return 'map[string]string';
    default:
      return type.name;
  }
}
