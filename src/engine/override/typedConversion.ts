import { isArray, isObject, member } from '../json.ts';
import type { JsonObject, JsonValue } from '../types.ts';
import { sortedKeys } from './goJson.ts';
import { goType } from './goPrint.ts';
import { goQuote } from './goNumber.ts';
import { workloadTypes } from './workloadTypes.ts';

interface Field {
  /** Empty for an embedded struct, whose fields stand among the others. */
  readonly name: string;
  readonly type: string;
}

const structs = new Map<string, readonly Field[]>();
const converted = new WeakMap<JsonObject, string | undefined>();

/**
 * Why an object cannot become the typed workload that its kind names, `undefined` when it can. Follows
 * `FromUnstructured` of k8s.io/apimachinery `pkg/runtime/converter.go`: the first field in the order of the Go type
 * that does not fit ends it; unknown fields and nulls are fine.
 */
export function typedConversionError(object: JsonObject, kind: string): string | undefined {
  if (converted.has(object)) return converted.get(object);
  const error = convert(object, kind);
  converted.set(object, error);
  return error;
}

function convert(value: JsonValue, type: string): string | undefined {
  if (value === null) return undefined;
  if (type.startsWith('!')) return convertCustom(value, type.slice(1));
  if (type.startsWith('[]')) return convertList(value, type.slice(2));
  if (type.startsWith('{}')) return convertMap(value, type.slice(2));
  const fields = fieldsOf(type);
  if (fields) {
    if (!isObject(value)) return `cannot restore struct from: ${goKind(value)}`;
    return firstError(fields, ({ name, type: fieldType }) =>
      convert(name === '' ? value : (member(value, name) ?? null), fieldType),
    );
  }
  return type === 'bytes' ? convertBytes(value) : convertScalar(value, type);
}

function firstError<T>(
  items: readonly T[],
  check: (item: T) => string | undefined,
): string | undefined {
  for (const item of items) {
    const error = check(item);
    if (error !== undefined) return error;
  }
  return undefined;
}

function fieldsOf(type: string): readonly Field[] | undefined {
  const known = structs.get(type);
  if (known) return known;
  const text = Object.hasOwn(workloadTypes, type) ? workloadTypes[type] : undefined;
  if (text === undefined) return undefined;
  const fields = text
    .split(' ')
    .filter((field) => field !== '')
    .map((field) => {
      const colon = field.indexOf(':');
      return { name: field.slice(0, colon), type: field.slice(colon + 1) };
    });
  structs.set(type, fields);
  return fields;
}

function convertList(value: JsonValue, type: string): string | undefined {
  if (!isArray(value)) return `cannot restore slice from ${goKind(value)}`;
  return firstError(value, (item) => convert(item, type));
}

function convertMap(value: JsonValue, type: string): string | undefined {
  if (!isObject(value)) return `cannot restore map from ${goKind(value)}`;
  return firstError(sortedKeys(value), (key) => convert(value[key] ?? null, type));
}

function convertBytes(value: JsonValue): string | undefined {
  if (typeof value === 'string') {
    const isBase64 = /^(?:[A-Za-z0-9+/\r\n]|={1,2}$)*$/.test(value);
    return isBase64 ? undefined : 'error decoding from json: illegal base64 data';
  }
  return isArray(value) ? undefined : `cannot restore slice from ${goKind(value)}`;
}

/**
 * Go converts an integer to a string and a fraction to an integer in principle, and refuses these two by name; what it
 * cannot convert at all it calls an unrecognized type.
 */
function convertScalar(value: JsonValue, type: string): string | undefined {
  const [kind = type, name] = type.split('/');
  const from = goKind(value);
  const to = name === undefined ? kind : name.includes('.') ? name : `v1.${name}`;
  if (kind === 'string') {
    if (from === 'string') return undefined;
    return from === 'int64' ? `cannot convert int64 to ${to}` : `unrecognized type: ${kind}`;
  }
  if (kind === 'bool') return from === 'bool' ? undefined : `unrecognized type: ${kind}`;
  if (from === 'int64') return undefined;
  if (from !== 'float64') return `unrecognized type: ${kind}`;
  return Number.isInteger(value) ? undefined : `cannot convert float64 to ${to}`;
}

function goKind(value: JsonValue): string {
  if (isArray(value)) return 'slice';
  return isObject(value) ? 'map' : goType(value);
}

function convertCustom(value: JsonValue, type: string): string | undefined {
  switch (type) {
    case 'resource.Quantity':
      return quantityError(value);
    case 'intstr.IntOrString':
      return intOrStringError(value);
    case 'Time':
      return timeError(value);
    default:
      return undefined;
  }
}

function quantityError(value: JsonValue): string | undefined {
  const text = typeof value === 'object' || typeof value === 'boolean' ? '' : String(value).trim();
  const parts = /^[+-]?([0-9]*(?:\.[0-9]*)?)([eEinumkKMGTP]*[-+]?[0-9]*)$/.exec(text);
  if (!parts || text === '') {
    return "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'";
  }
  const [, number = '', suffix = ''] = parts;
  if (!/^(?:[numkMGTPE]?|[KMGTPE]i|[eE][-+]?[0-9]+)$/.test(suffix)) {
    return "unable to parse quantity's suffix";
  }
  return /[0-9]/.test(number) ? undefined : 'unable to parse numeric part of quantity';
}

function intOrStringError(value: JsonValue): string | undefined {
  if (typeof value === 'string') return undefined;
  const isInt32 = typeof value === 'number' && value === (value | 0);
  return isInt32 ? undefined : 'json: cannot unmarshal value into Go value of type int32';
}

const rfc3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:[.,]\d+)?(?:Z|[-+]\d\d:\d\d)$/;

function timeError(value: JsonValue): string | undefined {
  if (typeof value !== 'string') return 'json: cannot unmarshal value into Go value of type string';
  if (rfc3339.test(value)) return undefined;
  const text = goQuote(value);
  return `parsing time ${text} as "2006-01-02T15:04:05Z07:00": cannot parse ${text} as "2006"`;
}
