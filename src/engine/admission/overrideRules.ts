import { arrayMember, compareBytes, isObject, member, stringMember } from '../json.ts';
import { goJson } from '../override/goJson.ts';
import { labelKeyErrors, labelValueErrors, utf8Length } from '../selection/labelSyntax.ts';
import type { JsonObject, JsonValue } from '../types.ts';
import { validateClusterAffinity } from './affinityRules.ts';
import {
  invalid,
  invalidText,
  invalidValue,
  requiredValue,
  tooLong,
  type FieldError,
} from './fieldError.ts';
import {
  clusterAffinity,
  fieldOverrider as fieldOverriderType,
  overriders as overridersType,
} from './goTypes.ts';
import { validateSelectorNamespaces } from './propagationRules.ts';

const annotationsLimit = 256 * 1024;
const jsonPointerProblem = 'JSON pointer must be empty or start with a "/\nJSON pointer error';

/**
 * The rules of the validating webhooks of OverridePolicy and ClusterOverridePolicy, in Karmada's order
 * (`ValidateOverrideSpec` of `pkg/util/validation/validation.go`). The deprecated `spec.overriders` is not looked
 * into. `namespace` is empty for the cluster-scoped one.
 */
export function validateOverrideSpec(spec: JsonObject, namespace: string): FieldError[] {
  const target = member(spec, 'targetCluster');
  const hasRules = member(spec, 'overrideRules') !== undefined;
  const errors = validateClusterAffinity(target, 'spec.targetCluster');
  if (target !== undefined && hasRules) {
    const detail = "overrideRules and targetCluster can't co-exist";
    errors.push(invalidValue('spec.targetCluster', clusterAffinity, target, detail));
  }
  const overriders = member(spec, 'overriders') ?? {};
  if (hasRules && !isEmptyExceptFields(overriders)) {
    const detail = "overrideRules and overriders can't co-exist";
    errors.push(invalidValue('spec.overriders', overridersType, overriders, detail));
  }
  arrayMember(spec, 'overrideRules').forEach((rule, i) => {
    errors.push(...validateRule(rule, `spec.overrideRules[${i}]`));
  });
  errors.push(...validateSelectorNamespaces(spec, namespace));
  return errors;
}

/** Karmada's own test for emptiness forgets `fieldOverrider`. */
function isEmptyExceptFields(overriders: JsonValue): boolean {
  return overridersType.fields.every(
    ({ name }) => name === 'fieldOverrider' || arrayMember(overriders, name).length === 0,
  );
}

function validateRule(rule: JsonValue, field: string): FieldError[] {
  const overriders = member(rule, 'overriders');
  const errors: FieldError[] = [];
  const each = (name: string, validate: (item: JsonValue, at: string) => FieldError[]): void => {
    arrayMember(overriders, name).forEach((item, i) => {
      errors.push(...validate(item, `${field}.overriders.${name}[${i}]`));
    });
  };
  each('annotationsOverrider', validateAnnotations);
  each('labelsOverrider', validateLabels);
  each('imageOverrider', validatePredicate);
  each('fieldOverrider', validateFieldOverrider);
  errors.push(...validateClusterAffinity(member(rule, 'targetCluster'), `${field}.targetCluster`));
  return errors;
}

/** Entries in key order; Karmada's order is that of a Go map, which is random. */
function entries(item: JsonValue): [string, string][] {
  const map = member(item, 'value');
  if (!isObject(map)) return [];
  return Object.keys(map)
    .sort(compareBytes)
    .map((key) => [key, stringMember(map, key)]);
}

function validateAnnotations(item: JsonValue, at: string): FieldError[] {
  const errors: FieldError[] = [];
  let size = 0;
  for (const [key, value] of entries(item)) {
    size += utf8Length(key) + utf8Length(value);
    for (const problem of labelKeyErrors(key.toLowerCase())) {
      errors.push(invalidText(`${at}.value`, key, problem));
    }
  }
  if (size > annotationsLimit) errors.push(tooLong(`${at}.value`, annotationsLimit));
  return errors;
}

function validateLabels(item: JsonValue, at: string): FieldError[] {
  const errors: FieldError[] = [];
  for (const [key, value] of entries(item)) {
    for (const problem of labelKeyErrors(key)) {
      errors.push(invalidText(`${at}.value`, key, problem));
    }
    for (const problem of labelValueErrors(value)) {
      errors.push(invalidText(`${at}.value`, value, problem));
    }
  }
  return errors;
}

function validatePredicate(item: JsonValue, at: string): FieldError[] {
  return validatePointer(stringMember(member(item, 'predicate'), 'path'), `${at}.predicate.path`);
}

function validatePointer(pointer: string, at: string): FieldError[] {
  return pointer === '' || pointer.startsWith('/')
    ? []
    : [invalidText(at, pointer, jsonPointerProblem)];
}

function validateFieldOverrider(item: JsonValue, at: string): FieldError[] {
  const json = arrayMember(item, 'json');
  const yaml = arrayMember(item, 'yaml');
  const errors: FieldError[] = [];
  if (json.length > 0 && yaml.length > 0) {
    const detail = 'FieldOverrider has both YAML and JSON set. Only one is allowed';
    errors.push(invalidValue(at, fieldOverriderType, item, detail));
  }
  if (json.length === 0 && yaml.length === 0) {
    errors.push(requiredValue(at, 'FieldOverrider must have either JSON or YAML set'));
  }
  errors.push(...validatePointer(stringMember(item, 'fieldPath'), `${at}.fieldPath`));
  json.forEach((patch, i) => errors.push(...validateOperation(patch, `${at}.json[${i}]`)));
  yaml.forEach((patch, i) => errors.push(...validateOperation(patch, `${at}.yaml[${i}]`)));
  return errors;
}

function validateOperation(patch: JsonValue, at: string): FieldError[] {
  const errors = validatePointer(stringMember(patch, 'subPath'), `${at}.subPath`);
  const operator = stringMember(patch, 'operator');
  const value = member(patch, 'value');
  if (value === undefined && (operator === 'add' || operator === 'replace')) {
    const detail = 'value is required for add or replace operation';
    errors.push(invalid(`${at}.value`, 'null', detail));
  }
  if (value !== undefined && operator === 'remove') {
    const detail = 'value is not allowed for remove operation';
    errors.push(invalid(`${at}.value`, goJson(value), detail));
  }
  return errors;
}
