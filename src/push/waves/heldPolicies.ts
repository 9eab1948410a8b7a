import type { LiveState } from '../../analysis/index.ts';
import { member, stringMember } from '../../engine/index.ts';
import type { JsonObject, StoredPolicy } from '../../engine/index.ts';
import type { ObjectReference } from '../../live/index.ts';
import { losingPolicies } from '../plan/holds.ts';
import type { Effect, ObjectChange } from '../types.ts';

/** A policy that is to be held on clusters of later waves. */
export interface HeldPolicy {
  readonly reference: ObjectReference;
  /** As the control plane has it now; absent where the push creates it. */
  readonly object?: JsonObject;
  /** What the push does to it. */
  readonly change?: ObjectChange;
  readonly isLazy: boolean;
  /** It has claimed templates that it no longer selects: a hold would let them go. */
  readonly isLosing: boolean;
  /** Keys of the templates of the push that it dispatches, before or after. */
  readonly templates: ReadonlySet<string>;
  /** Clusters on which these change. */
  readonly clusters: ReadonlySet<string>;
  /** Keys of other templates that it dispatches to some of these clusters. */
  readonly others: readonly string[];
}

/** What tells which policies are behind what changes. */
interface PolicyStates {
  /** The whole control plane before the push. */
  readonly first: LiveState;
  /** What the push may touch, before it and after each of its steps. */
  readonly states: readonly LiveState[];
}

/** The policies behind what changes on members, at any moment of the push, and the templates that no policy dispatches by itself. */
export function heldPolicies(
  { first, states }: PolicyStates,
  changes: readonly ObjectChange[],
  effects: readonly Effect[],
): { readonly policies: readonly HeldPolicy[]; readonly unheld: readonly string[] } {
  const found = new Map<
    string,
    { policy: StoredPolicy; isLazy: boolean; templates: Set<string>; clusters: Set<string> }
  >();
  const unheld = new Set<string>();
  const last = states.at(-1) ?? first;
  for (const { template, clusters } of effects) {
    const deliveries = [
      ...new Set([last, ...states].flatMap((state) => state.deliveries.get(template) ?? [])),
    ];
    if (deliveries[0]?.policy === undefined) unheld.add(template);
    for (const { policy, isLazy } of deliveries) {
      if (!policy) continue;
      const known = found.get(policy.id) ?? {
        policy,
        isLazy,
        templates: new Set(),
        clusters: new Set(),
      };
      found.set(policy.id, known);
      known.templates.add(template);
      for (const cluster of clusters) known.clusters.add(cluster);
    }
  }
  const losing = losingPolicies([first, ...states], first.plane);
  const policies = [...found.values()].map(({ policy, ...rest }): HeldPolicy => {
    const { kind, namespace, name } = policy;
    const reference = { apiVersion: 'policy.karmada.io/v1alpha1', kind, namespace, name };
    const object = first.plane.objects.find((one) => isOf(one, reference));
    const change = changes.find(
      (one) => one.type !== 'unchanged' && isSame(one.reference, reference),
    );
    return {
      reference,
      ...(object ? { object } : {}),
      ...(change ? { change } : {}),
      ...rest,
      isLosing: losing.has(policy.id),
      others: othersOf(policy.id, rest, [first, last]),
    };
  });
  return { policies, unheld: [...unheld] };
}

function othersOf(
  id: string,
  { templates, clusters }: Pick<HeldPolicy, 'templates' | 'clusters'>,
  states: readonly LiveState[],
): readonly string[] {
  const others = states.flatMap(({ deliveries }) =>
    [...deliveries.values()]
      .filter(({ key, policy }) => policy?.id === id && !templates.has(key))
      .filter(({ variants }) =>
        variants?.some((variant) => variant.clusters.some((cluster) => clusters.has(cluster))),
      )
      .map(({ key }) => key),
  );
  return [...new Set(others)];
}

function isOf(object: JsonObject, { kind, namespace, name }: ObjectReference): boolean {
  const metadata = member(object, 'metadata');
  return (
    stringMember(object, 'kind') === kind &&
    stringMember(metadata, 'name') === name &&
    stringMember(metadata, 'namespace') === namespace
  );
}

/** Whether two references name one policy. */
export function isSame(a: ObjectReference, b: ObjectReference): boolean {
  return a.kind === b.kind && a.namespace === b.namespace && a.name === b.name;
}
