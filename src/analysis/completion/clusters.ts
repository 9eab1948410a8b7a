import { arrayMember, clusterFacts, member, stringMember } from '../../engine/index.ts';
import type { ClusterFacts, JsonValue } from '../../engine/index.ts';
import { clusterDocumentation } from '../clusterDocumentation.ts';
import { valueAt } from '../cursor.ts';
import { clustersOf } from '../clusterInfo.ts';
import { naturalOrder } from '../naturalOrder.ts';
import type { Candidate, Request, Source } from './candidate.ts';

/** Names of the fleet's clusters that the list does not hold yet. */
export const clusterNames: Source = ({ snapshot, object, path }) => {
  const list = valueAt(object, path.slice(0, -1));
  const index = path.at(-1);
  const taken = new Set(Array.isArray(list) ? list.filter((_, i) => i !== index) : []);
  const facts = new Map(factsOf({ snapshot }).map((cluster) => [cluster.name, cluster]));
  return clustersOf(snapshot)
    .filter(({ name }) => !taken.has(name))
    .map(({ name, description }) => {
      const cluster = facts.get(name);
      return {
        value: name,
        kind: 'cluster',
        detail: description,
        ...(cluster && { documentation: clusterDocumentation(cluster) }),
      };
    });
};

/** Keys of labels that clusters carry. */
export const clusterLabelKeys: Source = (request) =>
  counted(factsOf(request).flatMap(({ labels }) => [...labels.keys()])).map(
    ([value, count]): Candidate => ({ value, kind: 'label', detail: onClusters(count) }),
  );

/** Values that a label has on clusters; the label is the path's last key. */
export const clusterLabelValues: Source = (request) =>
  labelValues(request, String(request.path.at(-1) ?? ''));

/** The same for a condition; its label is in `key` beside the list of values. */
export const clusterLabelConditionValues: Source = (request) =>
  withoutTaken(request, labelValues(request, conditionKey(request)));

function labelValues(request: Request, key: string): readonly Candidate[] {
  return valuesOf(factsOf(request).flatMap(({ labels }) => labels.get(key) ?? []));
}

/** Values of `provider`, `region` or `zone`, as the condition's `key` says. */
export const clusterFieldValues: Source = (request) => {
  const key = conditionKey(request);
  const found = factsOf(request).flatMap((cluster) => fieldOf(cluster, key));
  return withoutTaken(request, valuesOf(found));
};

function fieldOf(
  { provider, region, zones, labels }: ClusterFacts,
  key: string,
): readonly string[] {
  switch (key) {
    case 'provider':
      return provider === '' ? [] : [provider];
    case 'region':
      return region === '' ? [] : [region];
    case 'zone':
      return zones;
    default:
      return [labels.get(key) ?? ''].filter((value) => value !== '');
  }
}

/** Keys of taints that clusters have. */
export const taintKeys: Source = (request) =>
  counted(factsOf(request).flatMap(({ taints }) => taints.map(({ key }) => key))).map(
    ([value, count]) => ({ value, kind: 'value', detail: onClusters(count) }),
  );

/** Values of the taint whose key stands beside. */
export const taintValues: Source = (request) => {
  const key = stringMember(valueAt(request.object, request.path.slice(0, -1)), 'key');
  const taints = factsOf(request).flatMap((cluster) => cluster.taints);
  return valuesOf(
    taints.filter((taint) => key === '' || taint.key === key).map(({ value }) => value),
  );
};

/** Effects of taints; the one that the taint beside has comes first. */
export const taintEffects: Source = (request) => {
  const key = stringMember(valueAt(request.object, request.path.slice(0, -1)), 'key');
  const taints = factsOf(request).flatMap((cluster) => cluster.taints);
  const found = taints.filter((taint) => taint.key === key).map(({ effect }) => effect);
  const effects = [...new Set([...found, 'NoSchedule', 'NoExecute'])];
  return effects.filter((value) => value !== '').map((value) => ({ value, kind: 'value' }));
};

function factsOf({ snapshot }: Pick<Request, 'snapshot'>): readonly ClusterFacts[] {
  return snapshot.fleet.clusters.map(clusterFacts);
}

function conditionKey({ object, path }: Request): string {
  return stringMember(valueAt(object, path.slice(0, -2)), 'key');
}

/** Values of the list being written are not proposed again. */
export function withoutTaken(
  { object, path }: Request,
  candidates: readonly Candidate[],
): readonly Candidate[] {
  const condition: JsonValue | undefined = valueAt(object, path.slice(0, -2));
  const own = path.at(-1);
  const taken = new Set(arrayMember(condition, 'values').filter((_, i) => i !== own));
  return member(condition, 'values') === undefined
    ? candidates
    : candidates.filter(({ value }) => !taken.has(value));
}

function valuesOf(values: readonly string[]): readonly Candidate[] {
  return counted(values).map(([value, count]) => ({
    value,
    kind: 'value',
    detail: onClusters(count),
  }));
}

/** Distinct texts with how often each is there, in natural order. */
export function counted(values: readonly string[]): readonly (readonly [string, number])[] {
  const counts = new Map<string, number>();
  for (const value of values) {
    if (value !== '') counts.set(value, (counts.get(value) ?? 0) + 1);
  }
  return [...counts].sort(([a], [b]) => naturalOrder(a, b));
}

function onClusters(count: number): string {
  return `${count} cluster${count === 1 ? '' : 's'}`;
}
