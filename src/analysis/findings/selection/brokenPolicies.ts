import { arrayMember, compileResourceSelector } from '../../../engine/index.ts';
import type { Item, Snapshot, Template } from '../../snapshot.ts';
import { unfinishedKinds } from './unfinishedKinds.ts';

type Matcher = ReturnType<typeof compileResourceSelector>;

/** Propagation policies that are written down and that the control plane would not have. */
interface BrokenPolicies {
  readonly refused: readonly { readonly item: Item; readonly matchers: readonly Matcher[] }[];
  /** Whether one is not finished. */
  readonly isUnfinished: boolean;
}

const known = new WeakMap<Snapshot, BrokenPolicies>();

function brokenPolicies(snapshot: Snapshot): BrokenPolicies {
  const answered = known.get(snapshot);
  if (answered) return answered;
  const refused = snapshot.items
    .filter(({ role, stored }) => role === 'propagation' && stored === undefined)
    .map((item) => ({
      item,
      matchers: arrayMember(item.source['spec'] ?? null, 'resourceSelectors').map(
        compileResourceSelector,
      ),
    }));
  const kinds = unfinishedKinds(snapshot);
  const isUnfinished = kinds.has('PropagationPolicy') || kinds.has('ClusterPropagationPolicy');
  const broken = { refused, isUnfinished };
  known.set(snapshot, broken);
  return broken;
}

/**
 * Whether a policy that is not right yet may be meant to take a template: what is wrong with the policy is told there,
 * and once it is mended the template may well go out.
 */
export function mayBeClaimedLater(snapshot: Snapshot, { item, simulation }: Template): boolean {
  const { refused, isUnfinished } = brokenPolicies(snapshot);
  if (isUnfinished) return true;
  return (
    simulation !== undefined &&
    refused.some(
      ({ item: policy, matchers }) =>
        (policy.namespace === '' || policy.namespace === item.namespace) &&
        matchers.some((matches) => matches(simulation.template) > 0),
    )
  );
}
