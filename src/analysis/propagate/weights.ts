import {
  arrayMember,
  clusterMatches,
  isObject,
  member,
  memberAt,
  withMember,
} from '../../engine/index.ts';
import type { ClusterFacts, JsonObject, JsonValue } from '../../engine/index.ts';
import { naturalOrder } from '../naturalOrder.ts';
import { listClusters } from '../previewText.ts';
import { joiningClusters } from './aim.ts';
import type { Aim, PlacementVariant } from './aim.ts';

/**
 * Clusters that static weights leave out get no replicas, and with that nothing of a workload (`getStaticWeightInfoList`
 * of `pkg/scheduler/core/division_algorithm.go`): the placement as it is, and with the least of the weights for those that
 * join.
 */
export function weightVariants(variant: PlacementVariant, aim: Aim): readonly PlacementVariant[] {
  const weighed = withWeights(variant, aim);
  return weighed ? [variant, weighed] : [variant];
}

function withWeights(variant: PlacementVariant, aim: Aim): PlacementVariant | undefined {
  const { placement, cost } = variant;
  const scheduling = member(placement, 'replicaScheduling');
  const preference = member(scheduling, 'weightPreference');
  const list = arrayMember(preference, 'staticWeightList');
  if (!isObject(scheduling) || !isObject(preference) || list.length === 0) return undefined;
  if (member(scheduling, 'replicaSchedulingType') !== 'Divided') return undefined;
  const names = joiningClusters(aim)
    .filter((cluster) => !list.some((item) => isWeighed(item, cluster)))
    .map(({ name }) => name)
    .sort(naturalOrder);
  if (names.length === 0) return undefined;
  const given = list.map((item) => Number(member(item, 'weight'))).filter((weight) => weight > 0);
  const weight = given.length > 0 ? Math.min(...given) : 1;
  const more: JsonObject = { targetCluster: { clusterNames: names }, weight };
  const weights = withMember(preference, 'staticWeightList', [...list, more]);
  return {
    cost: cost + 1,
    placement: withMember(
      placement,
      'replicaScheduling',
      withMember(scheduling, 'weightPreference', weights),
    ),
    warnings: [
      ...variant.warnings,
      `The static weights would give ${listClusters(names)} no replicas: the weight ${weight} is added.`,
    ],
  };
}

function isWeighed(item: JsonValue, cluster: ClusterFacts): boolean {
  const target = memberAt(item, 'targetCluster');
  return isObject(target) && clusterMatches(target, cluster);
}
