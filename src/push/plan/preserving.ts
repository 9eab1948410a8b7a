import type { LiveControlPlane, LiveState } from '../../analysis/index.ts';
import { member } from '../../engine/index.ts';
import type { JsonObject, StoredPolicy } from '../../engine/index.ts';
import type { ExpectedWork, ObjectChange, PushGround } from '../types.ts';
import { isNamed, losingPolicies, policiesLettingGo } from './holds.ts';
import { leftClusters } from './released.ts';
import { isLazyPolicy } from '../waves/suspension.ts';
import type { Route } from './route.ts';

/** A template that leaves clusters whose Works do not yet say what the policy says of their objects then. */
export interface Leaving {
  readonly template: string;
  readonly clusters: readonly string[];
  readonly policy: StoredPolicy;
  /** Several policies have it in the course of the push, and do not agree on what becomes of its objects. */
  readonly isMixed?: true;
}

/** What is done so that objects on members stay or go as reviewed, and not as it happens. */
export interface Preserving {
  /** Written before all: policies whose Works have to show the new value while they are still wanted. */
  readonly ahead: readonly {
    readonly policy: StoredPolicy;
    /** As it is before the push. */
    readonly before: JsonObject | undefined;
    readonly preserves: boolean;
    readonly leaving: readonly Leaving[];
  }[];
  /** Written with the old value first: the Works that go have nothing to preserve, and Karmada would never delete them. */
  readonly behind: ReadonlySet<ObjectChange>;
  /** What Works have to show before a template is deleted. */
  readonly waits: ReadonlyMap<ObjectChange, readonly ExpectedWork[]>;
  /** What becomes of these objects Karmada decides either way. */
  readonly uncertain: readonly Leaving[];
  /** Whether an object stays on a cluster whose Work goes; `undefined` where the Work as it is decides. */
  staysOn(template: string, cluster: string): boolean | undefined;
}

/** What is collected on the way. */
interface Found {
  readonly ahead: Map<string, Preserving['ahead'][number] & { readonly leaving: Leaving[] }>;
  readonly late: Map<ObjectChange, Leaving[]>;
  readonly waits: Map<ObjectChange, ExpectedWork[]>;
  readonly uncertain: Leaving[];
  readonly stays: Map<string, boolean>;
}

/** What a write is looked at with. */
interface Sight {
  readonly found: Found;
  /** Whether a policy that is written has its templates brought up to date by that. */
  readonly isFollowed: (policy: StoredPolicy) => boolean;
  /** Whether policies that come to have a template do not agree: Karmada may leave out each but the last. */
  readonly isMixed: (template: string) => boolean;
}

/** One write of a route. */
interface Write {
  /** The state before the first of all. */
  readonly first: LiveState;
  readonly change: ObjectChange;
  readonly before: LiveState;
  readonly after: LiveState;
  /** The policies that have sent templates last before it; one may have let go of it since. */
  readonly owners: ReadonlyMap<string, StoredPolicy>;
}

/**
 * Finds the writes that take templates from clusters after the policy has changed what becomes of the objects there. A
 * binding has the new `preserveResourcesOnDeletion` at once and loses clusters when the scheduler has answered. Whether the
 * Works that go are told of it in between is left to chance: about every second one is (`syncBinding` of
 * `pkg/controllers/binding/binding_controller.go` removes them before it writes any).
 */
export function preservingOn(
  { works }: PushGround,
  { writes, states }: Route,
  live: LiveControlPlane,
): Preserving {
  const found: Found = {
    ahead: new Map(),
    late: new Map(),
    waits: new Map(),
    uncertain: [],
    stays: new Map(),
  };
  const [losing, lettingGo] = [losingPolicies(states, live), policiesLettingGo(states)];
  const isFollowed = (policy: StoredPolicy): boolean =>
    !isLazyPolicy(policy.object) && !losing.has(policy.id) && !lettingGo.has(policy.id);
  const isMixed = mixedIn(states);
  const written: ObjectChange[] = [];
  const [first] = states;
  let owners = new Map<string, StoredPolicy>();
  const route = writes.flatMap((change, index): readonly Write[] => {
    const [before, after] = [states[index], states[index + 1]];
    if (!first || !before || !after) return [];
    owners = new Map([...owners, ...ownersIn(before)]);
    return [{ first, change, before, after, owners }];
  });
  for (const write of route) {
    noteLeaving(write, works, { found, isFollowed, isMixed });
    noteDeleted(write, works, { found, written });
    written.push(write.change);
  }
  if (found.ahead.size > 0) for (const write of route) noteReached(write, works, found);
  const { ahead, late, waits, uncertain, stays } = found;
  const behind = [...late].filter(([, left]) => left.every(({ policy }) => !ahead.has(policy.id)));
  for (const { template, clusters } of behind.flatMap(([, left]) => left)) {
    for (const cluster of clusters) stays.set(`${template} ${cluster}`, false);
  }
  return {
    ahead: [...ahead.values()],
    behind: new Set(behind.map(([change]) => change)),
    ...{ waits, uncertain },
    staysOn: (template, cluster) => stays.get(`${template} ${cluster}`),
  };
}

