import type { StoredPolicy } from '../engine/index.ts';
import type { Item, Snapshot, Template } from './snapshot.ts';

/** A propagation policy that the control plane holds, and what it claims. */
export interface PropagationUse {
  readonly item: Item;
  readonly policy: StoredPolicy;
  /** In the order of documents. */
  readonly claimed: readonly Template[];
}

const known = new WeakMap<Snapshot, readonly PropagationUse[]>();

/** Every propagation policy of a snapshot, in the order of documents. Worked out once a snapshot. */
export function propagationUses(snapshot: Snapshot): readonly PropagationUse[] {
  const answered = known.get(snapshot);
  if (answered) return answered;
  const claimed = new Map<StoredPolicy, Template[]>();
  for (const template of snapshot.templates.values()) {
    const claim = template.simulation?.claim;
    if (claim?.type !== 'claimed') continue;
    const list = claimed.get(claim.policy);
    if (list) list.push(template);
    else claimed.set(claim.policy, [template]);
  }
  const policyOf = new Map(
    snapshot.run.controlPlane.policies.map((policy) => [policy.source, policy]),
  );
  const uses = snapshot.items.flatMap((item): PropagationUse[] => {
    const policy = item.stored && policyOf.get(item.stored);
    return item.role === 'propagation' && policy
      ? [{ item, policy, claimed: claimed.get(policy) ?? [] }]
      : [];
  });
  known.set(snapshot, uses);
  return uses;
}
