import {
  arrayMember,
  clusterMatches,
  isObject,
  member,
  stringMember,
  withMember,
  withoutMember,
} from '../../engine/index.ts';
import type { ClusterFacts, JsonObject, JsonValue } from '../../engine/index.ts';
import { missingTolerations } from '../fixes/leftOutClusters.ts';
import { naturalOrder } from '../naturalOrder.ts';
import { listClusters } from '../previewText.ts';

/** Where a placement is to lead. */
export interface Aim {
  readonly wanted: ReadonlySet<string>;
  /** Where it leads now. */
  readonly current: ReadonlySet<string>;
  readonly fleet: readonly ClusterFacts[];
  /** The affinity by which the clusters were picked. */
  readonly affinity?: JsonObject;
  /** The term of `clusterAffinities` in use. */
  readonly term?: string;
}

/** A placement that may lead there. */
export interface PlacementVariant {
  readonly placement: JsonObject;
  /** How far it is from the one before; the least is tried first. */
  readonly cost: number;
  readonly warnings: readonly string[];
}

/** Changed placements, the most alike first. Which of them do what is wanted is for the simulation to say. */
export function placementVariants(placement: JsonObject, aim: Aim): readonly PlacementVariant[] {
  const variants = affinityVariants(placement, aim).flatMap((variant) =>
    spreadVariants(withTolerations(variant, aim), aim),
  );
  return variants.toSorted((a, b) => a.cost - b.cost);
}

