import { admit, policyKind, type PolicyKind } from '../admission/admit.ts';
import { isObject, member, memberAt } from '../json.ts';
import type { JsonObject } from '../types.ts';
import { compileResourceSelectors, type Matcher } from './resourceSelector.ts';

/** A policy as the control plane stores it, with what every later step asks of it. */
export interface StoredPolicy {
  /** `KIND/NAMESPACE/NAME`, or `KIND/NAME` for a cluster-scoped policy. */
  readonly id: string;
  readonly kind: PolicyKind;
  /** Empty for the cluster-scoped kinds. */
  readonly namespace: string;
  readonly name: string;
  readonly spec: JsonObject;
  readonly priority: number;
  /** The strongest match of its resource selectors. */
  readonly matches: Matcher;
  readonly deleting: boolean;
  /** After the webhooks' defaults. */
  readonly object: JsonObject;
  /** As given; its identity tells whether the policy has changed. */
  readonly source: JsonObject;
}

const stored = new WeakMap<JsonObject, StoredPolicy | null>();

/**
 * Reads a policy once an object. `undefined` when the object is no policy, has no name, or is refused by admission and
 * so does not exist.
 */
export function storedPolicy(object: JsonObject): StoredPolicy | undefined {
  const known = stored.get(object);
  if (known !== undefined) return known ?? undefined;
  const policy = read(object);
  stored.set(object, policy ?? null);
  return policy;
}

/** What names a policy: `KIND/NAMESPACE/NAME`, or `KIND/NAME` where the namespace is ''. */
export function policyId({
  kind,
  namespace,
  name,
}: {
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
}): string {
  return [kind, namespace, name].filter((part) => part !== '').join('/');
}

function read(source: JsonObject): StoredPolicy | undefined {
  const kind = policyKind(source);
  const name = metadata(source, 'name');
  if (kind === undefined || name === '') return undefined;
  const admission = admit(source);
  if (!admission.allowed) return undefined;
  const { object } = admission;
  const spec = member(object, 'spec');
  const priority = member(spec, 'priority');
  const namespace = kind.startsWith('Cluster') ? '' : metadata(source, 'namespace');
  return {
    id: policyId({ kind, namespace, name }),
    kind,
    namespace,
    name,
    spec: isObject(spec) ? spec : {},
    priority: typeof priority === 'number' ? priority : 0,
    matches: compileResourceSelectors(member(spec, 'resourceSelectors')),
    deleting: (memberAt(source, 'metadata', 'deletionTimestamp') ?? null) !== null,
    object,
    source,
  };
}

function metadata(object: JsonObject, key: string): string {
  const value = memberAt(object, 'metadata', key);
  return typeof value === 'string' ? value : '';
}
