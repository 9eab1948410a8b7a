import { nameOfTemplate } from '../../analysis/index.ts';
import type { LiveControlPlane, LiveState } from '../../analysis/index.ts';
import {
  existingClaim,
  isArray,
  isObject,
  member,
  memberAt,
  policyId,
  stringMember,
} from '../../engine/index.ts';
import type { StoredPolicy } from '../../engine/index.ts';
import type { ObjectReference } from '../../live/index.ts';
import type { Hold, ObjectChange } from '../types.ts';
import type { Passing } from './between.ts';
import type { Route } from './route.ts';
import { isLazyPolicy, suspensionIn } from '../waves/suspension.ts';

/** Why members cannot be kept from seeing a passing state. */
export type Unheld =
  | 'lazy-policy'
  | 'new-policy'
  | 'policy-deleted'
  | 'suspended'
  | 'no-longer-selects'
  | 'lets-go'
  | 'no-policy'
  | 'disappears';

/** A policy whose dispatch is held for some templates. */
export interface Holding {
  readonly hold: Hold;
  readonly clusters: ReadonlySet<string>;
  /** Names of the templates for which it is held. */
  readonly templates: ReadonlySet<string>;
}

export interface Holdings {
  readonly holdings: readonly Holding[];
  /** What members see nevertheless. */
  readonly shown: readonly {
    readonly passing: Passing;
    readonly reason: Unheld;
    readonly policy?: StoredPolicy;
  }[];
}

/**
 * Which policies are held, and where, so that members do not see passing states: Karmada goes on updating the Works of a
 * policy with `spec.suspension` and sends none of them (`pkg/util/binding.go`, `pkg/controllers/execution`).
 */
export function holdingsFor(
  passing: readonly Passing[],
  route: Route,
  live: LiveControlPlane,
): Holdings {
  const losing = losingPolicies(route.states, live);
  const leaving = policiesLettingGo(route.states);
  const shown: Holdings['shown'][number][] = [];
  const held = new Map<
    string,
    { policy: StoredPolicy; clusters: Set<string>; templates: Set<string> }
  >();
  const ownersOf = ownersIn(route.states);
  for (const [name, here] of byTemplate(passing)) {
    const owners = ownersOf(name);
    const answers = here.map((one) => ({
      one,
      refusal: refusalOf(one, owners, route, { losing, leaving }),
    }));
    const open = answers.filter(({ refusal }) => refusal !== 'hidden');
    const refused = open.flatMap(({ refusal }) =>
      refusal && refusal !== 'hidden' && refusal.reason !== 'disappears' ? [refusal] : [],
    );
    const [because] = refused;
    for (const { one, refusal } of open) {
      const why = refusal && refusal !== 'hidden' ? refusal : because;
      if (why) shown.push({ passing: one, ...why });
    }
    const isHeld = because === undefined && open.some(({ refusal }) => refusal === undefined);
    for (const policy of isHeld ? owners : []) {
      const entry = held.get(policy.id) ?? { policy, clusters: new Set(), templates: new Set() };
      held.set(policy.id, entry);
      entry.templates.add(name);
      for (const cluster of here.flatMap(({ clusters }) => clusters)) entry.clusters.add(cluster);
    }
  }
  const all = route.states[0]?.run.controlPlane.clusters ?? [];
  const holdings = [...held.values()].map(({ policy, clusters, templates }): Holding => {
    const reference = referenceOf(policy);
    const now = suspensionBefore(policy, route);
    if (now === 'none') {
      const some = clusters.size >= all.length ? 'all' : [...clusters];
      return { clusters, templates, hold: { policy: reference, clusters: some, before: now } };
    }
    // What holds already goes on as it is: Karmada refuses two kinds of suspension at once.
    const names = now === 'all' ? all.map(({ name }) => name) : now;
    const hold = { policy: reference, clusters: now, before: now };
    return { clusters: new Set(names), templates, hold };
  });
  return { holdings, shown };
}

/** Where a policy holds dispatch before the push. */
function suspensionBefore(policy: StoredPolicy, { writes }: Route): Hold['clusters'] {
  const change = writes.find(({ reference }) => isNamed(reference, policy));
  return suspensionIn(change?.before ?? policy.object).clusters;
}

function byTemplate(passing: readonly Passing[]): ReadonlyMap<string, readonly Passing[]> {
  const found = new Map<string, Passing[]>();
  for (const one of passing) {
    const name = nameOfTemplate(one.key);
    const here = found.get(name);
    if (here) here.push(one);
    else found.set(name, [one]);
  }
  return found;
}

/** Finds the policies that claim a template somewhere on the way, each as it is there last. */
function ownersIn(states: readonly LiveState[]): (name: string) => readonly StoredPolicy[] {
  const byName = new Map<string, Map<string, StoredPolicy>>();
  for (const { deliveries } of states) {
    for (const { key, policy } of deliveries.values()) {
      if (!policy) continue;
      const name = nameOfTemplate(key);
      const owners = byName.get(name) ?? new Map<string, StoredPolicy>();
      byName.set(name, owners.set(policy.id, policy));
    }
  }
  return (name) => [...(byName.get(name)?.values() ?? [])];
}

