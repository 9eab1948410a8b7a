import { listClusters } from '../../analysis/index.ts';
import {
  arrayMember,
  isObject,
  member,
  memberAt,
  stringMember,
  withMember,
  withoutMember,
} from '../../engine/index.ts';
import type { JsonObject } from '../../engine/index.ts';
import type { Hold } from '../types.ts';

const holdManager = 'vscode-karmada-flux-hold';

/** What a policy says of its dispatch, and who said it. */
export interface Suspension {
  readonly clusters: Hold['clusters'];
  /** As `metadata.managedFields` names it; '' where nobody is noted. */
  readonly manager: string;
  /** Whether it was set by a hold of ours and by nobody else. */
  readonly isOurs: boolean;
}

/** Reads `spec.suspension` of a policy (`pkg/apis/policy/v1alpha1/propagation_types.go`). */
export function suspensionIn(policy: JsonObject | undefined): Suspension {
  const suspension = memberAt(policy, 'spec', 'suspension');
  const managers = managersOf(policy);
  return {
    clusters: clustersIn(suspension),
    manager: managers.find((manager) => manager !== holdManager) ?? managers[0] ?? '',
    isOurs: managers.length > 0 && managers.every((manager) => manager === holdManager),
  };
}

/** Whether the same clusters are held, in any order. */
export function isSameHold(a: Suspension['clusters'], b: Suspension['clusters']): boolean {
  if (typeof a === 'string' || typeof b === 'string') return a === b;
  return a.length === b.length && a.every((name) => b.includes(name));
}

/** Where dispatch is held, as sentences name it. */
export function heldText(clusters: Suspension['clusters']): string {
  return typeof clusters === 'string' ? 'all clusters' : listClusters(clusters);
}

function clustersIn(suspension: unknown): Hold['clusters'] {
  if (!isObject(suspension)) return 'none';
  if (member(suspension, 'dispatching') === true) return 'all';
  const names = arrayMember(member(suspension, 'dispatchingOnClusters'), 'clusterNames').filter(
    (name) => typeof name === 'string',
  );
  return names.length === 0 ? 'none' : names;
}

/** Who owns something below `spec.suspension`. */
function managersOf(policy: JsonObject | undefined): readonly string[] {
  const entries = policy ? arrayMember(member(policy, 'metadata'), 'managedFields') : [];
  return entries
    .filter((entry) => memberAt(entry, 'fieldsV1', 'f:spec', 'f:suspension') !== undefined)
    .map((entry) => stringMember(entry, 'manager'));
}

/** A policy that holds these clusters, and says the same otherwise. */
export function withSuspension(policy: JsonObject, clusters: Hold['clusters']): JsonObject {
  const spec = member(policy, 'spec');
  const bare = isObject(spec) ? withoutMember(spec, 'suspension') : {};
  if (clusters === 'none') return withMember(policy, 'spec', bare);
  const suspension =
    clusters === 'all'
      ? { dispatching: true }
      : { dispatchingOnClusters: { clusterNames: [...clusters] } };
  return withMember(policy, 'spec', withMember(bare, 'suspension', suspension));
}

/** Whether a policy dispatches nothing by a change of its own alone. */
export function isLazyPolicy(policy: JsonObject): boolean {
  return stringMember(member(policy, 'spec'), 'activationPreference') === 'Lazy';
}
