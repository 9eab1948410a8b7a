import { arrayMember, isObject, member, memberAt, stringMember, withMember } from '../json.ts';
import type { Admission, JsonObject, JsonValue } from '../types.ts';
import { aggregate, type FieldError } from './fieldError.ts';
import { goDecode } from './goDecode.ts';
import { goValue } from './goEncode.ts';
import { policyTypes, type GoStruct } from './goTypes.ts';
import { validateOverrideSpec } from './overrideRules.ts';
import { validatePropagationSpec } from './propagationRules.ts';

export type PolicyKind =
  'PropagationPolicy' | 'ClusterPropagationPolicy' | 'OverridePolicy' | 'ClusterOverridePolicy';

/**
 * The webhooks' verdict with its causes. `denied` is a 403 with `errors`; `undecodable` is a 400: the webhook could
 * not even read the object.
 */
export interface PolicyAdmission extends Admission {
  readonly type: 'allowed' | 'denied' | 'undecodable';
  /** Every broken rule, in Karmada's order; empty unless denied. */
  readonly errors: readonly FieldError[];
}

/** The policy kind of an object, `undefined` when it is none of the four. */
export function policyKind(object: JsonObject): PolicyKind | undefined {
  const kind = stringMember(object, 'kind');
  return isPolicyKind(kind) && stringMember(object, 'apiVersion') === 'policy.karmada.io/v1alpha1'
    ? kind
    : undefined;
}

function isPolicyKind(kind: string): kind is PolicyKind {
  return policyTypes.has(kind);
}

const admitted = new WeakMap<JsonObject, PolicyAdmission>();

/**
 * What Karmada's webhooks answer when a policy is created: the mutating defaults to `spec`, then the validation. An
 * object that is no policy is allowed as it is. Answered once an object.
 *
 * Follows `pkg/webhook/{propagationpolicy,clusterpropagationpolicy,overridepolicy,clusteroverridepolicy}`.
 */
export function admit(object: JsonObject): PolicyAdmission {
  const known = admitted.get(object);
  if (known) return known;
  const answer = decide(object);
  admitted.set(object, answer);
  return answer;
}

function decide(object: JsonObject): PolicyAdmission {
  const kind = policyKind(object);
  const type = kind && policyTypes.get(kind);
  if (!kind || !type) return { type: 'allowed', allowed: true, object, errors: [] };
  const decoded = goDecode(type, object);
  if ('error' in decoded) {
    const message = decoded.error;
    return { type: 'undecodable', allowed: false, message, object, errors: [] };
  }
  const namespace = kind.startsWith('Cluster') ? '' : metadataNamespace(object);
  const { spec, stored } = mutate(kind, type, object, member(decoded.value, 'spec'), namespace);
  const validate = isPropagation(kind) ? validatePropagationSpec : validateOverrideSpec;
  const errors = validate(spec, namespace);
  if (errors.length === 0) return { type: 'allowed', allowed: true, object: stored, errors };
  return { type: 'denied', allowed: false, message: aggregate(errors), object: stored, errors };
}

function isPropagation(kind: PolicyKind): boolean {
  return kind === 'PropagationPolicy' || kind === 'ClusterPropagationPolicy';
}

function metadataNamespace(object: JsonObject): string {
  const namespace = memberAt(object, 'metadata', 'namespace');
  return typeof namespace === 'string' ? namespace : '';
}

interface Mutated {
  /** The spec as the validating webhook decodes it. */
  readonly spec: JsonObject;
  readonly stored: JsonObject;
}

/**
 * The defaults. What the mutating webhook has written back holds no empty lists, so the validating webhook sees none;
 * ClusterOverridePolicies have no mutating webhook and keep them.
 */
function mutate(
  kind: PolicyKind,
  type: GoStruct,
  object: JsonObject,
  decoded: JsonValue | undefined,
  namespace: string,
): Mutated {
  const given = isObject(decoded) ? decoded : {};
  if (kind === 'ClusterOverridePolicy') return { spec: given, stored: object };
  let spec = namespace === '' ? given : withSelectorNamespaces(given, namespace);
  if (isPropagation(kind)) spec = withPropagationDefaults(spec);
  const specType = type.fields.find((field) => field.name === 'spec')?.of;
  if (specType?.type !== 'struct') return { spec, stored: object };
  const written = goValue(specType, spec);
  const read = goDecode(specType, written);
  return {
    spec: 'value' in read ? read.value : spec,
    stored: withMember(object, 'spec', written),
  };
}

/** `member` applied to every element of the list at `key`, when there is such a list. */
function mapMember(
  object: JsonObject,
  key: string,
  change: (item: JsonObject) => JsonObject,
): JsonObject {
  if (arrayMember(object, key).length === 0) return object;
  const items = arrayMember(object, key).map((item) => (isObject(item) ? change(item) : item));
  return withMember(object, key, items);
}

function withSelectorNamespaces(spec: JsonObject, namespace: string): JsonObject {
  return mapMember(spec, 'resourceSelectors', (selector) =>
    stringMember(selector, 'namespace') === ''
      ? withMember(selector, 'namespace', namespace)
      : selector,
  );
}

/** `pkg/util/helper/policy.go`; `maxGroups` has no default. */
function withPropagationDefaults(spec: JsonObject): JsonObject {
  let defaulted = spec;
  const placement = member(spec, 'placement');
  if (isObject(placement)) {
    defaulted = withMember(defaulted, 'placement', withPlacementDefaults(placement));
  }
  const selectsServiceImport = arrayMember(spec, 'resourceSelectors').some(
    (selector) =>
      stringMember(selector, 'kind') === 'ServiceImport' &&
      stringMember(selector, 'apiVersion') === 'multicluster.x-k8s.io/v1alpha1',
  );
  if (selectsServiceImport) defaulted = withMember(defaulted, 'propagateDeps', true);
  const failover = member(spec, 'failover');
  const application = member(failover, 'application');
  if (isObject(failover) && isObject(application) && lacksGracePeriod(application)) {
    const graceful = withMember(application, 'gracePeriodSeconds', 600);
    defaulted = withMember(defaulted, 'failover', withMember(failover, 'application', graceful));
  }
  return defaulted;
}

function lacksGracePeriod(application: JsonObject): boolean {
  const purgeMode = stringMember(application, 'purgeMode');
  return (
    (purgeMode === 'Gracefully' || purgeMode === 'Graciously') &&
    member(application, 'gracePeriodSeconds') === undefined
  );
}

function withPlacementDefaults(placement: JsonObject): JsonObject {
  const defaulted = mapMember(placement, 'spreadConstraints', withSpreadDefaults);
  const replicaScheduling = member(placement, 'replicaScheduling');
  if (
    isObject(replicaScheduling) &&
    stringMember(replicaScheduling, 'replicaSchedulingType') === 'Divided' &&
    stringMember(replicaScheduling, 'replicaDivisionPreference') === ''
  ) {
    const weighted = withMember(replicaScheduling, 'replicaDivisionPreference', 'Weighted');
    return withMember(defaulted, 'replicaScheduling', weighted);
  }
  return defaulted;
}

function withSpreadDefaults(constraint: JsonObject): JsonObject {
  const isUnset =
    stringMember(constraint, 'spreadByField') === '' &&
    stringMember(constraint, 'spreadByLabel') === '';
  const spread = isUnset ? withMember(constraint, 'spreadByField', 'cluster') : constraint;
  const hasMinimum = Boolean(member(constraint, 'minGroups'));
  return hasMinimum ? spread : withMember(spread, 'minGroups', 1);
}
