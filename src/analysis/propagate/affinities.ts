import {
  arrayMember,
  clusterMatches,
  isObject,
  member,
  stringMember,
  withMember,
  withoutMember,
} from '../../engine/index.ts';
import type { JsonObject, JsonValue } from '../../engine/index.ts';
import { naturalOrder } from '../naturalOrder.ts';
import { listClusters } from '../previewText.ts';
import type { Aim, PlacementVariant } from './aim.ts';

/** What a policy means that leads nowhere. */
export const leftNowhere =
  'The policy names only clusters that it excludes, so that nothing stays anywhere. Deleting it instead would leave everything on the members.';

/** The clusters to be left. */
export function leaving({ current, wanted }: Aim): readonly string[] {
  return [...current].filter((name) => !wanted.has(name)).sort(naturalOrder);
}

/** An affinity that leaves out some names as well. */
export function excluding(affinity: JsonValue, names: readonly string[]): JsonValue {
  if (!isObject(affinity) || names.length === 0) return affinity;
  const excluded = arrayMember(affinity, 'exclude');
  const more = names.filter((name) => !excluded.includes(name));
  return more.length === 0 ? affinity : withMember(affinity, 'exclude', [...excluded, ...more]);
}

/** Changed affinities that may lead where an aim says, the most alike first; each as a placement. */
export function changedAffinities(affinity: JsonObject, aim: Aim): readonly PlacementVariant[] {
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
  const joint = aim.affinity && united(affinity, aim.affinity, aim);
  const alike = aim.affinity && matchesAll(aim.affinity, aim) ? aim.affinity : undefined;
  return [
    ...(kept ? [{ placement: kept, cost: 0, warnings: namesInstead(kept, aim) }] : []),
    ...(alike ? [{ placement: replaced(affinity, alike), cost: kept ? -1 : 2, warnings: [] }] : []),
    ...(joint && matchesAll(joint, aim) ? [{ placement: joint, cost: 1, warnings: [] }] : []),
    { placement: named, cost: 4, warnings },
  ];
}

type SelectorField = 'labelSelector' | 'fieldSelector';

/** A selector that asks for one of some values of one key, and for nothing else. */
interface Choice {
  readonly field: SelectorField;
  readonly key: string;
  readonly values: readonly JsonValue[];
}

/** Both choices in one where they are of the same key: later clusters join by either. */
function united(affinity: JsonObject, picked: JsonObject, { wanted }: Aim): JsonObject | undefined {
  const [own, more] = [affinity, picked].map(choiceIn);
  if (!own || own.field !== more?.field || own.key !== more.key) return undefined;
  const values = [...new Set([...own.values, ...more.values])];
  const selector = { matchExpressions: [{ key: own.key, operator: 'In', values }] };
  const excluded = arrayMember(affinity, 'exclude').filter(
    (name) => typeof name !== 'string' || !wanted.has(name),
  );
  return withList(withMember(affinity, own.field, selector), 'exclude', excluded);
}

function choiceIn(affinity: JsonObject): Choice | undefined {
  const fields = (['labelSelector', 'fieldSelector'] as const).filter((field) =>
    isObject(member(affinity, field)),
  );
  const [field] = fields;
  if (field === undefined || fields.length > 1) return undefined;
  if (arrayMember(affinity, 'clusterNames').length > 0) return undefined;
  const selector = member(affinity, field);
  const labels = member(selector, 'matchLabels');
  const pairs = isObject(labels) ? Object.entries(labels) : [];
  const expressions = arrayMember(selector, 'matchExpressions');
  if (pairs.length + expressions.length !== 1) return undefined;
  const [[name, value] = []] = pairs;
  if (name !== undefined && value !== undefined) return { field, key: name, values: [value] };
  const [expression] = expressions;
  if (member(expression, 'operator') !== 'In') return undefined;
  return { field, key: stringMember(expression, 'key'), values: arrayMember(expression, 'values') };
}

/** Clusters picked by what they have that a list of names takes up one by one. */
function namesInstead(affinity: JsonObject, aim: Aim): readonly string[] {
  if (!aim.affinity || arrayMember(affinity, 'clusterNames').length === 0) return [];
  return ['The policy names its clusters, so later ones with the same properties do not join.'];
}

function isByProperties(affinity: JsonObject): boolean {
  return isObject(member(affinity, 'labelSelector')) || isObject(member(affinity, 'fieldSelector'));
}

/** Whether an affinity means every wanted cluster. */
export function matchesAll(affinity: JsonObject, { wanted, fleet }: Aim): boolean {
  return fleet
    .filter(({ name }) => wanted.has(name))
    .every((cluster) => clusterMatches(affinity, cluster));
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
export function matchingNone(affinity: JsonObject, { current }: Aim): JsonObject {
  const given = arrayMember(affinity, 'clusterNames');
  const names = given.length > 0 ? given : [...current].sort(naturalOrder);
  const excluded = arrayMember(affinity, 'exclude');
  const more = names.filter((name) => !excluded.includes(name));
  return { ...affinity, clusterNames: [...names], exclude: [...excluded, ...more] };
}
