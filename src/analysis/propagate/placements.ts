import {
  arrayMember,
  isObject,
  member,
  stringMember,
  withMember,
  withoutMember,
} from '../../engine/index.ts';
import type { JsonObject, JsonValue } from '../../engine/index.ts';
import { missingTolerations } from '../fixes/leftOutClusters.ts';
import { naturalOrder } from '../naturalOrder.ts';
import { listClusters } from '../previewText.ts';
import {
  changedAffinities,
  excluding,
  leaving,
  leftNowhere,
  matchesAll,
  matchingNone,
} from './affinities.ts';
import type { Aim, PlacementVariant } from './aim.ts';
import { joiningClusters } from './aim.ts';
import { weightVariants } from './weights.ts';

/** Changed placements, the most alike first. Which of them do what is wanted is for the simulation to say. */
export function placementVariants(placement: JsonObject, aim: Aim): readonly PlacementVariant[] {
  const variants = affinityVariants(placement, aim).flatMap((variant) =>
    weightVariants(withTolerations(variant, aim), aim).flatMap((one) => spreadVariants(one, aim)),
  );
  return variants.toSorted((a, b) => a.cost - b.cost);
}

function affinityVariants(placement: JsonObject, aim: Aim): readonly PlacementVariant[] {
  const terms = arrayMember(placement, 'clusterAffinities');
  if (isObject(member(placement, 'clusterAffinity')) || terms.length === 0) {
    const affinity = member(placement, 'clusterAffinity');
    return changedAffinities(isObject(affinity) ? affinity : {}, aim).map((variant) => ({
      ...variant,
      placement:
        isObject(affinity) || Object.keys(variant.placement).length > 0
          ? withMember(placement, 'clusterAffinity', variant.placement)
          : placement,
    }));
  }
  const used = terms.findIndex((term) => member(term, 'affinityName') === aim.term);
  const index = Math.max(0, used);
  if (aim.wanted.size === 0) {
    const none = terms.map((term) => (isObject(term) ? matchingNone(term, aim) : term));
    const cleared = withMember(placement, 'clusterAffinities', none);
    return [{ placement: cleared, cost: 0, warnings: [leftNowhere] }];
  }
  const at = terms[index];
  if (!isObject(at)) return [];
  const withTerm = (term: JsonObject, others: readonly JsonValue[]): JsonObject =>
    withMember(placement, 'clusterAffinities', others.with(index, term));
  return changedAffinities(at, aim).flatMap(({ placement: term, ...rest }) => [
    { ...rest, placement: withTerm(term, terms) },
    // Where the term in use comes to nothing the others would take over.
    {
      ...rest,
      cost: rest.cost + 1,
      placement: withTerm(
        term,
        terms.map((other) => excluding(other, leaving(aim))),
      ),
    },
  ]);
}

/** Placements of a new policy for the clusters of an aim, with what is given from the start. */
export function newPlacements(aim: Aim, start: JsonObject = {}): readonly PlacementVariant[] {
  const alike = aim.affinity && matchesAll(aim.affinity, aim) ? [aim.affinity] : [];
  const named: JsonObject =
    aim.wanted.size > 0
      ? { clusterNames: [...aim.wanted].sort(naturalOrder) }
      : matchingNone({}, aim);
  return [...alike, named].flatMap((clusterAffinity, cost) =>
    weightVariants(
      withTolerations({ placement: { clusterAffinity, ...start }, cost, warnings: [] }, aim),
      aim,
    ),
  );
}

function withTolerations(variant: PlacementVariant, aim: Aim): PlacementVariant {
  const { placement } = variant;
  const joining = joiningClusters(aim);
  const missing = missingTolerations(placement, joining);
  if (missing.length === 0) return variant;
  const tolerations = [...arrayMember(placement, 'clusterTolerations'), ...missing];
  const clusters = joining.filter((cluster) => missingTolerations(placement, [cluster]).length > 0);
  const taints = clusters
    .flatMap((cluster) => missingTolerations(placement, [cluster]))
    .map(
      (toleration) => `${stringMember(toleration, 'key')}:${stringMember(toleration, 'effect')}`,
    );
  const names = listClusters(clusters.map(({ name }) => name).sort(naturalOrder));
  const keys = [...new Set(taints)];
  const what = keys.length === 1 ? 'the taint' : 'the taints';
  const added = missing.length === 1 ? 'a toleration is' : 'tolerations are';
  return {
    ...variant,
    placement: withMember(placement, 'clusterTolerations', tolerations),
    warnings: [
      ...variant.warnings,
      `${names} would keep it away by ${what} ${listClusters(keys)}: ${added} added to the policy.`,
    ],
  };
}

/** The placement as it is, with room for more clusters, and without spread constraints. */
function spreadVariants(variant: PlacementVariant, aim: Aim): readonly PlacementVariant[] {
  const { placement, cost, warnings } = variant;
  const constraints = arrayMember(placement, 'spreadConstraints');
  if (constraints.length === 0) return [variant];
  const roomy = constraints.map((constraint) => withRoom(constraint, aim));
  return [
    variant,
    {
      placement: withMember(placement, 'spreadConstraints', roomy),
      cost: cost + 1,
      warnings: [
        ...warnings,
        'The spread constraints choose fewer clusters: their limits are changed.',
      ],
    },
    {
      placement: withoutMember(placement, 'spreadConstraints'),
      cost: cost + 10,
      warnings: [
        ...warnings,
        'The spread constraints choose other clusters than these: they are taken out of the policy.',
      ],
    },
  ];
}

function withRoom(constraint: JsonValue, { wanted, fleet }: Aim): JsonValue {
  if (!isObject(constraint)) return constraint;
  const chosen = fleet.filter(({ name }) => wanted.has(name));
  const field = member(constraint, 'spreadByField') ?? 'cluster';
  const groups =
    field === 'region' ? new Set(chosen.map(({ region }) => region)).size : chosen.length;
  if (field !== 'region' && field !== 'cluster') return constraint;
  if (stringMember(constraint, 'spreadByLabel') !== '') return constraint;
  const most = Number(member(constraint, 'maxGroups') ?? 0);
  const least = Number(member(constraint, 'minGroups') ?? 0);
  return {
    ...constraint,
    ...(least > groups ? { minGroups: Math.max(1, groups) } : {}),
    ...(most === groups ? {} : { maxGroups: Math.max(1, groups) }),
  };
}
