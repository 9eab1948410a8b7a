import { policyKind } from './admission/admit.ts';
import { compareBytes, isObject, member, stringMember } from './json.ts';
import { indexPolicies, type PolicyIndex } from './selection/claim.ts';
import { clusterFacts, isCluster, type ClusterFacts } from './selection/clusterFacts.ts';
import { policyId, storedPolicy, type StoredPolicy } from './selection/storedPolicy.ts';
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
 * refuses does not exist and so replaces nothing. Objects without apiVersion, kind or name are left out. Lists of the control plane before are
 * kept where nothing in them has changed, so that later answers can be shared.
 */
export function readControlPlane(
  objects: readonly JsonObject[],
  before?: ControlPlane,
): ControlPlane {
  const clusters = new Map<string, ClusterFacts>();
  const policies = new Map<string, StoredPolicy>();
  const templates = new Map<string, JsonObject>();
  for (const object of objects) {
    if (!isObject(object)) continue;
    const key = templateKey(object);
    if (key === undefined) continue;
    if (isCluster(object)) {
      const facts = clusterFacts(object);
      clusters.set(facts.name, facts);
    } else if (policyKind(object) !== undefined) {
      const policy = storedPolicy(object);
      if (policy) policies.set(key, policy);
    } else {
      templates.set(key, object);
    }
  }
  return {
    ...keepClusters(clusters, before),
    ...keepPolicies(policies, before),
    templates,
  };
}

type Clusters = Pick<ControlPlane, 'clusters' | 'clusterObjects'>;
type Policies = Pick<ControlPlane, 'policies' | 'index' | 'overrides'>;

function keepClusters(found: ReadonlyMap<string, ClusterFacts>, before?: Clusters): Clusters {
  const clusters = [...found.values()].sort((a, b) => compareBytes(a.name, b.name));
  if (before && isSameList(before.clusters, clusters)) {
    return { clusters: before.clusters, clusterObjects: before.clusterObjects };
  }
  return { clusters, clusterObjects: clusters.map(({ object }) => object) };
}

function keepPolicies(found: ReadonlyMap<string, StoredPolicy>, before?: Policies): Policies {
  const policies = [...found.values()].sort((a, b) => compareBytes(policyId(a), policyId(b)));
  if (before && isSameList(before.policies, policies)) {
    return { policies: before.policies, index: before.index, overrides: before.overrides };
  }
  const overrides = policies.filter(isOverride).map(({ object }) => object);
  return { policies, index: indexPolicies(policies), overrides };
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
