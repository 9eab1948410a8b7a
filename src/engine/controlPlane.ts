import { policyKind } from './admission/admit.ts';
import { compareBytes, isObject, member, stringMember } from './json.ts';
import { indexPolicies, type PolicyIndex } from './selection/claim.ts';
import { clusterFacts, isCluster, type ClusterFacts } from './selection/clusterFacts.ts';
import { storedPolicy, type StoredPolicy } from './selection/storedPolicy.ts';
import type { JsonObject } from './types.ts';

/** Objects sorted by what they are to Karmada. */
export interface ControlPlane {
  /** By name. The list is the same one as before while every cluster is. */
  readonly clusters: readonly ClusterFacts[];
  /** The same clusters as objects. */
  readonly clusterObjects: readonly JsonObject[];
  /** Policies that admission accepts. The list is the same one as before while every policy is. */
  readonly policies: readonly StoredPolicy[];
  readonly index: PolicyIndex;
  /** The override policies among them, as stored. */
  readonly overrides: readonly JsonObject[];
  readonly templates: ReadonlyMap<string, JsonObject>;
}

/**
 * Sorts objects as the control plane would hold them: of two with one key the last counts, where a policy that admission
 * refuses does not exist and so replaces nothing. Objects without apiVersion, kind or name are left out. Lists of a
 * control plane before, the latest in front, are kept where nothing in them has changed, so that later answers can be
 * shared.
 */
export function readControlPlane(
  objects: readonly JsonObject[],
  before: readonly ControlPlane[] = [],
): ControlPlane {
  const clusters = new Map<string, ClusterFacts>();
  const policies = new Map<string, StoredPolicy>();
  const templates = new Map<string, JsonObject>();
  for (const object of objects) {
    if (!isObject(object)) continue;
    const found = roleOf(object);
    if (found?.type === 'cluster') clusters.set(found.facts.name, found.facts);
    else if (found?.type === 'policy') policies.set(found.key, found.policy);
    else if (found?.type === 'template') templates.set(found.key, object);
  }
  return {
    ...keepClusters(clusters, before),
    ...keepPolicies(policies, before),
    templates,
  };
}

type Role =
  | { readonly type: 'cluster'; readonly facts: ClusterFacts }
  | { readonly type: 'policy'; readonly key: string; readonly policy: StoredPolicy }
  | { readonly type: 'template'; readonly key: string };

const roles = new WeakMap<JsonObject, Role | null>();

/** What an object is to Karmada, found out once an object; `undefined` for what it does not hold. */
function roleOf(object: JsonObject): Role | undefined {
  let role = roles.get(object);
  if (role === undefined) roles.set(object, (role = findRole(object) ?? null));
  return role ?? undefined;
}

function findRole(object: JsonObject): Role | undefined {
  const key = templateKey(object);
  if (key === undefined) return undefined;
  if (isCluster(object)) return { type: 'cluster', facts: clusterFacts(object) };
  if (policyKind(object) === undefined) return { type: 'template', key };
  const policy = storedPolicy(object);
  return policy && { type: 'policy', key, policy };
}

type Clusters = Pick<ControlPlane, 'clusters' | 'clusterObjects'>;
type Policies = Pick<ControlPlane, 'policies' | 'index' | 'overrides'>;

function keepClusters(
  found: ReadonlyMap<string, ClusterFacts>,
  before: readonly Clusters[],
): Clusters {
  const clusters = [...found.values()].sort((a, b) => compareBytes(a.name, b.name));
  const same = before.find((one) => isSameList(one.clusters, clusters));
  return same
    ? { clusters: same.clusters, clusterObjects: same.clusterObjects }
    : { clusters, clusterObjects: clusters.map(({ object }) => object) };
}

function keepPolicies(
  found: ReadonlyMap<string, StoredPolicy>,
  before: readonly Policies[],
): Policies {
  const policies = [...found.values()].sort((a, b) => compareBytes(a.id, b.id));
  const same = before.find((one) => isSameList(one.policies, policies));
  if (same) return { policies: same.policies, index: same.index, overrides: same.overrides };
  const overrides = policies.filter(isOverride).map(({ object }) => object);
  const alike = before.find((one) => isSameToIndex(one.policies, policies));
  return { policies, index: alike?.index ?? indexPolicies(policies), overrides };
}

/** Of override policies the index knows the names only, so that an edit of one leaves it as it is. */
function isSameToIndex(before: readonly StoredPolicy[], now: readonly StoredPolicy[]): boolean {
  return (
    before.length === now.length &&
    before.every((policy, i) => {
      const other = now[i];
      if (policy === other) return true;
      return other !== undefined && isOverride(policy) && policy.id === other.id;
    })
  );
}

/** Whether a policy is an OverridePolicy or a ClusterOverridePolicy. */
export function isOverride({ kind }: StoredPolicy): boolean {
  return kind === 'OverridePolicy' || kind === 'ClusterOverridePolicy';
}

/** Whether two lists hold the same things, by identity. */
export function isSameList<T>(a: readonly T[], b: readonly T[]): boolean {
  return a.length === b.length && a.every((item, i) => item === b[i]);
}

/** `APIVERSION/KIND/NAMESPACE/NAME`, `undefined` when the object lacks one that it must have. */
export function templateKey(object: JsonObject): string | undefined {
  const apiVersion = stringMember(object, 'apiVersion');
  const kind = stringMember(object, 'kind');
  const metadata = member(object, 'metadata');
  const name = stringMember(metadata, 'name');
  if (apiVersion === '' || kind === '' || name === '') return undefined;
  return `${apiVersion}/${kind}/${stringMember(metadata, 'namespace')}/${name}`;
}
