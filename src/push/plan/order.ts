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
const rankOfTemplates = 4;
const rankOfPropagation = 8;

/** Where an object stands in the order of writes. */
export function rankOf({ apiVersion, kind, namespace }: ObjectReference): number {
  const group = apiGroup(apiVersion);
  const key = `${group}/${kind}`;
  const rank = Object.hasOwn(ranks, key) ? ranks[key] : undefined;
  if (rank !== undefined) return rank;
  if (group === 'source.toolkit.fluxcd.io') return rankOfSources;
  return namespace === '' ? rankOfOtherClusterKinds : rankOfOthers;
}

/** Whether others need it before they are written, or until they are gone: a kind, a namespace. */
export function isFixed({ reference }: Pick<ObjectChange, 'reference'>): boolean {
  return rankOf(reference) <= rankOfOtherClusterKinds;
}

/**
 * The changes in the order in which they are written: what selects and overrides goes before what is sent, policies
 * that propagate go last. Behind that come deletions: templates while their policies still hold them, so that no other
 * policy takes them over, then policies that propagate, then overrides, at last namespaces and kinds.
 */
export function standardOrder(changes: readonly ObjectChange[]): readonly ObjectChange[] {
  const writes = changes.filter(({ type }) => type === 'create' || type === 'change');
  const deletions = changes.filter(({ type }) => type === 'delete');
  return [...sorted(writes, rankOf), ...sorted(deletions, rankOfDeletion)];
}

/** The same with policies that propagate in front of templates, for new templates that others would claim. */
export function policiesFirst(changes: readonly ObjectChange[]): readonly ObjectChange[] {
  const standard = standardOrder(changes);
  const place = ({ type, reference }: ObjectChange): number =>
    type === 'delete'
      ? 3
      : isFixed({ reference })
        ? 0
        : apiGroup(reference.apiVersion) === group
          ? 1
          : 2;
  return standard
    .map((change, index) => ({ change, index, place: place(change) }))
    .sort((a, b) => a.place - b.place || a.index - b.index)
    .map(({ change }) => change);
}

const group = 'policy.karmada.io';

function rankOfDeletion(reference: ObjectReference): number {
  const rank = rankOf(reference);
  return rank >= rankOfTemplates && rank < rankOfPropagation ? -rankOfPropagation - rank : -rank;
}

function sorted(
  changes: readonly ObjectChange[],
  rank: (reference: ObjectReference) => number,
): readonly ObjectChange[] {
  return changes
    .map((change, index) => ({ change, index, rank: rank(change.reference) }))
    .sort((a, b) => a.rank - b.rank || a.index - b.index)
    .map(({ change }) => change);
}