function affinityVariants(placement: JsonObject, aim: Aim): readonly PlacementVariant[] {
  const terms = arrayMember(placement, 'clusterAffinities');
  if (isObject(member(placement, 'clusterAffinity')) || terms.length === 0) {
    const affinity = member(placement, 'clusterAffinity');
    return changedAffinities(isObject(affinity) ? affinity : {}, aim).map((variant) => ({
      ...variant,
      placement: withMember(placement, 'clusterAffinity', variant.placement),
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

const leftNowhere =
  'The policy names only clusters that it excludes, so that nothing stays anywhere. Deleting it instead would leave everything on the members.';

function leaving({ current, wanted }: Aim): readonly string[] {
  return [...current].filter((name) => !wanted.has(name)).sort(naturalOrder);
}

function excluding(affinity: JsonValue, names: readonly string[]): JsonValue {
  if (!isObject(affinity) || names.length === 0) return affinity;
  const excluded = arrayMember(affinity, 'exclude');
  const more = names.filter((name) => !excluded.includes(name));
  return more.length === 0 ? affinity : withMember(affinity, 'exclude', [...excluded, ...more]);
}

function changedAffinities(affinity: JsonObject, aim: Aim): readonly PlacementVariant[] {
  if (aim.wanted.size === 0) {
    return [{ placement: matchingNone(affinity, aim), cost: 0, warnings: [leftNowhere] }];
  }
  const kept = smallest(affinity, aim);
  const named = replaced(affinity, { clusterNames: [...aim.wanted].sort(naturalOrder) });
  const isByOthers = isByProperties(affinity) || arrayMember(affinity, 'clusterNames').length === 0;
  const names = listClusters([...aim.wanted].sort(naturalOrder));
  const warnings = isByOthers
    ? [`The clusters are named from now on (${names}): others do not join by what they have.`]
    : [];
  const alike = aim.affinity && matchesAll(aim.affinity, aim) ? aim.affinity : undefined;
  return [
    ...(kept ? [{ placement: kept, cost: 0, warnings: namesInstead(kept, aim) }] : []),
    ...(alike ? [{ placement: replaced(affinity, alike), cost: kept ? -1 : 2, warnings: [] }] : []),
    { placement: named, cost: 4, warnings },
  ];
}

/** Clusters picked by what they have that a list of names takes up one by one. */
function namesInstead(affinity: JsonObject, aim: Aim): readonly string[] {
  if (!aim.affinity || arrayMember(affinity, 'clusterNames').length === 0) return [];
  return ['The policy names its clusters, so later ones with the same properties do not join.'];
}

function isByProperties(affinity: JsonObject): boolean {
  return isObject(member(affinity, 'labelSelector')) || isObject(member(affinity, 'fieldSelector'));
}

function matchesAll(affinity: JsonObject, { wanted, fleet }: Aim): boolean {
  return fleet
    .filter(({ name }) => wanted.has(name))
    .every((cluster) => clusterMatches(affinity, cluster));
}

/** Placements of a new policy for the clusters of an aim, with what is given from the start. */
export function newPlacements(aim: Aim, start: JsonObject = {}): readonly PlacementVariant[] {
  const alike = aim.affinity && matchesAll(aim.affinity, aim) ? [aim.affinity] : [];
  const named: JsonObject =
    aim.wanted.size > 0
      ? { clusterNames: [...aim.wanted].sort(naturalOrder) }
      : matchingNone({}, aim);
  return [...alike, named].map((clusterAffinity, cost) =>
    withTolerations({ placement: { clusterAffinity, ...start }, cost, warnings: [] }, aim),
  );
}

/** Another affinity under the same name, with the same overflow. */
function replaced(affinity: JsonObject, by: JsonObject): JsonObject {
  const own = ['labelSelector', 'fieldSelector', 'clusterNames', 'exclude'];
  const kept = Object.entries(affinity).filter(([key]) => !own.includes(key));
  return { ...Object.fromEntries(kept), ...by };
}

/** The affinity with names added or taken away; `undefined` where its selectors leave out a wanted cluster. */
function smallest(affinity: JsonObject, aim: Aim): JsonObject | undefined {
  const { wanted, fleet } = aim;
  const selectors = withoutMember(withoutMember(affinity, 'clusterNames'), 'exclude');
  const chosen = fleet.filter(({ name }) => wanted.has(name));
  if (!chosen.every((cluster) => clusterMatches(selectors, cluster))) return undefined;
  const gone = leaving(aim);
  const names = arrayMember(affinity, 'clusterNames');
  const more = [...wanted].filter((name) => !names.includes(name)).sort(naturalOrder);
  const listed =
    names.length === 0
      ? []
      : [...names.filter((name) => !gone.some((other) => other === name)), ...more];
  // No names at all would mean every cluster.
  if (names.length > 0 && listed.length === 0) return undefined;
  const excluded = arrayMember(affinity, 'exclude').filter(
    (name) => typeof name !== 'string' || !wanted.has(name),
  );
  const stillIn = names.length > 0 ? [] : gone.filter((name) => !excluded.includes(name));
  const exclude = [...excluded, ...stillIn];
  return withList(withList(affinity, 'clusterNames', listed), 'exclude', exclude);
}

function withList(affinity: JsonObject, key: string, list: readonly JsonValue[]): JsonObject {
  if (list.length > 0) return withMember(affinity, key, [...list]);
  return Object.hasOwn(affinity, key) ? withoutMember(affinity, key) : affinity;
}

/**
 * An affinity that names only clusters which it excludes. It fits none, which makes Karmada clear the binding
 * (`NoClusterFit` of `pkg/scheduler/scheduler.go`); whatever else it says stays for later.
 */
function matchingNone(affinity: JsonObject, { current }: Aim): JsonObject {
  const given = arrayMember(affinity, 'clusterNames');
  const names = given.length > 0 ? given : [...current].sort(naturalOrder);
  const excluded = arrayMember(affinity, 'exclude');
  const more = names.filter((name) => !excluded.includes(name));
  return { ...affinity, clusterNames: [...names], exclude: [...excluded, ...more] };
}

function withTolerations(variant: PlacementVariant, aim: Aim): PlacementVariant {
  const { placement } = variant;
  const joining = aim.fleet.filter(({ name }) => aim.wanted.has(name) && !aim.current.has(name));
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
  const what = taints.length === 1 ? 'the taint' : 'the taints';
  return {
    ...variant,
    placement: withMember(placement, 'clusterTolerations', tolerations),
    warnings: [
      ...variant.warnings,
      `${names} would keep it away by ${what} ${listClusters([...new Set(taints)])}: a toleration is added to the policy.`,
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
  const most = Number(member(constraint, 'maxGroups') ?? 0);
  const least = Number(member(constraint, 'minGroups') ?? 0);
  return {
    ...constraint,
    ...(least > groups ? { minGroups: Math.max(1, groups) } : {}),
    ...(most === groups ? {} : { maxGroups: Math.max(1, groups) }),
  };
}