/** Of a write after which a policy sends templates to fewer clusters. */
function noteLeaving(
  { first, change, before, after, owners }: Write,
  works: PushGround['works'],
  { found, isFollowed, isMixed }: Sight,
): void {
  for (const [template, delivery] of after.deliveries) {
    const { policy } = delivery;
    const last = before.deliveries.get(template);
    if (!policy || last === delivery) continue;
    const preserves = isPreserving(policy);
    const owner = owners.get(template);
    const isAsRead = owner?.object === first.deliveries.get(template)?.policy?.object;
    const [there, never, mixed]: [string[], string[], string[]] = [[], [], []];
    for (const cluster of leftClusters(template, before, after)) {
      const work = works.get(template)?.get(cluster);
      if (!work) continue;
      const known = isAsRead || !owner ? work.preservesOnDeletion : isPreserving(owner);
      found.stays.set(`${template} ${cluster}`, preserves);
      if (isMixed(template)) {
        mixed.push(cluster);
        continue;
      }
      if (known === preserves) continue;
      // One that is not held may come to the member at any time.
      const isNever = preserves && work.isHeld && !work.isApplied;
      (isNever ? never : there).push(cluster);
    }
    const isOwn = change.type === 'change' && isNamed(change.reference, policy);
    const isSame = last?.policy?.id === policy.id && !isLazyPolicy(last.policy.object);
    const isApart = isOwn && isSame && isFollowed(policy);
    if (mixed.length > 0) {
      found.uncertain.push({ template, clusters: mixed, policy, isMixed: true });
    }
    if (there.length > 0) {
      const one = { template, clusters: there, policy };
      const known = found.ahead.get(policy.id);
      const { before: object } = change;
      if (!isApart) found.uncertain.push(one);
      else if (known) known.leaving.push(one);
      else found.ahead.set(policy.id, { policy, before: object, preserves, leaving: [one] });
    }
    if (never.length > 0 && isApart) {
      const left = found.late.get(change) ?? [];
      found.late.set(change, [...left, { template, clusters: never, policy }]);
    }
  }
}

/** Of a write that deletes templates, after one of their policy. */
function noteDeleted(
  { change, before, after }: Write,
  works: PushGround['works'],
  { found, written }: { found: Found; written: readonly ObjectChange[] },
): void {
  if (change.type !== 'delete') return;
  for (const [template, { policy, isKept }] of before.deliveries) {
    if (!policy || isKept || after.deliveries.has(template)) continue;
    if (!written.some(({ reference }) => isNamed(reference, policy))) continue;
    const preserves = isPreserving(policy);
    const clusters = (before.plane.previous.get(template)?.clusters ?? []).flatMap(({ name }) => {
      const work = works.get(template)?.get(name);
      return work && work.preservesOnDeletion !== preserves ? [name] : [];
    });
    if (clusters.length === 0) continue;
    for (const cluster of clusters) found.stays.set(`${template} ${cluster}`, preserves);
    const waits = found.waits.get(change) ?? [];
    found.waits.set(change, [...waits, { template, clusters, isPreserving: preserves }]);
  }
}

/** Of what a policy that is written ahead has sent, and does not take from clusters itself: its Works know it as well. */
function noteReached(
  { before, after, owners }: Write,
  works: PushGround['works'],
  { ahead, stays, uncertain }: Found,
): void {
  for (const [template, owner] of owners) {
    const preserves = ahead.get(owner.id)?.preserves;
    const delivery = after.deliveries.get(template);
    if (preserves === undefined || delivery?.policy?.id === owner.id) continue;
    const held = works.get(template);
    const left = leftClusters(template, before, after).filter((cluster) => held?.has(cluster));
    const { policy } = delivery ?? {};
    const wanted = policy ? isPreserving(policy) : preserves;
    for (const cluster of left) stays.set(`${template} ${cluster}`, wanted);
    if (policy && left.length > 0 && wanted !== preserves) {
      uncertain.push({ template, clusters: left, policy });
    }
  }
}

/** The policies that send templates in a state. */
function* ownersIn({ deliveries }: LiveState): Iterable<[template: string, policy: StoredPolicy]> {
  for (const [template, { policy }] of deliveries) if (policy) yield [template, policy];
}

/** Finds templates whose policies on the way, the one at the start aside, do not agree on what becomes of objects. */
function mixedIn(states: readonly LiveState[]): (template: string) => boolean {
  const said = new Map<string, Set<boolean>>();
  const [first] = states;
  for (const { deliveries } of states) {
    for (const [template, { policy }] of deliveries) {
      if (!policy || policy.object === first?.deliveries.get(template)?.policy?.object) continue;
      const values = said.get(template);
      if (values) values.add(isPreserving(policy));
      else said.set(template, new Set([isPreserving(policy)]));
    }
  }
  return (template) => (said.get(template)?.size ?? 0) > 1;
}

function isPreserving({ spec }: StoredPolicy): boolean {
  return member(spec, 'preserveResourcesOnDeletion') === true;
}
