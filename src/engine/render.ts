import { isObject, member, memberAt, stringMember } from './json.ts';
import { fitGoNumbers } from './override/goNumbers.ts';
import {
  isOverridePolicy,
  matchingClusterOverridePolicies,
  matchingOverridePolicies,
  overridePoliciesOf,
  type OverridePolicies,
  type OverridePolicy,
  type OverrideRule,
} from './override/overrideOrder.ts';
import { applySteps } from './override/overriders.ts';
import { pruneManifest } from './override/pruneManifest.ts';
import { workName } from './override/workName.ts';
import { clusterMatches } from './selection/clusterAffinity.ts';
import { clusterFacts, isCluster, type ClusterFacts } from './selection/clusterFacts.ts';
import type { JsonObject, Outcome, Variant } from './types.ts';

export interface OverrideOptions {
  /** Whether admission lets a policy in; a refused one does not exist. */
  readonly isAdmitted?: (policy: JsonObject) => boolean;
}

/** Clusters that have taken the same way so far. */
interface Group {
  readonly members: readonly number[];
  readonly object: JsonObject;
  readonly error?: string;
  readonly clusterOverrides: readonly string[];
  readonly overrides: readonly string[];
}

/** For a `targetCluster` and a list of clusters, 1 at the position of every cluster that it matches. */
const targets = new WeakMap<JsonObject, WeakMap<readonly ClusterFacts[], Uint8Array>>();
/** The lists seen last, by their first cluster. */
const lists = new WeakMap<ClusterFacts, (readonly ClusterFacts[])[]>();
const rememberedLists = 4;
const fitted = new WeakMap<JsonObject, JsonObject>();
const none: readonly string[] = [];

/**
 * Renders one template for a list of clusters (`ensureWork` of `pkg/controllers/binding/common.go`, overrides by
 * `pkg/util/overridemanager/overridemanager.go`). Clusters that match the same rules share one computation and one
 * frozen manifest, which shares with the template whatever no override touched. What a rule matches is remembered for
 * a list of clusters, so that the next template for the same clusters does not ask again.
 */
export function render(
  template: JsonObject,
  clusters: readonly ClusterFacts[],
  overridePolicies: readonly JsonObject[],
): readonly Variant[] {
  const list = sameList(clusters);
  const start: Group = {
    members: list.map((_, position) => position),
    object: withGoNumbers(template),
    clusterOverrides: none,
    overrides: none,
  };
  if (!list.length) return [];
  return applyOverridePolicies(list, overridePoliciesOf(overridePolicies), start).map((group) =>
    toVariant(list, group),
  );
}

/**
 * Renders every template among some objects for every cluster among them: no claim, no scheduling.
 */
export function override(
  objects: readonly JsonObject[],
  options: OverrideOptions = {},
): readonly Outcome[] {
  const clusters = objects.filter(isCluster).map(clusterFacts);
  const isAdmitted = options.isAdmitted ?? (() => true);
  const policies = objects.filter((object) => isOverridePolicy(object) && isAdmitted(object));
  return objects.filter(isTemplate).map((template) => ({
    template: templateKey(template),
    variants: render(template, clusters, policies),
  }));
}

/** `APIVERSION/KIND/NAMESPACE/NAME` of an object. */
export function templateKey(object: JsonObject): string {
  const metadata = member(object, 'metadata');
  return [
    stringMember(object, 'apiVersion'),
    stringMember(object, 'kind'),
    stringMember(metadata, 'namespace'),
    stringMember(metadata, 'name'),
  ].join('/');
}

function isTemplate(object: JsonObject): boolean {
  return !/^(?:policy|cluster)\.karmada\.io\//.test(stringMember(object, 'apiVersion'));
}

/** An earlier list with the same clusters in the same order, so that what is remembered for it serves again. */
function sameList(clusters: readonly ClusterFacts[]): readonly ClusterFacts[] {
  const first = clusters[0];
  if (!first) return clusters;
  const known = lists.get(first) ?? [];
  const same = known.find(
    (list) => list.length === clusters.length && list.every((facts, i) => facts === clusters[i]),
  );
  if (same) return same;
  lists.set(first, [clusters, ...known.slice(0, rememberedLists - 1)]);
  return clusters;
}

function withGoNumbers(template: JsonObject): JsonObject {
  const known = fitted.get(template);
  if (known) return known;
  const value = fitGoNumbers(template);
  const object = isObject(value) ? value : template;
  fitted.set(template, object);
  return object;
}

/** OverridePolicies are looked up after all ClusterOverridePolicies have applied, in the namespace that came of it. */
function applyOverridePolicies(
  clusters: readonly ClusterFacts[],
  policies: OverridePolicies,
  start: Group,
): readonly Group[] {
  const clusterScoped = matchingClusterOverridePolicies(policies, start.object);
  const groups = applyRules(clusters, [start], clusterScoped, 'clusterOverrides');
  if (!policies.byNamespace.size) return groups;
  return groups.flatMap((group) =>
    group.error === undefined
      ? applyRules(clusters, [group], matchingOverridePolicies(policies, group.object), 'overrides')
      : group,
  );
}

function applyRules(
  clusters: readonly ClusterFacts[],
  start: readonly Group[],
  policies: readonly OverridePolicy[],
  record: 'clusterOverrides' | 'overrides',
): readonly Group[] {
  let groups = start;
  for (const policy of policies) {
    for (const rule of policy.rules) {
      groups = groups.flatMap((group) => applyRule(clusters, group, rule, record));
    }
  }
  return groups;
}

function applyRule(
  clusters: readonly ClusterFacts[],
  group: Group,
  rule: OverrideRule,
  record: 'clusterOverrides' | 'overrides',
): Group | readonly Group[] {
  if (group.error !== undefined) return group;
  const matched = rule.targetCluster && targetsOf(clusters, rule.targetCluster);
  const inside = matched ? group.members.filter((at) => matched[at] === 1) : group.members;
  if (!inside.length) return group;
  const result = applySteps(group.object, rule.steps);
  const names = { [record]: [...group[record], rule.policy.name] };
  const changed: Group =
    'error' in result
      ? { ...group, members: inside, error: result.error }
      : { ...group, ...names, members: inside, object: result.value };
  if (!matched || inside.length === group.members.length) return changed;
  return [changed, { ...group, members: group.members.filter((at) => matched[at] !== 1) }];
}

function targetsOf(clusters: readonly ClusterFacts[], targetCluster: JsonObject): Uint8Array {
  let byList = targets.get(targetCluster);
  if (!byList) targets.set(targetCluster, (byList = new WeakMap()));
  const known = byList.get(clusters);
  if (known) return known;
  const matched = Uint8Array.from(clusters, (facts) =>
    clusterMatches(targetCluster, facts) ? 1 : 0,
  );
  byList.set(clusters, matched);
  return matched;
}

function toVariant(list: readonly ClusterFacts[], group: Group): Variant {
  const clusters = group.members.map((position) => list[position]?.name ?? '');
  if (group.error !== undefined) return { clusters, error: group.error };
  const pruned = pruneManifest(group.object);
  if ('error' in pruned) return { clusters, error: pruned.error };
  const { object } = group;
  const kind = stringMember(object, 'kind');
  const metadata = memberAt(object, 'metadata');
  const { clusterOverrides, overrides } = group;
  return {
    clusters,
    manifest: Object.freeze(pruned.value),
    ...(clusterOverrides.length && { clusterOverrides }),
    ...(overrides.length && { overrides }),
    work: workName(kind, stringMember(metadata, 'name'), stringMember(metadata, 'namespace')),
  };
}
