import { apiGroup } from '../../engine/index.ts';
import type { ObjectReference } from '../../live/index.ts';
import type { ObjectChange } from '../types.ts';

/** What has to be there before what: lower ranks are written first and deleted last. */
const ranks: { readonly [groupKind: string]: number } = {
  'apiextensions.k8s.io/CustomResourceDefinition': 0,
  'config.karmada.io/ResourceInterpreterCustomization': 0,
  '/Namespace': 1,
  'policy.karmada.io/ClusterOverridePolicy': 3,
  'policy.karmada.io/OverridePolicy': 3,
  '/ServiceAccount': 4,
  '/ConfigMap': 4,
  '/Secret': 4,
  'helm.toolkit.fluxcd.io/HelmRelease': 6,
  'policy.karmada.io/ClusterPropagationPolicy': 8,
  'policy.karmada.io/PropagationPolicy': 8,
};
const rankOfOtherClusterKinds = 2;
const rankOfSources = 5;
const rankOfOthers = 6;

/** Where an object stands in the order of writes. */
export function rankOf({ apiVersion, kind, namespace }: ObjectReference): number {
  const group = apiGroup(apiVersion);
  const key = `${group}/${kind}`;
  const rank = Object.hasOwn(ranks, key) ? ranks[key] : undefined;
  if (rank !== undefined) return rank;
  if (group === 'source.toolkit.fluxcd.io') return rankOfSources;
  return namespace === '' ? rankOfOtherClusterKinds : rankOfOthers;
}

/**
 * The changes in the order in which they are written: what selects and overrides goes before what is sent, policies
 * that propagate go last, and everything that is deleted goes behind that, the other way round. Deletions of override
 * policies wait until what they were for is gone.
 */
export function standardOrder(changes: readonly ObjectChange[]): readonly ObjectChange[] {
  const writes = changes.filter(({ type }) => type === 'create' || type === 'change');
  const deletions = changes.filter(({ type }) => type === 'delete');
  return [...sorted(writes, 1), ...sorted(deletions, -1)];
}

function sorted(changes: readonly ObjectChange[], direction: 1 | -1): readonly ObjectChange[] {
  return changes
    .map((change, index) => ({ change, index, rank: rankOf(change.reference) }))
    .sort((a, b) => direction * (a.rank - b.rank) || a.index - b.index)
    .map(({ change }) => change);
}
