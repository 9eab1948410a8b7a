import { Validator } from '@cfworker/json-schema';
import type { OutputUnit, Schema, SchemaDraft } from '@cfworker/json-schema';
import { isArray, isObject, stringMember } from '../engine/index.ts';
import type { JsonObject, JsonValue } from '../engine/index.ts';
import { pointerSteps } from './pointer.ts';

/** One thing that a schema refuses in some values. */
export interface ValuesProblem {
  readonly steps: readonly string[];
  /** `replicaCount: Instance type "string" is invalid. Expected "integer".` */
  readonly message: string;
  /** Whether more values elsewhere could make it good, such as a key that is missing. */
  readonly isOpen: boolean;
}

const validators = new WeakMap<JsonObject, Validator | 'unusable'>();
const answers = new WeakMap<JsonObject, WeakMap<JsonObject, readonly ValuesProblem[]>>();

/**
 * What a chart's `values.schema.json` refuses in values, one problem for each place and keyword. A schema that cannot
 * be used, for a reference to another file or an expression that JavaScript does not know, refuses nothing.
 */
export function checkValues(schema: JsonObject, values: JsonObject): readonly ValuesProblem[] {
  let bySchema = answers.get(schema);
  if (!bySchema) answers.set(schema, (bySchema = new WeakMap()));
  let problems = bySchema.get(values);
  if (!problems) bySchema.set(values, (problems = validate(schema, values)));
  return problems;
}

function validate(schema: JsonObject, values: JsonObject): readonly ValuesProblem[] {
  let validator = validators.get(schema);
  if (!validator) validators.set(schema, (validator = validatorOf(schema)));
  if (validator === 'unusable') return [];
  try {
    return validator.validate(plainCopy(values)).errors.flatMap(problemOf);
  } catch {
    // Schemas that refer to themselves without end, or to what is not there.
    return [];
  }
}

function validatorOf(schema: JsonObject): Validator | 'unusable' {
  try {
    // The validator writes into the schema.
    return new Validator(plainCopy(schema) as Schema, draftOf(schema), false);
  } catch {
    return 'unusable';
  }
}

/** Helm takes the newest draft where a schema names none. */
function draftOf(schema: JsonObject): SchemaDraft {
  const [, draft] =
    /draft(?:\/|-0)(4|7|2019-09|2020-12)\b/.exec(stringMember(schema, '$schema')) ?? [];
  if (draft === '4' || draft === '7' || draft === '2019-09') return draft;
  return /draft-06\b/.test(stringMember(schema, '$schema')) ? '7' : '2020-12';
}

function plainCopy(value: JsonValue): unknown {
  if (typeof value === 'bigint') return Number(value);
  if (isArray(value)) return value.map(plainCopy);
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, child]) => [key, plainCopy(child)]));
}

/** Keywords whose error only says that there is one below. `format` says different things in different validators. */
const silent = new Set([
  'properties',
  'patternProperties',
  'additionalProperties',
  'unevaluatedProperties',
  'items',
  'prefixItems',
  'additionalItems',
  'unevaluatedItems',
  'allOf',
  '$ref',
  '$recursiveRef',
  'if',
  'then',
  'else',
  'dependencies',
  'dependentSchemas',
  'format',
]);

const open = new Set([
  'required',
  'dependentRequired',
  'minProperties',
  'anyOf',
  'oneOf',
  'not',
  'contains',
]);

/** Alternatives of which one fails say nothing; that all fail is said on what holds them. */
const alternative = /\/(?:anyOf|oneOf|not|if|contains|propertyNames)\//;
const conditional = /\/(?:then|else|dependencies|dependentSchemas)\//;

function problemOf({
  keyword,
  keywordLocation,
  instanceLocation,
  error,
}: OutputUnit): readonly ValuesProblem[] {
  if (silent.has(keyword) || alternative.test(keywordLocation.slice(0, -keyword.length))) {
    return [];
  }
  const steps = pointerSteps(instanceLocation.replace(/^#/, ''));
  const text = keyword === 'false' ? 'the schema has no such key' : error.replace(/\.$/, '');
  const message = steps.length === 0 ? text : `${steps.join('.')}: ${text}`;
  return [{ steps, message, isOpen: open.has(keyword) || conditional.test(keywordLocation) }];
}
