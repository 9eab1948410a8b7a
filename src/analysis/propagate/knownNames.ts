import { arrayMember, isObject, member, withMember, withoutMember } from '../../engine/index.ts';
import type { ClusterFacts, JsonObject, JsonValue } from '../../engine/index.ts';

/** A placement without the names of clusters that there are not, for a copy that need not inherit old mistakes. */
export function withKnownNames(placement: JsonObject, fleet: readonly ClusterFacts[]): JsonObject {
  const names = new Set<JsonValue>(fleet.map(({ name }) => name));
  const affinity = member(placement, 'clusterAffinity');
  const terms = arrayMember(placement, 'clusterAffinities');
  const single = isObject(affinity)
    ? withMember(placement, 'clusterAffinity', known(affinity, names))
    : placement;
  if (terms.length === 0) return single;
  const cleaned = terms.map((term) => (isObject(term) ? known(term, names) : term));
  return withMember(single, 'clusterAffinities', cleaned);
}

function known(affinity: JsonObject, names: ReadonlySet<JsonValue>): JsonObject {
  let result = affinity;
  for (const key of ['clusterNames', 'exclude']) {
    const list = arrayMember(affinity, key);
    const kept = list.filter((name) => names.has(name));
    if (kept.length === list.length) continue;
    // An empty list of names would mean every cluster.
    if (kept.length > 0) result = withMember(result, key, kept);
    else if (key === 'exclude') result = withoutMember(result, key);
  }
  return result;
}
