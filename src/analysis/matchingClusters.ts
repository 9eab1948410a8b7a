import { clusterMatches, isObject } from '../engine/index.ts';
import type { ClusterFacts, JsonObject, JsonValue } from '../engine/index.ts';

type Matches = WeakMap<readonly ClusterFacts[], ReadonlySet<ClusterFacts>>;

const known = new WeakMap<JsonObject, Matches>();

/** The clusters of a list that match an affinity or a target; all for an absent one. Worked out once a pair. */
export function matchingClusters(
  affinity: JsonValue,
  clusters: readonly ClusterFacts[],
): ReadonlySet<ClusterFacts> {
  const key = isObject(affinity) ? affinity : everywhere;
  let byFleet = known.get(key);
  if (!byFleet) known.set(key, (byFleet = new WeakMap()));
  let matching = byFleet.get(clusters);
  if (!matching) {
    matching = new Set(clusters.filter((cluster) => clusterMatches(key, cluster)));
    byFleet.set(clusters, matching);
  }
  return matching;
}

const everywhere: JsonObject = {};
