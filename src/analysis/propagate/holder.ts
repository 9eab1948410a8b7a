import { existingClaim, memberAt } from '../../engine/index.ts';
import type { ExistingClaim } from '../../engine/index.ts';
import type { Item, Snapshot, Template } from '../snapshot.ts';

/** The policy that a template belongs to. */
export interface Holder {
  readonly item: Item;
  /** Whether a document holds it, and not only the control plane. */
  readonly isWritten: boolean;
  /** How strongly it selects the template: 3 by name. */
  readonly match: number;
  readonly priority: number;
}

/** The policy that claims a template, or that the template says it is claimed by. */
export function holderOf(snapshot: Snapshot, { item, simulation }: Template): Holder | undefined {
  const claim = simulation?.claim;
  if (claim?.type === 'claimed' || claim?.type === 'waiting') {
    const { policy } = claim;
    const found = snapshot.itemOf.get(policy.source);
    return found && toHolder(found, policy.matches(simulation?.template ?? {}), policy.priority);
  }
  if (claim && claim.type !== 'lost') return undefined;
  const existing = item.stored && existingClaim(item.stored);
  const found = existing && findPolicy(snapshot, existing);
  const priority = found && memberAt(found.source, 'spec', 'priority');
  return found && toHolder(found, 3, typeof priority === 'number' ? priority : 0);
}

function toHolder(item: Item, match: number, priority: number): Holder {
  return { item, isWritten: item.context === undefined, match, priority };
}

function findPolicy({ objects }: Snapshot, { kind, namespace, name }: ExistingClaim) {
  return objects.find(
    (item) =>
      item.role === 'propagation' &&
      item.stored !== undefined &&
      item.kind === kind &&
      item.namespace === namespace &&
      item.name === name,
  );
}
