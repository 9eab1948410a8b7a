import { goJson } from '../override/goJson.ts';
import { formatFloat, goQuote } from '../override/goNumber.ts';
import { isArray, isObject } from '../json.ts';
import type { JsonValue } from '../types.ts';

/** Where in an object: keys and list indexes from the root. */
export type Path = readonly (string | number)[];

export type SchemaProblemCode = 'unknown-field' | 'missing-field' | 'wrong-type' | 'invalid-value';

/** The API server's word for what is wrong, `metav1.CauseType`. */
export type SchemaProblemReason =
  | 'FieldValueRequired'
  | 'FieldValueTypeInvalid'
  | 'FieldValueInvalid'
  | 'FieldValueNotSupported'
  | 'FieldValueTooLong'
  | 'FieldValueTooMany'
  | 'FieldValueForbidden'
  /** An unknown field has no reason of its own: decoding fails before anything is validated. */
  | 'UnknownField';

/** One thing that the API server would refuse. */
export interface SchemaProblem {
  readonly code: SchemaProblemCode;
  /** The member that is wrong, unknown or missing. */
  readonly path: Path;
  readonly reason: SchemaProblemReason;
  /** The path as the API server writes it; `<nil>` where it names none. */
  readonly field: string;
  /** The API server's text, without the field in front. */
  readonly message: string;
  /** The allowed values of a fixed list, or the names of the allowed types. */
  readonly expected?: readonly JsonValue[];
  /** The known field that an unknown one resembles. */
  readonly nearest?: string;
}

/** A path as the API server writes it: `spec.placement.spreadConstraints[0].minGroups`. */
export function fieldText(path: Path): string {
  let text = '';
  for (const step of path) {
    if (typeof step === 'number') text += `[${step}]`;
    else text += text === '' ? step : `.${step}`;
  }
  return text;
}

const integerLimit = 2 ** 63;

/** Whether Go's decoder holds the number as int64; anything else is a float64. */
export function isInt64(value: JsonValue): value is number | bigint {
  if (typeof value === 'bigint') return BigInt.asIntN(64, value) === value;
  return (
    typeof value === 'number' &&
    Number.isInteger(value) &&
    value >= -integerLimit &&
    value < integerLimit
  );
}

/**
 * A value inside an error, as `field.Error` prints it: strings quoted, numbers and booleans bare, anything else as
 * JSON.
 */
export function printValue(value: JsonValue): string {
  if (typeof value === 'string') return goQuote(value);
  if (typeof value === 'boolean') return String(value);
  if (typeof value === 'number' || typeof value === 'bigint') {
    return isInt64(value) ? BigInt(value).toString() : formatFloat(Number(value));
  }
  return goJson(value);
}

/** The JSON type of a value, as kube-openapi names it. */
export function typeOf(value: JsonValue): string {
  if (value === null) return 'null';
  if (isArray(value)) return 'array';
  if (isObject(value)) return 'object';
  if (typeof value === 'number' || typeof value === 'bigint') {
    return isInt64(value) ? 'integer' : 'number';
  }
  return typeof value;
}

/** A member that must be there and is not. */
export function missingField(path: Path, detail = ''): SchemaProblem {
  const message = detail === '' ? 'Required value' : `Required value: ${detail}`;
  return {
    code: 'missing-field',
    path,
    reason: 'FieldValueRequired',
    field: fieldText(path),
    message,
  };
}

/** A value that breaks a rule; `printed` is the value as Go prints it, absent where Go leaves it out. */
export function invalidValue(
  path: Path,
  printed: string | undefined,
  detail: string,
): SchemaProblem {
  const value = printed === undefined ? '' : `${printed}: `;
  return {
    code: 'invalid-value',
    path,
    reason: 'FieldValueInvalid',
    field: fieldText(path),
    message: `Invalid value: ${value}${detail}`,
  };
}

/** A value of the wrong type; `found` is what kube-openapi says was there. */
export function wrongType(
  path: Path,
  expected: readonly string[],
  found: string,
  name = expected.join(','),
): SchemaProblem {
  const field = fieldText(path);
  const quoted = goQuote(found);
  return {
    code: 'wrong-type',
    path,
    reason: 'FieldValueTypeInvalid',
    field,
    message: `Invalid value: ${quoted}: ${field} in body must be of type ${name}: ${quoted}`,
    expected,
  };
}

/** A value outside a fixed list. */
export function unsupportedValue(
  path: Path,
  value: JsonValue,
  supported: readonly JsonValue[],
): SchemaProblem {
  const texts = supported.map((item) => (typeof item === 'string' ? item : goJson(item)));
  return {
    code: 'invalid-value',
    path,
    reason: 'FieldValueNotSupported',
    field: fieldText(path),
    message: `Unsupported value: ${printValue(value)}: supported values: ${texts.map(goQuote).join(', ')}`,
    expected: supported,
  };
}

/** A string that is too long. The API server says bytes and counts characters. */
export function tooLong(path: Path, limit: number): SchemaProblem {
  return {
    code: 'invalid-value',
    path,
    reason: 'FieldValueTooLong',
    field: fieldText(path),
    message: `Too long: may not be more than ${limit} ${limit === 1 ? 'byte' : 'bytes'}`,
  };
}

/** A list or map with too many entries. */
export function tooMany(path: Path, count: number, limit: number): SchemaProblem {
  return {
    code: 'invalid-value',
    path,
    reason: 'FieldValueTooMany',
    field: fieldText(path),
    message: `Too many: ${count}: must have at most ${limit} ${limit === 1 ? 'item' : 'items'}`,
  };
}
