import { templateKey } from './controlPlane.ts';
import { isObject, member, stringMember } from './json.ts';
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
import {
  namesByGroup,
  startPartition,
  targetsOf,
  type Group,
  type Partition,
  type PartitionOptions,
} from './partition.ts';
import { isCluster } from './selection/clusterFacts.ts';
import type { JsonObject, Outcome, Result, Variant } from './types.ts';

/** Which clusters to render for, and with what. */
export type RenderOptions = PartitionOptions;

export interface OverrideOptions {
  /** Whether admission lets a policy in; a refused one does not exist. */
  readonly isAdmitted?: (policy: JsonObject) => boolean;
}

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
  const partition = startPartition(template, clusters, options);
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
    template: templateKey(template) ?? '',
    variants: render(template, clusters, policies),
  }));
}

function isTemplate(object: JsonObject): boolean {
  return !/^(?:policy|cluster)\.karmada\.io\//.test(stringMember(object, 'apiVersion'));
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

function toVariants(partition: Partition): readonly Variant[] {
  const names = namesByGroup(partition);
  return partition.groups.map((group, index) => toVariant(group, names[index] ?? []));
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
