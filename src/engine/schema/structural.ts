import { deepEqual, isArray, isObject } from '../json.ts';
import type { JsonArray, JsonObject, JsonValue } from '../types.ts';
import { isDateTime } from './dateTime.ts';
import { goPattern } from './goPattern.ts';
import {
  fieldText,
  invalidValue,
  isInt64,
  missingField,
  printValue,
  tooLong,
  tooMany,
  typeOf,
  unsupportedValue,
  wrongType,
  type Path,
  type SchemaProblem,
} from './schemaProblem.ts';
import type { Schema } from './types.ts';

/**
 * What the API server's schema validation says of a value: types, formats, enums, patterns, bounds and required
 * fields, with its texts. Unknown fields and CEL rules are checked elsewhere. Follows
 * `k8s.io/kube-openapi/pkg/validation/validate`, where every check runs even when the type is wrong already.
 */
export function checkStructure(value: JsonValue, schema: Schema): SchemaProblem[] {
  const checker: Checker = { path: [], problems: [] };
  check(checker, value, schema);
  return checker.problems;
}

interface Checker {
  /** The place of the value being checked; pushed and popped on the way. */
  readonly path: (string | number)[];
  readonly problems: SchemaProblem[];
}

function report(checker: Checker, problem: (path: Path) => SchemaProblem): void {
  checker.problems.push(problem([...checker.path]));
}

function checkAt(checker: Checker, step: string | number, value: JsonValue, schema: Schema): void {
  checker.path.push(step);
  check(checker, value, schema);
  checker.path.pop();
}

function check(checker: Checker, value: JsonValue, schema: Schema): void {
  checkType(checker, value, schema);
  if (typeof value === 'string') checkString(checker, value, schema);
  else if (typeof value === 'number' || typeof value === 'bigint') {
    checkNumber(checker, value, schema);
  } else if (isArray(value)) checkList(checker, value, schema);
  checkEnum(checker, value, schema);
  if (isObject(value)) checkMembers(checker, value, schema);
}

/** The allowed types; an int-or-string has two. */
function typesOf(schema: Schema): readonly string[] {
  if (schema.intOrString === true) return ['integer', 'string'];
  return schema.type === undefined ? [] : [schema.type];
}

function checkType(checker: Checker, value: JsonValue, schema: Schema): void {
  const types = typesOf(schema);
  // The API server strips the formats of numbers, int32 and int64, before it validates.
  const format = types.includes('string') ? schema.format : undefined;
  if (types.length === 0) return;
  const found = typeOf(value);
  if (value === null) {
    if (schema.nullable !== true) report(checker, (path) => wrongType(path, types, found));
    return;
  }
  const isWholeFloat = found === 'number' && types.includes('integer') && isWhole(Number(value));
  const isIntegerNumber = found === 'integer' && types.includes('number');
  const fits = types.includes(found) || isWholeFloat || isIntegerNumber;
  if (format !== undefined) {
    const isText = found === 'string' || found === 'array';
    if (!isText && !fits) {
      report(checker, (path) => wrongType(path, types, formatOf(found), format));
      return;
    }
    // Upstream leaves strings and lists to the format's own check as soon as a format is given.
    if (isText) return;
  }
  if (!fits) report(checker, (path) => wrongType(path, types, found));
}

/** The format that kube-openapi sees in a plain value. */
function formatOf(type: string): string {
  if (type === 'integer') return 'int64';
  return type === 'number' ? 'float64' : '';
}

/** Whether a float counts as an integer: `swag.IsFloat64AJSONInteger`, which allows a tiny deviation. */
function isWhole(value: number): boolean {
  if (!Number.isFinite(value) || Math.abs(value) > Number.MAX_SAFE_INTEGER) return false;
  const whole = Math.trunc(value);
  if (whole === value) return true;
  return Math.abs(value - whole) / (Math.abs(value) + Math.abs(whole)) < 1e-9;
}

function checkString(checker: Checker, value: string, schema: Schema): void {
  checkLengthAndPattern(checker, value, schema);
  if (schema.format === 'date-time' && !isDateTime(value)) {
    report(checker, (path) => wrongType(path, ['date-time'], value));
  }
}

/** Only the first of these is reported. */
function checkLengthAndPattern(checker: Checker, value: string, schema: Schema): void {
  const { maxLength, minLength, pattern } = schema;
  if (maxLength !== undefined && value.length > maxLength && characters(value) > maxLength) {
    report(checker, (path) => tooLong(path, maxLength));
  } else if (minLength !== undefined && characters(value) < minLength) {
    reportInvalid(checker, value, `should be at least ${minLength} chars long`);
  } else if (pattern !== undefined && !goPattern(pattern).test(value)) {
    reportInvalid(checker, value, `should match '${pattern}'`);
  }
}

function characters(text: string): number {
  let count = 0;
  for (const _ of text) count++;
  return count;
}

function reportInvalid(checker: Checker, value: JsonValue, detail: string): void {
  report(checker, (path) =>
    invalidValue(path, printValue(value), `${fieldText(path)} in body ${detail}`),
  );
}

function checkNumber(checker: Checker, value: number | bigint, schema: Schema): void {
  if (schema.type === 'integer' && !isInt64(value)) reportRange(checker);
  const { minimum, maximum } = schema;
  if (minimum !== undefined && value < minimum) {
    reportInvalid(checker, value, `should be greater than or equal to ${minimum}`);
  }
  if (maximum !== undefined && value > maximum) {
    reportInvalid(checker, value, `should be less than or equal to ${maximum}`);
  }
}

/** The API server names the place in the text only. */
function reportRange(checker: Checker): void {
  report(checker, (path) => {
    const detail = `Checked value must be of type integer (default format) in ${fieldText(path)}`;
    return { ...invalidValue(path, '""', detail), field: '<nil>' };
  });
}

function checkList(checker: Checker, value: JsonArray, schema: Schema): void {
  const { items, minItems, maxItems } = schema;
  if (items !== undefined) value.forEach((item, i) => checkAt(checker, i, item, items));
  if (minItems !== undefined && value.length < minItems) {
    reportInvalid(checker, value.length, `should have at least ${minItems} items`);
  }
  if (maxItems !== undefined && value.length > maxItems) {
    report(checker, (path) => tooMany(path, value.length, maxItems));
  }
}

function checkEnum(checker: Checker, value: JsonValue, schema: Schema): void {
  const { enum: allowed } = schema;
  if (allowed === undefined || allowed.length === 0) return;
  if (value !== null && allowed.some((item) => deepEqual(item, value))) return;
  report(checker, (path) => unsupportedValue(path, value, allowed));
}

function checkMembers(checker: Checker, value: JsonObject, schema: Schema): void {
  const { properties = {}, additionalProperties, required = [] } = schema;
  const keys = Object.keys(value);
  checkCount(checker, keys.length, schema);
  for (const key of keys) {
    const found = value[key] ?? null;
    const known = Object.hasOwn(properties, key) ? properties[key] : additionalProperties;
    if (known !== undefined) checkAt(checker, key, found, known);
  }
  for (const key of required) {
    if (!Object.hasOwn(value, key)) report(checker, (path) => missingField([...path, key]));
  }
}

function checkCount(checker: Checker, count: number, schema: Schema): void {
  const { minProperties, maxProperties } = schema;
  if (minProperties !== undefined && count < minProperties) {
    reportInvalid(checker, count, `should have at least ${minProperties} properties`);
  }
  if (maxProperties !== undefined && count > maxProperties) {
    report(checker, (path) => tooMany(path, count, maxProperties));
  }
}
