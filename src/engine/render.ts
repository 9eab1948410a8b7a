import { isObject, member, stringMember } from './json.ts';
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
import type { JsonObject, Outcome, Result, Variant } from './types.ts';

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
  /** For a `targetCluster`, the positions of the clusters that it matches. */
  readonly targets: WeakMap<JsonObject, readonly number[]>;
}

/** What clusters have in common that have taken the same way so far. */
interface Group {
  /** How many clusters there are. */
  size: number;
  object: JsonObject;
  error?: string;
  clusterOverrides: readonly string[];
  overrides: readonly string[];
}

/** Clusters in groups. Only groups that a rule reaches are looked at, however many there are. */
interface Partition {
  readonly fleet: Fleet;
  readonly choice: Choice;
  readonly groups: Group[];
  /** For every position in the fleet the index of its group; -1 for a cluster that is not asked for. */
  readonly groupOf: Int32Array;
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
  const partition = startPartition(fleetOf(clusters), template, options);
  const policies = overridePoliciesOf(overridePolicies);
  applyClusterOverridePolicies(partition, policies);
  applyNamespacedPolicies(partition, policies);
  return toVariants(partition);
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

/** The clusters that a list of names chooses from a fleet. */
interface Choice {
  /** Known ones, each once. */
  readonly names: readonly string[];
  /** Of each name in the fleet. */
  readonly positions: readonly number[];
  /** By position in the fleet: 0 for a chosen cluster, else -1. */
  readonly groupOf: Int32Array;
}

const choices = new WeakMap<Fleet, WeakMap<readonly string[], Choice>>();

/** Worked out once a list, so share the list between templates that go to the same clusters. */
function choiceOf(fleet: Fleet, chosen: readonly string[] = fleet.names): Choice {
  let known = choices.get(fleet);
  if (!known) choices.set(fleet, (known = new WeakMap()));
  let choice = known.get(chosen);
  if (!choice) {
    const groupOf = new Int32Array(fleet.names.length).fill(-1);
    const names = [...new Set(chosen)].filter((name) => fleet.positions.has(name));
    const positions = names.map((name) => fleet.positions.get(name) ?? 0);
    for (const position of positions) groupOf[position] = 0;
    choice = { names, positions, groupOf };
    known.set(chosen, choice);
  }
  return choice;
}

function startPartition(
  fleet: Fleet,
  template: JsonObject,
  { chosen, prepared }: RenderOptions,
): Partition {
  const choice = choiceOf(fleet, chosen);
  const groups: Group[] = [];
  const groupOf = choice.groupOf.slice();
  const indexes = new Map<JsonObject, number>();
  const startGroup = (object: JsonObject, size: number): number => {
    const start = { object: withGoNumbers(object), clusterOverrides: none, overrides: none };
    return groups.push({ size, ...start }) - 1;
  };
  if (!prepared?.size) {
    if (choice.names.length > 0) startGroup(template, choice.names.length);
    return { fleet, choice, groups, groupOf };
  }
  for (const [i, position] of choice.positions.entries()) {
    const object = prepared.get(choice.names[i] ?? '') ?? template;
    let index = indexes.get(object);
    if (index === undefined) indexes.set(object, (index = startGroup(object, 0)));
    groupOf[position] = index;
    const group = groups[index];
    if (group) group.size++;
  }
  return { fleet, choice, groups, groupOf };
}

function withGoNumbers(template: JsonObject): JsonObject {
  const known = fitted.get(template);
  if (known) return known;
  const value = fitGoNumbers(template);
  const object = isObject(value) ? value : template;
  fitted.set(template, object);
  return object;
}

/** Groups that differ before any override can match different policies. */
function applyClusterOverridePolicies(partition: Partition, policies: OverridePolicies): void {
  if (!policies.clusterScoped.length) return;
  applyByGroup(partition, 'clusterOverrides', (object) =>
    matchingClusterOverridePolicies(policies, object),
  );
}

/** OverridePolicies are looked up after all ClusterOverridePolicies have applied, in the namespace that came of it. */
function applyNamespacedPolicies(partition: Partition, policies: OverridePolicies): void {
  if (!policies.byNamespace.size) return;
  applyByGroup(partition, 'overrides', (object) => matchingOverridePolicies(policies, object));
}

function applyByGroup(
  partition: Partition,
  record: 'clusterOverrides' | 'overrides',
  matching: (object: JsonObject) => readonly OverridePolicy[],
): void {
  const [only] = partition.groups;
  if (only && partition.groups.length === 1) {
    const policies = only.error === undefined ? matching(only.object) : [];
    applyPolicies(partition, policies, new Set([0]), record);
    return;
  }
  const lists = new Map<string, { policies: readonly OverridePolicy[]; groups: Set<number> }>();
  for (const [index, group] of partition.groups.entries()) {
    if (group.error !== undefined) continue;
    const policies = matching(group.object);
    if (!policies.length) continue;
    const key = policies.map(({ name }) => name).join('\n') + namespaceOf(group.object);
    const list = lists.get(key);
    if (list) list.groups.add(index);
    else lists.set(key, { policies, groups: new Set([index]) });
  }
  for (const { policies, groups } of lists.values()) {
    applyPolicies(partition, policies, groups, record);
  }
}

function applyPolicies(
  partition: Partition,
  policies: readonly OverridePolicy[],
  groups: Set<number>,
  record: 'clusterOverrides' | 'overrides',
): void {
  for (const policy of policies) {
    for (const rule of policy.rules) applyRule(partition, groups, rule, record);
  }
}

function namespaceOf(object: JsonObject): string {
  return `/${stringMember(member(object, 'metadata'), 'namespace')}`;
}

/** Applies a rule to some groups; a group of which only some clusters are meant is split, and the new part joins. */
function applyRule(
  { fleet, groups, groupOf }: Partition,
  within: Set<number>,
  rule: OverrideRule,
  record: 'clusterOverrides' | 'overrides',
): void {
  if (!rule.targetCluster) {
    for (const index of within) applyToGroup(groups[index], rule, record);
    return;
  }
  const reached = new Map<number, number[]>();
  for (const position of targetsOf(fleet, rule.targetCluster)) {
    const index = groupOf[position] ?? -1;
    const positions = reached.get(index);
    if (positions) positions.push(position);
    else if (within.has(index)) reached.set(index, [position]);
  }
  for (const [index, positions] of reached) {
    const group = groups[index];
    if (!group || group.error !== undefined) continue;
    if (positions.length === group.size) {
      applyToGroup(group, rule, record);
      continue;
    }
    const part: Group = { ...group, size: positions.length };
    group.size -= positions.length;
    for (const position of positions) groupOf[position] = groups.length;
    within.add(groups.length);
    groups.push(part);
    applyToGroup(part, rule, record);
  }
}

function applyToGroup(
  group: Group | undefined,
  rule: OverrideRule,
  record: 'clusterOverrides' | 'overrides',
): void {
  if (!group || group.error !== undefined) return;
  const result = applySteps(group.object, rule.steps);
  if ('error' in result) {
    group.error = result.error;
    return;
  }
  group.object = result.value;
  group[record] = [...group[record], rule.policy.name];
}

function targetsOf(fleet: Fleet, targetCluster: JsonObject): readonly number[] {
  const known = fleet.targets.get(targetCluster);
  if (known) return known;
  const positions: number[] = [];
  for (const [position, cluster] of fleet.clusters.entries()) {
    if (clusterMatches(targetCluster, clusterFacts(cluster))) positions.push(position);
  }
  fleet.targets.set(targetCluster, positions);
  return positions;
}

function toVariants({ choice, groups, groupOf }: Partition): readonly Variant[] {
  const [only] = groups;
  if (only && groups.length === 1) return [toVariant(only, choice.names)];
  const names = groups.map((): string[] => []);
  for (const [i, position] of choice.positions.entries()) {
    names[groupOf[position] ?? -1]?.push(choice.names[i] ?? '');
  }
  return groups.map((group, index) => toVariant(group, names[index] ?? []));
}

function toVariant(group: Group, clusters: readonly string[]): Variant {
  if (group.error !== undefined) return { clusters, error: group.error };
  const { object, clusterOverrides, overrides } = group;
  const isAsClaimed = clusterOverrides.length === 0 && overrides.length === 0;
  const pruned = isAsClaimed ? manifestOf(object) : frozenManifest(object);
  if ('error' in pruned) return { clusters, error: pruned.error };
  return {
    clusters,
    manifest: pruned.value,
    ...(clusterOverrides.length && { clusterOverrides }),
    ...(overrides.length && { overrides }),
    work: workOf(object),
  };
}

const manifests = new WeakMap<JsonObject, Result<JsonObject>>();

/** The manifest of a template that no override touches: the same one whatever becomes of others. */
function manifestOf(object: JsonObject): Result<JsonObject> {
  let manifest = manifests.get(object);
  if (!manifest) manifests.set(object, (manifest = frozenManifest(object)));
  return manifest;
}

function frozenManifest(object: JsonObject): Result<JsonObject> {
  const manifest = pruneManifest(object);
  if ('value' in manifest) Object.freeze(manifest.value);
  return manifest;
}

const works = new WeakMap<JsonObject, { readonly kind: string; readonly work: string }>();

/** The name of the Work. Few overrides touch the metadata, so most results of a template share it. */
function workOf(object: JsonObject): string {
  const metadata = member(object, 'metadata');
  const kind = stringMember(object, 'kind');
  const known = isObject(metadata) ? works.get(metadata) : undefined;
  if (known?.kind === kind) return known.work;
  const work = workName(kind, stringMember(metadata, 'name'), stringMember(metadata, 'namespace'));
  if (isObject(metadata)) works.set(metadata, { kind, work });
  return work;
}
