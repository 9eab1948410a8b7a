import { isArray, isObject } from '../json.ts';
import type { JsonValue } from '../types.ts';
import { invalidValue, printValue, type SchemaProblem } from './schemaProblem.ts';
import type { Schema } from './types.ts';

/**
 * The rules (`x-kubernetes-validations`) that a value breaks, a node before what is below it. The API server checks
 * them only in an object whose structure is right. Follows
 * `k8s.io/apiextensions-apiserver/pkg/apiserver/schema/cel/validation.go`.
 */
export function checkRules(value: JsonValue, schema: Schema): SchemaProblem[] {
  const problems: SchemaProblem[] = [];
  if (hasRules(schema)) walk(value, schema, [], problems);
  return problems;
}

const withRules = new WeakMap<Schema, boolean>();

/** Whether a node or any node below it has rules. */
export function hasRules(schema: Schema): boolean {
  const known = withRules.get(schema);
  if (known !== undefined) return known;
  const { rules, properties = {}, items, additionalProperties } = schema;
  const found =
    (rules !== undefined && rules.length > 0) ||
    Object.values(properties).some(hasRules) ||
    (items !== undefined && hasRules(items)) ||
    (additionalProperties !== undefined && hasRules(additionalProperties));
  withRules.set(schema, found);
  return found;
}

function walk(
  value: JsonValue,
  schema: Schema,
  path: (string | number)[],
  problems: SchemaProblem[],
): void {
  if (value === null) return;
  for (const rule of schema.rules ?? []) {
    if (rule.holds(value)) continue;
    const isPlain = !isObject(value) && !isArray(value);
    const printed = isPlain ? printValue(value) : undefined;
    const problem = invalidValue([...path], printed, rule.message);
    problems.push(path.length === 0 ? { ...problem, field: '<nil>' } : problem);
  }
  if (isArray(value)) {
    const { items } = schema;
    if (items !== undefined) value.forEach((item, i) => descend(item, items, i, path, problems));
  } else if (isObject(value)) {
    const { properties = {}, additionalProperties } = schema;
    for (const [key, item] of Object.entries(value)) {
      const known = Object.hasOwn(properties, key) ? properties[key] : additionalProperties;
      if (known !== undefined) descend(item, known, key, path, problems);
    }
  }
}

function descend(
  value: JsonValue,
  schema: Schema,
  step: string | number,
  path: (string | number)[],
  problems: SchemaProblem[],
): void {
  if (!hasRules(schema)) return;
  path.push(step);
  walk(value, schema, path, problems);
  path.pop();
}
