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
import { clusterFacts, isCluster } from './selection/clusterFacts.ts';
import type { JsonObject, Outcome, Variant } from './types.ts';

export interface RenderOptions {
  /** Names of the clusters to render for, in this order; all of them when absent. */
  readonly chosen?: readonly string[];
  /** Clusters whose copy of the template differs before any override, as after a revision of replicas. */
  readonly prepared?: ReadonlyMap<string, JsonObject>;
}

export interface OverrideOptions {
  /** Whether admission lets a policy in; a refused one does not exist. */
  readonly isAdmitted?: (policy: JsonObject) => boolean;
}

/** What is known about a list of clusters; kept for as long as the list lives. */
interface Fleet {
  readonly clusters: readonly JsonObject[];
  readonly names: readonly string[];
  readonly positions: ReadonlyMap<string, number>;
  /** For a `targetCluster`, 1 at the position of every cluster that it matches. */
  readonly targets: WeakMap<JsonObject, Uint8Array>;
}

/** Clusters that have taken the same way so far. */
interface Group {
  readonly members: readonly number[];
  readonly object: JsonObject;
  readonly error?: string;
  readonly clusterOverrides: readonly string[];
  readonly overrides: readonly string[];
}

const fleets = new WeakMap<readonly JsonObject[], Fleet>();
const fitted = new WeakMap<JsonObject, JsonObject>();
const none: readonly string[] = [];

/**
 * Renders one template for a list of clusters (`ensureWork` of `pkg/controllers/binding/common.go`, overrides by
 * `pkg/util/overridemanager/overridemanager.go`). Clusters that match the same rules share one computation and one
 * frozen manifest, which shares with the template whatever no override touched. What a rule matches is remembered by
 * the identity of the policy and of the list of clusters, so pass the same list for every template.
 */
export function render(
  template: JsonObject,
  clusters: readonly JsonObject[],
  overridePolicies: readonly JsonObject[],
  options: RenderOptions = {},
): readonly Variant[] {
  const fleet = fleetOf(clusters);
  const policies = overridePoliciesOf(overridePolicies);
  const variants: Variant[] = [];
  for (const start of startingGroups(fleet, template, options)) {
    for (const group of applyOverridePolicies(fleet, policies, start)) {
      variants.push(toVariant(fleet, group));
    }
  }
  return variants;
}

/**
 * Renders every template among some objects for every cluster among them: no claim, no scheduling.
 */
export function override(
  objects: readonly JsonObject[],
  options: OverrideOptions = {},
): readonly Outcome[] {
  const clusters = objects.filter(isCluster);
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

function fleetOf(clusters: readonly JsonObject[]): Fleet {
  const known = fleets.get(clusters);
  if (known) return known;
  const names = clusters.map((cluster) => clusterFacts(cluster).name);
  const positions = new Map(names.map((name, position) => [name, position]));
  const fleet: Fleet = { clusters, names, positions, targets: new WeakMap() };
  fleets.set(clusters, fleet);
  return fleet;
}

function startingGroups(
  fleet: Fleet,
  template: JsonObject,
  { chosen, prepared }: RenderOptions,
): readonly Group[] {
  const members = chosen
    ? chosen.flatMap((name) => fleet.positions.get(name) ?? [])
    : fleet.names.map((_, position) => position);
  const byObject = new Map<JsonObject, number[]>();
  for (const position of members) {
    const object = prepared?.get(fleet.names[position] ?? '') ?? template;
    const group = byObject.get(object);
    if (group) group.push(position);
    else byObject.set(object, [position]);
  }
  return [...byObject].map(([object, positions]) => ({
    members: positions,
    object: withGoNumbers(object),
    clusterOverrides: none,
    overrides: none,
  }));
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
  fleet: Fleet,
  policies: OverridePolicies,
  start: Group,
): readonly Group[] {
  const clusterScoped = matchingClusterOverridePolicies(policies, start.object);
  const groups = applyRules(fleet, [start], clusterScoped, 'clusterOverrides');
  if (!policies.byNamespace.size) return groups;
  return groups.flatMap((group) =>
    group.error === undefined
      ? applyRules(fleet, [group], matchingOverridePolicies(policies, group.object), 'overrides')
      : group,
  );
}

function applyRules(
  fleet: Fleet,
  start: readonly Group[],
  policies: readonly OverridePolicy[],
  record: 'clusterOverrides' | 'overrides',
): readonly Group[] {
  let groups = start;
  for (const policy of policies) {
    for (const rule of policy.rules) {
      groups = groups.flatMap((group) => applyRule(fleet, group, rule, record));
    }
  }
  return groups;
}

function applyRule(
  fleet: Fleet,
  group: Group,
  rule: OverrideRule,
  record: 'clusterOverrides' | 'overrides',
): Group | readonly Group[] {
  if (group.error !== undefined) return group;
  const targets = rule.targetCluster && targetsOf(fleet, rule.targetCluster);
  const inside = targets ? group.members.filter((at) => targets[at] === 1) : group.members;
  if (!inside.length) return group;
  const result = applySteps(group.object, rule.steps);
  const names = { [record]: [...group[record], rule.policy.name] };
  const changed: Group =
    'error' in result
      ? { ...group, members: inside, error: result.error }
      : { ...group, ...names, members: inside, object: result.value };
  if (!targets || inside.length === group.members.length) return changed;
  return [changed, { ...group, members: group.members.filter((at) => targets[at] !== 1) }];
}

function targetsOf(fleet: Fleet, targetCluster: JsonObject): Uint8Array {
  const known = fleet.targets.get(targetCluster);
  if (known) return known;
  const targets = Uint8Array.from(fleet.clusters, (cluster) =>
    clusterMatches(targetCluster, clusterFacts(cluster)) ? 1 : 0,
  );
  fleet.targets.set(targetCluster, targets);
  return targets;
}

function toVariant(fleet: Fleet, group: Group): Variant {
  const clusters = group.members.map((position) => fleet.names[position] ?? '');
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
