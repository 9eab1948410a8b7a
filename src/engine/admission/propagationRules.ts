import { arrayMember, member, memberAt, stringMember } from '../json.ts';
import { labelKeyErrors } from '../selection/labelSyntax.ts';
import type { JsonObject, JsonValue } from '../types.ts';
import {
  validateClusterAffinities,
  validateClusterAffinity,
  validateOverflowUse,
} from './affinityRules.ts';
import { invalid, invalidText, invalidValue, notSupported, type FieldError } from './fieldError.ts';
import {
  placement as placementType,
  spreadConstraint,
  spreadConstraints,
  suspension as suspensionType,
  workloadAffinity as workloadAffinityType,
} from './goTypes.ts';

/**
 * The rules of the validating webhooks of PropagationPolicy and ClusterPropagationPolicy, in Karmada's order
 * (`ValidatePropagationSpec` of `pkg/util/validation/validation.go`). `namespace` is empty for the cluster-scoped one.
 */
export function validatePropagationSpec(spec: JsonObject, namespace: string): FieldError[] {
  const failover = member(spec, 'failover');
  const errors = validatePlacement(member(spec, 'placement'));
  if (member(failover, 'application') !== undefined && member(spec, 'propagateDeps') !== true) {
    const detail = 'application failover is set, propagateDeps must be true';
    errors.push(invalid('spec.propagateDeps', 'false', detail));
  }
  errors.push(
    ...validateApplicationFailover(member(failover, 'application')),
    ...validateStatePreservation(member(failover, 'cluster'), 'spec.failover.cluster'),
    ...validateSelectorNamespaces(spec, namespace),
    ...validatePreemption(spec),
    ...validateSuspension(member(spec, 'suspension')),
  );
  return errors;
}

/** A namespaced policy only selects in its own namespace. */
export function validateSelectorNamespaces(spec: JsonObject, namespace: string): FieldError[] {
  if (namespace === '') return [];
  const errors: FieldError[] = [];
  arrayMember(spec, 'resourceSelectors').forEach((selector, i) => {
    const selected = stringMember(selector, 'namespace');
    if (selected === namespace) return;
    const detail = 'namespace of resource selector must be the same as the namespace of the policy';
    errors.push(invalidText(`spec.resourceSelectors[${i}].namespace`, selected, detail));
  });
  return errors;
}

function validatePreemption(spec: JsonObject): FieldError[] {
  if (stringMember(spec, 'preemption') !== 'Always') return [];
  const errors: FieldError[] = [];
  arrayMember(spec, 'resourceSelectors').forEach((selector, i) => {
    if (stringMember(selector, 'name') !== '') return;
    const detail =
      'name cannot be empty if preemption is Always, the empty name may cause unexpected resources preemption';
    errors.push(invalidText(`spec.resourceSelectors[${i}].name`, '', detail));
  });
  return errors;
}

/** Karmada names the path `spec.suspension.suspension`. */
function validateSuspension(suspension: JsonValue | undefined): FieldError[] {
  const names = arrayMember(member(suspension, 'dispatchingOnClusters'), 'clusterNames');
  if (member(suspension, 'dispatching') !== true || names.length === 0) return [];
  const detail = 'suspension dispatching cannot co-exist with dispatchingOnClusters.clusterNames';
  return [invalidValue('spec.suspension.suspension', suspensionType, suspension, detail)];
}

function validatePlacement(placement: JsonValue | undefined): FieldError[] {
  const field = 'spec.placement';
  const affinity = member(placement, 'clusterAffinity');
  const errors: FieldError[] = [];
  if (affinity !== undefined && member(placement, 'clusterAffinities') !== undefined) {
    const detail = 'clusterAffinities cannot co-exist with clusterAffinity';
    errors.push(invalidValue(field, placementType, placement, detail));
  }
  errors.push(
    ...validateOverflowUse(placement, field),
    ...validateClusterAffinity(affinity, `${field}.clusterAffinity`),
    ...validateClusterAffinities(placement, `${field}.clusterAffinities`),
    ...validateSpreadConstraints(placement, `${field}.spreadConstraints`),
    ...validateWorkloadAffinity(member(placement, 'workloadAffinity'), `${field}.workloadAffinity`),
    ...validateTolerations(placement, `${field}.clusterTolerations`),
  );
  return errors;
}

