import { arrayMember, compareBytes, memberAt, stringMember } from '../json.ts';
import type { JsonObject } from '../types.ts';
import { annotationsOf, labelsOf } from './labelSelector.ts';
import type { Match } from './resourceSelector.ts';
import type { SkipReason, SkipTest } from './skipped.ts';
import { policyId } from './storedPolicy.ts';
import type { StoredPolicy } from './storedPolicy.ts';

/** The policies of a control plane, by how claims look them up. */
export interface PolicyIndex {
  readonly propagation: ReadonlyMap<string, readonly StoredPolicy[]>;
  readonly clusterPropagation: readonly StoredPolicy[];
  /** `NAMESPACE/NAME` of OverridePolicies and `/NAME` of ClusterOverridePolicies, for `dependentOverrides`. */
  readonly overrideNames: ReadonlySet<string>;
}

/** Why a template that already carries a claim goes nowhere. */
export type LostClaim = 'policy-not-found' | 'policy-deleting' | 'selectors-no-longer-match';

/** A policy claims the template. */
export interface ClaimedBy {
  readonly type: 'claimed';
  readonly policy: StoredPolicy;
  /** The claim was on the template already. */
  readonly isExisting: boolean;
  /** `activationPreference: Lazy`: a change of the policy alone propagates nothing. */
  readonly isLazy: boolean;
}

/** What becomes of a template. */
export type Claim =
  | ClaimedBy
  /** Nothing happens until every override policy that the policy depends on exists. */
  | { readonly type: 'waiting'; readonly policy: StoredPolicy; readonly missing: readonly string[] }
  | { readonly type: 'lost'; readonly reason: LostClaim; readonly policyId: string }
  | { readonly type: 'skipped'; readonly reason: SkipReason }
  | { readonly type: 'unclaimed' };

export const propagationIdLabel = 'propagationpolicy.karmada.io/permanent-id';
export const propagationNamespaceAnnotation = 'propagationpolicy.karmada.io/namespace';
export const propagationNameAnnotation = 'propagationpolicy.karmada.io/name';
export const clusterPropagationIdLabel = 'clusterpropagationpolicy.karmada.io/permanent-id';
export const clusterPropagationNameAnnotation = 'clusterpropagationpolicy.karmada.io/name';

/** Sorts stored policies for claims. */
export function indexPolicies(policies: Iterable<StoredPolicy>): PolicyIndex {
  const propagation = new Map<string, StoredPolicy[]>();
  const clusterPropagation: StoredPolicy[] = [];
  const overrideNames = new Set<string>();
  for (const policy of policies) {
    if (policy.kind === 'ClusterPropagationPolicy') clusterPropagation.push(policy);
    else if (policy.kind === 'PropagationPolicy') {
      const namespace = propagation.get(policy.namespace);
      if (namespace) namespace.push(policy);
      else propagation.set(policy.namespace, [policy]);
    } else overrideNames.add(`${policy.namespace}/${policy.name}`);
  }
  return { propagation, clusterPropagation, overrideNames };
}

export interface ClaimOptions {
  /** The feature gate PropagationPolicyPreemption, off by default. */
  readonly preempts?: boolean;
}

/**
 * Which policy claims a template (`propagateResource` of `pkg/detector/policy.go`): an existing claim stays as it is,
 * then the best PropagationPolicy of the template's namespace, then the best ClusterPropagationPolicy. The template is
 * taken to be applied after the policies, which is when a policy with `activationPreference: Lazy` propagates at once.
 */
export function claimTemplate(
  template: JsonObject,
  index: PolicyIndex,
  skips: SkipTest,
  options: ClaimOptions = {},
): Claim {
  const reason = skips(template);
  if (reason !== undefined) return { type: 'skipped', reason };
  const existing = existingClaim(template);
  if (existing) {
    const preempting = options.preempts ? preemptingPolicy(template, existing, index) : undefined;
    return preempting
      ? withDependencies(preempting, index, false)
      : resolveExisting(template, existing, index);
  }
  const policy = bestPolicy(template, index);
  return policy ? withDependencies(policy, index, false) : { type: 'unclaimed' };
}

function bestPolicy(template: JsonObject, index: PolicyIndex): StoredPolicy | undefined {
  const namespace = namespaceOf(template);
  const local = namespace === '' ? [] : (index.propagation.get(namespace) ?? []);
  return best(template, local) ?? best(template, index.clusterPropagation);
}

