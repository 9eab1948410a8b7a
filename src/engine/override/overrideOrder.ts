import { arrayMember, compareBytes, isObject, member, memberAt, stringMember } from '../json.ts';
import { compileResourceSelectors, type Matcher } from '../selection/resourceSelector.ts';
import type { JsonObject, JsonValue } from '../types.ts';
import { compileOverriders, type OverrideStep } from './overriders.ts';
import { fitGoNumbers } from './goNumbers.ts';

/** One entry of `overrideRules`, or the deprecated pair of a policy that has none. */
export interface OverrideRule {
  readonly policy: OverridePolicy;
  /** Position in `overrideRules`; -1 for the deprecated `targetCluster` and `overriders`. */
  readonly index: number;
  /** Undefined means every cluster. */
  readonly targetCluster: JsonObject | undefined;
  readonly overriders: JsonObject;
  readonly steps: readonly OverrideStep[];
}

/** An OverridePolicy or ClusterOverridePolicy, read once. */
export interface OverridePolicy {
  readonly kind: 'OverridePolicy' | 'ClusterOverridePolicy';
  readonly name: string;
  /** Empty for a ClusterOverridePolicy. */
  readonly namespace: string;
  readonly object: JsonObject;
  readonly rules: readonly OverrideRule[];
  /** Undefined when the policy names no resources and so takes all. */
  readonly matcher: Matcher | undefined;
}

/** All override policies of a control plane, by scope, each list in the order of names. */
export interface OverridePolicies {
  readonly clusterScoped: readonly OverridePolicy[];
  readonly byNamespace: ReadonlyMap<string, readonly OverridePolicy[]>;
}

const readPolicies = new WeakMap<JsonObject, OverridePolicy>();
const readLists = new WeakMap<readonly JsonObject[], OverridePolicies>();
const noPolicies: readonly OverridePolicy[] = [];
const noOverriders: JsonObject = {};

/** Whether an object is an OverridePolicy or a ClusterOverridePolicy. */
export function isOverridePolicy(object: JsonObject): boolean {
  const kind = stringMember(object, 'kind');
  return (
    (kind === 'OverridePolicy' || kind === 'ClusterOverridePolicy') &&
    stringMember(object, 'apiVersion').startsWith('policy.karmada.io/')
  );
}

/** Reads and sorts the override policies among some objects; once a list. */
export function overridePoliciesOf(objects: readonly JsonObject[]): OverridePolicies {
  const known = readLists.get(objects);
  if (known) return known;
  const sorted = objects
    .filter(isOverridePolicy)
    .map(overridePolicyOf)
    .sort((a, b) => compareBytes(a.name, b.name));
  const clusterScoped: OverridePolicy[] = [];
  const byNamespace = new Map<string, OverridePolicy[]>();
  for (const policy of sorted) {
    if (policy.kind === 'ClusterOverridePolicy') clusterScoped.push(policy);
    else {
      const list = byNamespace.get(policy.namespace);
      if (list) list.push(policy);
      else byNamespace.set(policy.namespace, [policy]);
    }
  }
  const policies = { clusterScoped, byNamespace };
  readLists.set(objects, policies);
  return policies;
}

/** Reads one override policy; once an object. */
export function overridePolicyOf(object: JsonObject): OverridePolicy {
  const known = readPolicies.get(object);
  if (known) return known;
  const isClusterScoped = stringMember(object, 'kind') === 'ClusterOverridePolicy';
  const metadata = member(object, 'metadata');
  const selectors = arrayMember(member(object, 'spec'), 'resourceSelectors');
  const rules: OverrideRule[] = [];
  const policy: OverridePolicy = {
    kind: isClusterScoped ? 'ClusterOverridePolicy' : 'OverridePolicy',
    name: stringMember(metadata, 'name'),
    namespace: isClusterScoped ? '' : stringMember(metadata, 'namespace'),
    object,
    rules,
    matcher: selectors.length ? compileResourceSelectors(selectors) : undefined,
  };
  const spec = fitGoNumbers(member(object, 'spec') ?? null);
  const written = arrayMember(spec, 'overrideRules');
  if (written.length) {
    written.forEach((rule, index) => rules.push(ruleOf(policy, rule, index)));
  } else rules.push(ruleOf(policy, spec, -1));
  readPolicies.set(object, policy);
  return policy;
}

function ruleOf(policy: OverridePolicy, rule: JsonValue, index: number): OverrideRule {
  const targetCluster = member(rule, 'targetCluster');
  const overriders = member(rule, 'overriders');
  return {
    policy,
    index,
    targetCluster: isObject(targetCluster) ? targetCluster : undefined,
    overriders: isObject(overriders) ? overriders : noOverriders,
    steps: compileOverriders(overriders),
  };
}

/** The ClusterOverridePolicies that match an object, in the order in which they apply. */
export function matchingClusterOverridePolicies(
  policies: OverridePolicies,
  object: JsonObject,
): readonly OverridePolicy[] {
  return inOrder(policies.clusterScoped, object);
}

/** The OverridePolicies that match an object, as its ClusterOverridePolicies left it, in the order in which they apply. */
export function matchingOverridePolicies(
  policies: OverridePolicies,
  object: JsonObject,
): readonly OverridePolicy[] {
  const namespace = memberAt(object, 'metadata', 'namespace');
  if (typeof namespace !== 'string' || namespace === '') return noPolicies;
  return inOrder(policies.byNamespace.get(namespace) ?? noPolicies, object);
}

/**
 * Ascending implicit priority, then name, so that the most specific policy has the last word
 * (`getOverridersFromOverridePolicies` of `pkg/util/overridemanager/overridemanager.go`).
 */
function inOrder(
  sortedByName: readonly OverridePolicy[],
  object: JsonObject,
): readonly OverridePolicy[] {
  const levels: [OverridePolicy[], OverridePolicy[], OverridePolicy[]] = [[], [], []];
  for (const policy of sortedByName) {
    const priority = policy.matcher ? policy.matcher(object) : 1;
    if (priority > 0) levels[priority - 1]?.push(policy);
  }
  return levels.flat();
}