function validateSpreadConstraints(placement: JsonValue | undefined, field: string): FieldError[] {
  const errors: FieldError[] = [];
  const all = member(placement, 'spreadConstraints');
  const seen = new Map<string, 'once' | 'reported'>();
  arrayMember(placement, 'spreadConstraints').forEach((constraint, i) => {
    for (const detail of spreadConstraintProblems(constraint)) {
      errors.push(invalidValue(`${field}[${i}]`, spreadConstraint, constraint, detail));
    }
    const by = stringMember(constraint, 'spreadByField');
    if (by === '') return;
    if (seen.get(by) === 'once') {
      const detail = `multiple ${by} spread constraints are not allowed`;
      errors.push(invalidValue(field, spreadConstraints, all, detail));
    }
    seen.set(by, seen.has(by) ? 'reported' : 'once');
  });
  if (seen.size > 0 && !seen.has('cluster')) {
    const detail =
      'the cluster spread constraint must be enabled in one of the constraints in case of SpreadByField is enabled';
    errors.push(invalidValue(field, spreadConstraints, all, detail));
  }
  return errors;
}

function spreadConstraintProblems(constraint: JsonValue): string[] {
  const problems: string[] = [];
  const min = groups(constraint, 'minGroups');
  const max = groups(constraint, 'maxGroups');
  if (
    stringMember(constraint, 'spreadByField') !== '' &&
    stringMember(constraint, 'spreadByLabel') !== ''
  ) {
    problems.push('spreadByLabel should not co-exist with spreadByField');
  }
  if (min < 0) problems.push('minGroups lower than 0 is not allowed');
  if (max < 0) problems.push('maxGroups lower than 0 is not allowed');
  if (max > 0 && max < min) problems.push('maxGroups lower than minGroups is not allowed');
  return problems;
}

function groups(constraint: JsonValue, key: 'minGroups' | 'maxGroups'): number | bigint {
  const value = member(constraint, key);
  return typeof value === 'number' || typeof value === 'bigint' ? value : 0;
}

function validateWorkloadAffinity(affinity: JsonValue | undefined, field: string): FieldError[] {
  const errors: FieldError[] = [];
  const keys = ['affinity', 'antiAffinity'].map((term) => {
    if (member(affinity, term) === undefined) return undefined;
    const key = stringMember(member(affinity, term), 'groupByLabelKey');
    for (const problem of labelKeyErrors(key)) {
      errors.push(invalidText(`${field}.${term}.groupByLabelKey`, key, problem));
    }
    return key;
  });
  if (keys[0] !== undefined && keys[0] === keys[1]) {
    const detail = 'affinity and antiAffinity must not use the same groupByLabelKey';
    errors.push(invalidValue(field, workloadAffinityType, affinity, detail));
  }
  return errors;
}

function validateTolerations(placement: JsonValue | undefined, field: string): FieldError[] {
  const errors: FieldError[] = [];
  arrayMember(placement, 'clusterTolerations').forEach((toleration, i) => {
    const operator = stringMember(toleration, 'operator');
    if (operator === 'Lt' || operator === 'Gt') {
      errors.push(notSupported(`${field}[${i}].operator`, operator, ['', 'Exists', 'Equal']));
    }
  });
  return errors;
}

/**
 * `ValidateApplicationFailover`. It reads `tolerationSeconds` without a nil check; the schema's default of 300 is
 * taken as given.
 */
function validateApplicationFailover(application: JsonValue | undefined): FieldError[] {
  if (application === undefined) return [];
  const field = 'spec.failover.application';
  const errors: FieldError[] = [];
  const tolerated = memberAt(application, 'decisionConditions', 'tolerationSeconds');
  if (typeof tolerated === 'number' && tolerated < 0) {
    const at = `${field}.decisionConditions.tolerationSeconds`;
    errors.push(invalid(at, String(tolerated), 'must be greater than or equal to 0'));
  }
  const graceful = ['Gracefully', 'Graciously'].includes(stringMember(application, 'purgeMode'));
  const grace = member(application, 'gracePeriodSeconds');
  const at = `${field}.gracePeriodSeconds`;
  if (typeof grace === 'number') {
    if (!graceful) {
      errors.push(invalid(at, String(grace), 'only takes effect when purgeMode is gracefully'));
    }
    if (grace <= 0) errors.push(invalid(at, String(grace), 'must be greater than 0'));
  } else if (graceful) {
    // Only a purge mode that the API server defaults after the mutating webhook comes here without one.
    errors.push(invalid(at, 'null', 'should not be empty when purgeMode is gracefully'));
  }
  return [...errors, ...validateStatePreservation(application, field)];
}

function validateStatePreservation(behavior: JsonValue | undefined, field: string): FieldError[] {
  const errors: FieldError[] = [];
  arrayMember(member(behavior, 'statePreservation'), 'rules').forEach((rule, i) => {
    const name = stringMember(rule, 'aliasLabelName');
    for (const problem of labelKeyErrors(name)) {
      const at = `${field}.statePreservation.rules[${i}].aliasLabelName`;
      errors.push(invalidText(at, name, problem));
    }
  });
  return errors;
}
