import { arrayMember, member, stringMember } from '../json.ts';
import { goQuote } from '../override/goNumber.ts';
import { labelKeyErrors } from '../selection/labelSyntax.ts';
import type { JsonValue } from '../types.ts';
import { invalidText, invalidValue, type FieldError } from './fieldError.ts';
import { clusterAffinities, fieldSelector, overflowAffinities } from './goTypes.ts';

/** Rules of one `ClusterAffinity`: only its field selector is looked at. */
export function validateClusterAffinity(
  affinity: JsonValue | undefined,
  field: string,
): FieldError[] {
  const selector = member(affinity, 'fieldSelector');
  const problem = fieldSelectorProblem(selector);
  return problem === undefined
    ? []
    : [invalidValue(`${field}.fieldSelector`, fieldSelector, selector, problem)];
}

/** Stops at the first bad expression; its key is looked at before its operator. */
function fieldSelectorProblem(selector: JsonValue | undefined): string | undefined {
  for (const expression of arrayMember(selector, 'matchExpressions')) {
    const key = stringMember(expression, 'key');
    if (key !== 'provider' && key !== 'region' && key !== 'zone') {
      return `unsupported key ${goQuote(key)}, must be provider, region, or zone`;
    }
    const operator = stringMember(expression, 'operator');
    if (operator !== 'In' && operator !== 'NotIn') {
      return `unsupported operator ${goQuote(operator)}, must be In or NotIn`;
    }
  }
  return undefined;
}

/** Rules of `clusterAffinities` (`ValidateClusterAffinities` of `pkg/util/validation/validation.go`). */
export function validateClusterAffinities(
  placement: JsonValue | undefined,
  field: string,
): FieldError[] {
  const errors: FieldError[] = [];
  const names = new Set<string>();
  arrayMember(placement, 'clusterAffinities').forEach((term, i) => {
    const at = `${field}[${i}]`;
    const name = stringMember(term, 'affinityName');
    for (const problem of labelKeyErrors(name)) errors.push(invalidText(at, name, problem));
    if (names.has(name)) {
      const all = member(placement, 'clusterAffinities');
      const detail = 'each affinity term in a policy must have a unique name';
      errors.push(invalidValue(field, clusterAffinities, all, detail));
    }
    names.add(name);
    errors.push(...validateClusterAffinity(term, at), ...validateOverflowAffinities(term, at));
  });
  return errors;
}

function validateOverflowAffinities(term: JsonValue, field: string): FieldError[] {
  const overflow = member(term, 'overflowAffinities');
  if (overflow === undefined) return [];
  const errors: FieldError[] = [];
  if (isEmptyAffinity(term)) {
    const detail = 'overflowAffinities can only be used together with the inline ClusterAffinity';
    errors.push(invalidValue(`${field}.overflowAffinities`, overflowAffinities, overflow, detail));
  }
  const names = new Set([stringMember(term, 'affinityName')]);
  arrayMember(term, 'overflowAffinities').forEach((affinity, i) => {
    const at = `${field}.overflowAffinities[${i}]`;
    const name = stringMember(affinity, 'affinityName');
    for (const problem of labelKeyErrors(name)) {
      errors.push(invalidText(`${at}.affinityName`, name, problem));
    }
    if (names.has(name)) {
      const detail =
        "overflow affinity name must be unique and must not duplicate the primary group's affinityName";
      errors.push(invalidText(`${at}.affinityName`, name, detail));
    }
    names.add(name);
    errors.push(...validateClusterAffinity(affinity, at));
  });
  return errors;
}

/** Overflow tiers only mean something where free capacity divides the replicas. */
export function validateOverflowUse(placement: JsonValue | undefined, field: string): FieldError[] {
  if (allowsOverflow(member(placement, 'replicaScheduling'))) return [];
  const errors: FieldError[] = [];
  arrayMember(placement, 'clusterAffinities').forEach((term, i) => {
    const overflow = member(term, 'overflowAffinities');
    if (overflow === undefined) return;
    const detail =
      'overflowAffinities can only be used together with dynamic weight or aggregated scheduling';
    const at = `${field}.clusterAffinities[${i}].overflowAffinities`;
    errors.push(invalidValue(at, overflowAffinities, overflow, detail));
  });
  return errors;
}

/** Whether replicas are divided by free capacity (`IsOverflowSchedulingAllowed` of `pkg/util/policy.go`). */
export function allowsOverflow(replicaScheduling: JsonValue | undefined): boolean {
  if (stringMember(replicaScheduling, 'replicaSchedulingType') !== 'Divided') return false;
  const preference = stringMember(replicaScheduling, 'replicaDivisionPreference');
  const weights = member(replicaScheduling, 'weightPreference');
  return (
    preference === 'Aggregated' ||
    (preference === 'Weighted' && stringMember(weights, 'dynamicWeight') !== '')
  );
}

function isEmptyAffinity(affinity: JsonValue): boolean {
  return (
    member(affinity, 'labelSelector') === undefined &&
    member(affinity, 'fieldSelector') === undefined &&
    arrayMember(affinity, 'clusterNames').length === 0 &&
    arrayMember(affinity, 'exclude').length === 0
  );
}
