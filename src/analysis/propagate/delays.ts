import { arrayMember, member } from '../../engine/index.ts';
import type { StoredPolicy } from '../../engine/index.ts';
import { listName } from '../listName.ts';
import { naturalOrder } from '../naturalOrder.ts';
import { listClusters } from '../previewText.ts';
import type { Snapshot } from '../snapshot.ts';
import { simulationOf } from './overrideResult.ts';
import type { PlannedOutcome } from './types.ts';

/**
 * What a policy with `activationPreference: Lazy` leaves as it is for now: Karmada follows a change of it only when the
 * template changes (`pkg/detector/detector.go`).
 */
export function lazyWarnings(
  after: Snapshot,
  outcomes: readonly PlannedOutcome[],
): readonly string[] {
  const still: readonly PlannedOutcome['type'][] = ['stays', 'missing', 'remains'];
  const moving = outcomes.filter(({ type }) => !still.includes(type));
  return [...policiesOf(after, moving).keys()]
    .filter(({ spec }) => member(spec, 'activationPreference') === 'Lazy')
    .map(
      (policy) =>
        `${nameOf(policy)} is Lazy: what is on the control plane already follows it only when it is changed itself.`,
    );
}

/**
 * Where nothing arrives as long as a policy has `suspension` (`shouldSuspendDispatching` of
 * `pkg/controllers/binding/common.go`); what leaves is deleted all the same.
 */
export function heldWarnings(
  after: Snapshot,
  outcomes: readonly PlannedOutcome[],
): readonly string[] {
  const arriving = outcomes.filter(({ type }) => type === 'appears' || type === 'changes');
  return [...policiesOf(after, arriving)].flatMap(([policy, clusters]) => {
    const suspension = member(policy.spec, 'suspension');
    const names = arrayMember(member(suspension, 'dispatchingOnClusters'), 'clusterNames');
    const isAll = member(suspension, 'dispatching') === true;
    const held = [...clusters].filter((name) => isAll || names.includes(name)).sort(naturalOrder);
    if (held.length === 0) return [];
    return [
      `${nameOf(policy)} suspends dispatching to ${listClusters(held)}: nothing arrives there until that is taken out of it.`,
    ];
  });
}

/** The policies behind what happens, with the clusters on which it does. */
function policiesOf(
  after: Snapshot,
  outcomes: readonly PlannedOutcome[],
): ReadonlyMap<StoredPolicy, ReadonlySet<string>> {
  const found = new Map<StoredPolicy, Set<string>>();
  for (const { template, clusters } of outcomes) {
    const claim = simulationOf(after, template)?.claim;
    if (claim?.type !== 'claimed') continue;
    const known = found.get(claim.policy) ?? new Set<string>();
    found.set(claim.policy, known);
    for (const name of clusters) known.add(name);
  }
  return found;
}

function nameOf({ kind, namespace, name }: StoredPolicy): string {
  return listName(kind, namespace, name);
}