/** Highest priority, then strongest match, then the name that sorts first (`pkg/detector/compare.go`). */
function best(template: JsonObject, policies: readonly StoredPolicy[]): StoredPolicy | undefined {
  let winner: StoredPolicy | undefined;
  let winnerMatch: Match = 0;
  for (const policy of policies) {
    if (policy.deleting || (winner && policy.priority < winner.priority)) continue;
    const match = policy.matches(template);
    if (match === 0) continue;
    if (winner && loses(policy, match, winner, winnerMatch) !== undefined) continue;
    winner = policy;
    winnerMatch = match;
  }
  return winner;
}

/** Why a policy loses against another of the same scope; `undefined` when it wins. */
export function loses(
  policy: StoredPolicy,
  match: Match,
  winner: StoredPolicy,
  winnerMatch: Match,
): 'lower-priority' | 'weaker-match' | 'later-name' | undefined {
  if (policy.priority !== winner.priority) {
    return policy.priority < winner.priority ? 'lower-priority' : undefined;
  }
  if (match !== winnerMatch) return match < winnerMatch ? 'weaker-match' : undefined;
  return compareBytes(policy.name, winner.name) > 0 ? 'later-name' : undefined;
}

function withDependencies(policy: StoredPolicy, index: PolicyIndex, isExisting: boolean): Claim {
  const missing = arrayMember(policy.spec, 'dependentOverrides').filter(
    (name) => typeof name === 'string' && !index.overrideNames.has(`${policy.namespace}/${name}`),
  );
  return missing.length > 0
    ? { type: 'waiting', policy, missing: missing.map(String) }
    : {
        type: 'claimed',
        policy,
        isExisting,
        isLazy: stringMember(policy.spec, 'activationPreference') === 'Lazy',
      };
}

/** Which policy a template says that it is claimed by. */
export interface ExistingClaim {
  readonly kind: 'PropagationPolicy' | 'ClusterPropagationPolicy';
  readonly namespace: string;
  readonly name: string;
}

/** The claim that a template carries in its labels and annotations (`pkg/detector/claim.go`). */
export function existingClaim(template: JsonObject): ExistingClaim | undefined {
  const labels = labelsOf(template);
  const annotations = annotationsOf(template);
  const namespace = annotations.get(propagationNamespaceAnnotation) ?? '';
  const name = annotations.get(propagationNameAnnotation) ?? '';
  if (namespace !== '' && name !== '' && (labels.get(propagationIdLabel) ?? '') !== '') {
    return { kind: 'PropagationPolicy', namespace, name };
  }
  const clusterName = annotations.get(clusterPropagationNameAnnotation) ?? '';
  return clusterName !== '' && (labels.get(clusterPropagationIdLabel) ?? '') !== ''
    ? { kind: 'ClusterPropagationPolicy', namespace: '', name: clusterName }
    : undefined;
}

function claimant(claim: ExistingClaim, index: PolicyIndex): StoredPolicy | undefined {
  const policies =
    claim.kind === 'PropagationPolicy'
      ? index.propagation.get(claim.namespace)
      : index.clusterPropagation;
  return policies?.find(({ name }) => name === claim.name);
}

/**
 * The policy with `preemption: Always` that takes a claimed template over (`pkg/detector/preemption.go`): one of
 * strictly higher priority and of the same kind, or any PropagationPolicy against a ClusterPropagationPolicy.
 */
function preemptingPolicy(
  template: JsonObject,
  claim: ExistingClaim,
  index: PolicyIndex,
): StoredPolicy | undefined {
  const current = claimant(claim, index);
  if (!current) return undefined;
  const contenders = (policies: readonly StoredPolicy[]): StoredPolicy[] =>
    policies.filter(
      (policy) =>
        stringMember(policy.spec, 'preemption') === 'Always' &&
        (policy.kind !== current.kind || policy.priority > current.priority),
    );
  const local = best(template, contenders(index.propagation.get(namespaceOf(template)) ?? []));
  if (local || current.kind === 'PropagationPolicy') return local;
  return best(template, contenders(index.clusterPropagation));
}

function resolveExisting(template: JsonObject, claim: ExistingClaim, index: PolicyIndex): Claim {
  const policy = claimant(claim, index);
  const lost = (reason: LostClaim): Claim => {
    return { type: 'lost', reason, policyId: policyId(claim) };
  };
  if (!policy) return lost('policy-not-found');
  if (policy.deleting) return lost('policy-deleting');
  if (policy.matches(template) === 0) return lost('selectors-no-longer-match');
  return withDependencies(policy, index, true);
}

/** The namespace of an object, empty when it has none. */
export function namespaceOf(template: JsonObject): string {
  return stringMember(memberAt(template, 'metadata'), 'namespace');
}
