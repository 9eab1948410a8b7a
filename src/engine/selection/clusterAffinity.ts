import { arrayMember, isObject, member, stringMember } from '../json.ts';
import type { JsonObject, JsonValue } from '../types.ts';
import type { ClusterFacts } from './clusterFacts.ts';
import { compileExpression, compileLabelSelector, type LabelPredicate } from './labelSelector.ts';

/** Which criterion of an affinity a cluster fails; in the order in which they are tested. */
export type AffinityMiss = 'excluded' | 'labels' | 'fields' | 'name';

type Criterion = (cluster: ClusterFacts) => AffinityMiss | undefined;

const compiled = new WeakMap<JsonObject, Criterion>();
const matchesAll: Criterion = () => undefined;

/**
 * Whether a cluster matches a `ClusterAffinity` (`ClusterMatches` of `pkg/util/selector.go`): not excluded, and every
 * present criterion holds. An absent or empty affinity matches every cluster. Also reads override `targetCluster`s,
 * static weights and `clusterAffinities` terms, whose affinity is written inline.
 */
export function clusterMatches(affinity: JsonValue, cluster: ClusterFacts): boolean {
  return affinityMiss(affinity, cluster) === undefined;
}

/** The first criterion that a cluster fails, `undefined` when it matches. */
export function affinityMiss(affinity: JsonValue, cluster: ClusterFacts): AffinityMiss | undefined {
  if (!isObject(affinity)) return undefined;
  let criterion = compiled.get(affinity);
  if (!criterion) {
    criterion = compile(affinity);
    compiled.set(affinity, criterion);
  }
  return criterion(cluster);
}

function compile(affinity: JsonObject): Criterion {
  const excluded = new Set(arrayMember(affinity, 'exclude'));
  const names = new Set(arrayMember(affinity, 'clusterNames'));
  const labelSelector = member(affinity, 'labelSelector') ?? null;
  const labels = labelSelector === null ? undefined : compileLabelSelector(labelSelector);
  const fieldSelector = member(affinity, 'fieldSelector') ?? null;
  const fields = fieldSelector === null ? undefined : compileFieldSelector(fieldSelector);
  if (!excluded.size && !names.size && labelSelector === null && !fields) return matchesAll;
  return (cluster) => {
    if (excluded.has(cluster.name)) return 'excluded';
    if (labelSelector !== null && !labels?.(cluster.labels)) return 'labels';
    if (fields && !fields(cluster)) return 'fields';
    return names.size > 0 && !names.has(cluster.name) ? 'name' : undefined;
  };
}

/** Zone expressions look at the list of zones, all others at `provider` and `region` as if these were labels. */
function compileFieldSelector(selector: JsonValue): (cluster: ClusterFacts) => boolean {
  const zones: ((zones: readonly string[]) => boolean)[] = [];
  const fields: (LabelPredicate | undefined)[] = [];
  for (const expression of arrayMember(selector, 'matchExpressions')) {
    if (stringMember(expression, 'key') === 'zone') zones.push(compileZones(expression));
    else fields.push(compileExpression(expression));
  }
  return (cluster) =>
    zones.every((matches) => matches(cluster.zones)) &&
    fields.every((matches) => matches?.(cluster.fields) ?? false);
}

function compileZones(expression: JsonValue): (zones: readonly string[]) => boolean {
  const values = new Set(arrayMember(expression, 'values'));
  switch (stringMember(expression, 'operator')) {
    case 'In':
      return (zones) => zones.some((zone) => values.has(zone));
    case 'NotIn':
      return (zones) => !zones.some((zone) => values.has(zone));
    case 'Exists':
      return (zones) => zones.length > 0;
    case 'DoesNotExist':
      return (zones) => zones.length === 0;
    default:
      return () => false;
  }
}