function refusalOf(
  { manifest, clusters, policy: owner }: Passing,
  owners: readonly StoredPolicy[],
  { writes }: Route,
  {
    losing,
    leaving,
  }: { readonly losing: ReadonlySet<string>; readonly leaving: ReadonlySet<string> },
): { readonly reason: Unheld; readonly policy?: StoredPolicy } | 'hidden' | undefined {
  if (!manifest) return { reason: 'disappears' };
  if (!owner) return { reason: 'no-policy' };
  const changeOf = (policy: StoredPolicy): ObjectChange | undefined =>
    writes.find(({ reference }) => isNamed(reference, policy));
  const isSuspended = (policy: StoredPolicy): boolean => {
    const { before } = changeOf(policy) ?? { before: policy.object };
    // The binding of a lazy policy may not have heard of its suspension.
    if (isLazyPolicy(policy.object)) return false;
    return (
      isSuspendedOn(memberAt(before ?? {}, 'spec'), clusters) &&
      isSuspendedOn(policy.spec, clusters)
    );
  };
  if (owners.every(isSuspended)) return 'hidden';
  for (const policy of owners) {
    const change = changeOf(policy);
    const specs = [policy.spec, memberAt(change?.before ?? {}, 'spec')];
    if (change?.type === 'create') return { reason: 'new-policy', policy };
    if (change?.type === 'delete') return { reason: 'policy-deleted', policy };
    const isLazy = [policy.object, change?.before].some((one) => one && isLazyPolicy(one));
    if (isLazy) return { reason: 'lazy-policy', policy };
    if (losing.has(policy.id)) return { reason: 'no-longer-selects', policy };
    if (leaving.has(policy.id)) return { reason: 'lets-go', policy };
    if (
      specs.some((spec) => isObject(member(spec, 'suspension'))) &&
      !endsSuspension(change, clusters)
    )
      return { reason: 'suspended', policy };
  }
  return undefined;
}

/**
 * Policies that have claimed templates which they no longer select, by id. Any write of such a policy lets them go, and
 * a hold is one.
 */
export function losingPolicies(
  states: readonly LiveState[],
  { objects }: LiveControlPlane,
): ReadonlySet<string> {
  const losing = new Set<string>();
  for (const { run } of states) {
    for (const { claim } of run.simulations) if (claim.type === 'lost') losing.add(claim.policyId);
  }
  const policies = new Map(states[0]?.run.controlPlane.policies.map((one) => [one.id, one]));
  for (const object of objects) {
    const claim = existingClaim(object);
    if (!claim) continue;
    const id = policyId(claim);
    if (policies.get(id)?.matches(object) === 0) losing.add(id);
  }
  return losing;
}

/**
 * Policies that let go of templates on the way which nothing claims in the end, by id. The bindings of these keep what they
 * have of a suspension, for Karmada changes it by a policy alone (`pkg/detector/detector.go`).
 */
export function policiesLettingGo(states: readonly LiveState[]): ReadonlySet<string> {
  const last = states.at(-1);
  const claimed = states.flatMap(({ deliveries }) => [...deliveries.values()]);
  const left = claimed.filter(({ key }) => {
    const delivery = last?.deliveries.get(key);
    return delivery !== undefined && delivery.policy === undefined;
  });
  return new Set(left.flatMap(({ policy }) => policy?.id ?? []));
}

/** Whether a policy that says so itself keeps everything from these clusters up to this write: that can last longer. */
function endsSuspension(change: ObjectChange | undefined, clusters: readonly string[]): boolean {
  const { before, after } = change ?? {};
  return (
    isSuspendedOn(memberAt(before, 'spec'), clusters) &&
    memberAt(after, 'spec', 'suspension') === undefined
  );
}

/** Whether a policy's own suspension keeps everything from these clusters. */
export function isSuspendedOn(
  spec: ReturnType<typeof member>,
  clusters: readonly string[],
): boolean {
  if (memberAt(spec, 'suspension', 'dispatching') === true) return true;
  const names = memberAt(spec, 'suspension', 'dispatchingOnClusters', 'clusterNames');
  return isArray(names) && clusters.every((cluster) => names.includes(cluster));
}

/** Whether a reference names a policy. */
export function isNamed(
  reference: ObjectReference,
  { kind, namespace, name }: StoredPolicy,
): boolean {
  return reference.kind === kind && reference.namespace === namespace && reference.name === name;
}

/** What names a stored policy. */
export function referenceOf({ object, kind, namespace, name }: StoredPolicy): ObjectReference {
  return { apiVersion: stringMember(object, 'apiVersion'), kind, namespace, name };
}
