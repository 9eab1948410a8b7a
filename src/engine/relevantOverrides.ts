import { arrayMember, compareBytes, member, stringMember } from './json.ts';
import type { StoredPolicy } from './selection/storedPolicy.ts';
import type { JsonObject } from './types.ts';

/**
 * The overrides that may touch a template. ClusterOverridePolicies are matched with the template as claimed;
 * OverridePolicies with what those have made of it, so any of them may count as soon as one applies.
 */
export function relevantOverrides(
  overrides: readonly StoredPolicy[],
  claimed: JsonObject,
): StoredPolicy[] {
  const clusterWide = overrides.filter(
    (policy) => policy.kind === 'ClusterOverridePolicy' && mayTouch(policy, claimed, none),
  );
  const namespaced = overrides.filter(
    (policy) => policy.kind === 'OverridePolicy' && mayTouch(policy, claimed, clusterWide),
  );
  return [...clusterWide, ...namespaced];
}

const none: readonly StoredPolicy[] = [];

/** Whether a policy may touch a template that some other policies, the ClusterOverridePolicies in front, touch. */
function mayTouch(
  policy: StoredPolicy,
  claimed: JsonObject,
  others: readonly StoredPolicy[],
): boolean {
  if (policy.kind === 'OverridePolicy') {
    if (others[0]?.kind === 'ClusterOverridePolicy') return true;
    const namespace = stringMember(member(claimed, 'metadata'), 'namespace');
    if (policy.namespace !== namespace) return false;
  }
  return arrayMember(policy.spec, 'resourceSelectors').length === 0 || policy.matches(claimed) > 0;
}

/** The override policies that came and went between two control planes. */
export interface OverrideChanges {
  readonly gone: ReadonlySet<StoredPolicy>;
  readonly come: readonly StoredPolicy[];
}

/** Compares by identity: a policy that was edited is gone and has come. */
export function overrideChanges(
  before: readonly StoredPolicy[],
  now: readonly StoredPolicy[],
): OverrideChanges {
  const [old, kept] = [new Set(before), new Set(now)];
  return {
    gone: new Set(before.filter((policy) => !kept.has(policy))),
    come: now.filter((policy) => !old.has(policy)),
  };
}

/** Whether a change can reach a template with these overrides. */
export function isTouchedBy(
  { gone, come }: OverrideChanges,
  overrides: readonly StoredPolicy[],
  claimed: JsonObject,
): boolean {
  return (
    overrides.some((policy) => gone.has(policy)) ||
    come.some((policy) => mayTouch(policy, claimed, overrides))
  );
}

/** The overrides of a template after a change, among all that there are. */
export function overridesAfter(
  { gone, come }: OverrideChanges,
  before: readonly StoredPolicy[],
  claimed: JsonObject,
  all: readonly StoredPolicy[],
): readonly StoredPolicy[] {
  if (before.some(isClusterWide) || come.some(isClusterWide)) {
    return relevantOverrides(all, claimed);
  }
  const overrides = before.filter((policy) => !gone.has(policy));
  for (const policy of come) if (mayTouch(policy, claimed, none)) overrides.push(policy);
  return overrides.length > 1 ? overrides.sort((a, b) => compareBytes(a.id, b.id)) : overrides;
}

function isClusterWide({ kind }: StoredPolicy): boolean {
  return kind === 'ClusterOverridePolicy';
}
