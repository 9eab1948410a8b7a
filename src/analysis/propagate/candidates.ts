import {
  arrayMember,
  existingClaim,
  isObject,
  member,
  stringMember,
  withMember,
  withoutMember,
} from '../../engine/index.ts';
import type { JsonArray, JsonObject, JsonValue } from '../../engine/index.ts';
import { ignoresDependencies } from '../findings/completeness/propagateDepsIgnored.ts';
import { selectorFor } from '../fixes/selectObject.ts';
import { listName } from '../listName.ts';
import { naturalOrder } from '../naturalOrder.ts';
import { listClusters } from '../previewText.ts';
import type { Item, Template } from '../snapshot.ts';
import type { Goal, Scope } from './goals.ts';
import type { Group } from './groups.ts';
import { holderOf } from './holder.ts';
import type { Holder } from './holder.ts';
import { withKnownNames } from './knownNames.ts';
import { newPlacements, placementVariants } from './placements.ts';
import type { Aim, PlacementVariant } from './aim.ts';

import { specOf, withLivePolicy, withPolicy, withSpec } from './policyFiles.ts';
import type { NewPolicy } from './policyFiles.ts';
import { templateOf } from './reach.ts';
import { folderOf } from './world.ts';
import type { Ground, World } from './world.ts';

/** One way to bring some templates where they are to be. */
export interface Candidate {
  /** The least is tried first, and of equally good ones it is taken. */
  readonly cost: number;
  /**
   * What it can move: the templates of the group, whatever the policy claims that claims them, or others as well.
   */
  readonly touches: 'group' | 'claimed' | 'others';
  /** In a world where all of this is as it was; `undefined` where it cannot be written down. */
  readonly make: (world: World) => World | undefined;
}

/** What can be done for a group, the smallest change first. */
export function candidatesFor(
  ground: Ground,
  world: World,
  scope: Scope,
  group: Group,
): readonly Candidate[] {
  const { holder } = group;
  if (holder && isDecidedElsewhere(world, group)) return [];
  const apart = (held: Held): readonly Candidate[] => [
    ...moved(ground, world, scope, held),
    split(ground, world, scope, held),
  ];
  const found = holder
    ? placementVariants(placementOf(holder.item), group.aim)
        .flatMap((variant) => [
          extended(ground, scope, { group, holder, variant }),
          ...apart({ group, holder, variant }),
        ])
        .concat(
          plainPlacements(group, holder).flatMap((variant) => apart({ group, holder, variant })),
        )
    : [
        ...newPlacements(group.aim).map((variant) => made(ground, scope, { group, variant })),
        ...joined(ground, world, group),
      ];
  return found.toSorted((a, b) => a.cost - b.cost);
}

/**
 * Whether the policy that claims them places nothing, whatever its placement: it names another scheduler, or waits for
 * overrides. A copy would do the same.
 */
function isDecidedElsewhere({ snapshot }: World, { goals, holder }: Group): boolean {
  const [{ key, template }] = goals;
  const { claim, schedule } = templateOf(snapshot, key)?.simulation ?? {};
  if (claim?.type === 'waiting') return kindFor(template.item.namespace) === holder?.item.kind;
  return claim?.type === 'claimed' && !schedule;
}

/** Little of the placement that they have, where whatever is made of it falls short; what is left out is told. */
function plainPlacements({ aim }: Group, { item }: Holder): readonly PlacementVariant[] {
  const { clusterTolerations, replicaScheduling, ...others } = placementOf(item);
  const tolerations = clusterTolerations === undefined ? {} : { clusterTolerations };
  const scheduling = replicaScheduling === undefined ? {} : { replicaScheduling };
  const gone = Object.keys(others).filter((field) => field !== 'clusterAffinity');
  const variants = (start: JsonObject, left: readonly string[], cost: number) =>
    newPlacements(aim, start).map((variant) => ({
      ...variant,
      cost: variant.cost + cost,
      warnings: left.length === 0 ? variant.warnings : [...variant.warnings, leftOut(item, left)],
    }));
  return [
    ...variants({ ...tolerations, ...scheduling }, gone, 20),
    ...(replicaScheduling === undefined
      ? []
      : variants(tolerations, [...gone, 'replicaScheduling'], 30)),
  ];
}

function leftOut(item: Item, fields: readonly string[]): string {
  return `The new policy has no ${fields.join(' and no ')} as ${nameOf(item)} has.`;
}

function placementOf(policy: Item): JsonObject {
  const placement = member(specOf(policy), 'placement');
  return isObject(placement) ? placement : {};
}

interface Held {
  readonly group: Group;
  readonly holder: Holder;
  readonly variant: PlacementVariant;
}

/** The policy that claims them leads elsewhere. */
function extended(ground: Ground, scope: Scope, { group, holder, variant }: Held): Candidate {
  const { item, isWritten } = holder;
  const { placement, cost } = variant;
  const spec = withMember(specOf(item), 'placement', placement);
  const name = nameOf(item);
  const warnings = variant.warnings.map((warning) => `${name}: ${warning}`);
  const note = `${name}: ${changeText(group.aim)}.`;
  if (isWritten) {
    return {
      ...{ cost, touches: 'claimed' },
      make: (world) => withSpec(ground, world, { item, spec }, { note, warnings }),
    };
  }
  const told = `${name} is only on the control plane: it is written to a file with the change.`;
  const remark = { note, warnings: [...warnings, told] };
  const folder = folderFor(ground, scope, group);
  return {
    ...{ cost: cost + 6, touches: 'others' },
    make: (world) =>
      folder === undefined
        ? undefined
        : withLivePolicy(ground, world, { item, spec, folder }, remark),
  };
}

function changeText({ wanted, current }: Aim): string {
  const added = [...wanted].filter((name) => !current.has(name)).sort(naturalOrder);
  const gone = [...current].filter((name) => !wanted.has(name)).sort(naturalOrder);
  return [
    ...(added.length > 0 ? [`adds ${listClusters(added)}`] : []),
    ...(gone.length > 0 ? [`takes away ${listClusters(gone)}`] : []),
  ].join(', ');
}

/**
 * A policy like the one that claims them, for them alone and of higher precedence (`pkg/detector/compare.go`): a name
 * beats a label, a priority beats both, and a PropagationPolicy every ClusterPropagationPolicy.
 */
function split(
  ground: Ground,
  world: World,
  scope: Scope,
  { group, holder, variant }: Held,
): Candidate {
  const { item: policy, match, priority } = holder;
  const isOther = kindFor(group.goals[0].template.item.namespace) !== policy.kind;
  const isClaimed = group.goals.some(
    (goal) => goal.template.item.stored && existingClaim(goal.template.item.stored),
  );
  const { featureGates } = world.snapshot.settings;
  const preempts = isClaimed && featureGates['PropagationPolicyPreemption'] === true;
  // A preempting policy of the same kind has to be of higher priority, however exactly it selects.
  const raised = isOther ? 0 : match < 3 && !preempts ? priority : priority + 1;
  let spec = copiedSpec(world, scope, { group, holder, variant });
  spec = raised === 0 ? withoutMember(spec, 'priority') : withMember(spec, 'priority', raised);
  if (preempts) spec = withMember(spec, 'preemption', 'Always');
  const made = { ...policyFor(group), spec };
  const isLive = world.snapshot.live !== undefined;
  const told = isLive
    ? []
    : [
        `A new policy takes ${namesOf(group)} over from ${nameOf(policy)}. What ${nameOf(policy)} has claimed on a control plane already stays with it there, unless preemption is switched on.`,
      ];
  const folder = folderFor(ground, scope, group);
  return {
    ...{ cost: variant.cost + 1.5, touches: 'group' },
    make: (now) =>
      folder === undefined
        ? undefined
        : withPolicy(ground, now, { policy: made, folder }, [...variant.warnings, ...told]),
  };
}

/** The spec of the policy that claims them, for them alone and with another placement. */
function copiedSpec(
  { snapshot }: World,
  { fleet }: Scope,
  { group, holder, variant }: Held,
): JsonObject {
  const { item: policy } = holder;
  const kind = kindFor(group.goals[0].template.item.namespace);
  let spec: JsonObject = {
    ...specOf(policy),
    resourceSelectors: selectorsFor(group, kind),
    placement: withKnownNames(variant.placement, fleet),
  };
  // An OverridePolicy and a ClusterOverridePolicy of one name are two things, and priorities count within a scope.
  if (kind !== policy.kind) {
    spec = withoutMember(withoutMember(spec, 'dependentOverrides'), 'priority');
  }
  if (ignoresDependencies(snapshot, spec)) spec = withoutMember(spec, 'propagateDeps');
  return spec;
}

/**
 * A policy like the one that claims them by name, which selects them no longer: Karmada takes its claim off them, and the
 * new policy claims them (`pkg/detector/policy.go`). Only where no other policy could be faster.
 */
function moved(
  ground: Ground,
  world: World,
  scope: Scope,
  { group, holder, variant }: Held,
): readonly Candidate[] {
  const { item, isWritten, match } = holder;
  if (!isWritten || match < 3) return [];
  const before = arrayMember(specOf(item), 'resourceSelectors');
  const left = before.filter(
    (selector) => !group.goals.some(({ template }) => isOnlyFor(selector, template, item)),
  );
  if (left.length === 0 || left.length === before.length) return [];
  const policy = {
    ...policyFor(group),
    spec: copiedSpec(world, scope, { group, holder, variant }),
  };
  const folder = folderFor(ground, scope, group);
  const spec = withMember(specOf(item), 'resourceSelectors', left);
  const note = `${nameOf(item)}: no longer selects ${namesOf(group)}.`;
  return [
    {
      ...{ cost: variant.cost + 1.25, touches: 'group' },
      make: (now) => {
        const freed = withSpec(ground, now, { item, spec }, { note });
        if (!freed || folder === undefined) return undefined;
        const isFree = group.goals.every(
          ({ key }) => templateOf(freed.snapshot, key)?.simulation?.claim.type === 'unclaimed',
        );
        return isFree ? withPolicy(ground, freed, { policy, folder }, variant.warnings) : undefined;
      },
    },
  ];
}

/** Whether a selector of a policy means one template and no other. */
function isOnlyFor(selector: JsonValue, template: Template, policy: Item): boolean {
  const { apiVersion, kind, name } = selectorFor(template, policy);
  const namespace = stringMember(selector, 'namespace');
  const isHere = namespace === '' && policy.namespace === template.item.namespace;
  return (
    member(selector, 'apiVersion') === apiVersion &&
    member(selector, 'kind') === kind &&
    member(selector, 'name') === name &&
    (isHere || namespace === template.item.namespace)
  );
}

/** A policy for what no policy claims. */
function made(ground: Ground, scope: Scope, { group, variant }: Omit<Held, 'holder'>): Candidate {
  const { namespace } = group.goals[0].template.item;
  const kind = kindFor(namespace);
  const spec = { resourceSelectors: selectorsFor(group, kind), placement: variant.placement };
  const policy = { ...policyFor(group), spec };
  const folder = folderFor(ground, scope, group);
  return {
    ...{ cost: variant.cost + 1, touches: 'group' },
    make: (world) =>
      folder === undefined
        ? undefined
        : withPolicy(ground, world, { policy, folder }, variant.warnings),
  };
}

/** What no policy claims is added to the policy of the release that needs it. */
function joined(ground: Ground, world: World, group: Group): readonly Candidate[] {
  const [{ chosen, template }] = group.goals;
  const current = templateOf(world.snapshot, chosen.key);
  const holder = current && holderOf(world.snapshot, current);
  if (!holder?.isWritten || holder.item.namespace !== template.item.namespace) return [];
  const { item } = holder;
  const before = member(specOf(item), 'resourceSelectors');
  const selectors: JsonArray = Array.isArray(before) ? (before as JsonArray) : [];
  const spec = withMember(specOf(item), 'resourceSelectors', [
    ...selectors,
    ...selectorsFor(group, item.kind),
  ]);
  const note = `${nameOf(item)}: selects ${namesOf(group)} as well.`;
  return [
    {
      ...{ cost: 0, touches: 'others' },
      make: (now) => withSpec(ground, now, { item, spec }, { note }),
    },
  ];
}

function selectorsFor({ goals }: Group, kind: string): readonly JsonObject[] {
  return goals.map(({ template }) => selectorFor(template, { ...template.item, kind }));
}

function kindFor(namespace: string): 'PropagationPolicy' | 'ClusterPropagationPolicy' {
  return namespace === '' ? 'ClusterPropagationPolicy' : 'PropagationPolicy';
}

function nameOf({ kind, namespace, name }: Item): string {
  return listName(kind, namespace, name);
}

function namesOf({ goals }: Group): string {
  return listClusters(goals.map(({ template }) => nameOf(template.item)));
}

/** What a new policy for a group is called and where it is. */
function policyFor(group: Group): Omit<NewPolicy, 'spec'> {
  const [{ template }] = group.goals;
  const { namespace } = template.item;
  return {
    kind: kindFor(namespace),
    namespace,
    isNamespaceAssumed: group.goals.every((goal) => goal.template.item.namespaceAssumed),
    stem: stemOf(group),
    comment: commentOf(group),
  };
}

/** The name of the release that a new policy is for. */
function stemOf({ goals }: Group): string {
  const main = goals.find(({ isChosen }) => isChosen) ?? goals.find(isRelease);
  return (main?.template ?? goals[0].chosen).item.name.replaceAll(':', '.');
}

function isRelease({ template }: Goal): boolean {
  return template.item.kind === 'HelmRelease';
}

/** True of whatever becomes of the policy: which clusters, and whether any, is for its placement to say. */
function commentOf({ goals }: Group): string {
  const chosen = goals.filter(({ isChosen }) => isChosen);
  const others = goals.filter(({ isChosen }) => !isChosen);
  const [need] = others;
  const nameOfAll = (list: readonly Goal[]): readonly string[] =>
    list.map(({ template: { item } }) => `${item.kind} ${item.name}`);
  const users = [
    ...new Set(others.map((goal) => `${goal.chosen.item.kind} ${goal.chosen.item.name}`)),
  ];
  const verb = (chosen.length > 0 ? chosen : users).length > 1 ? 'need' : 'needs';
  const parts =
    chosen.length > 0
      ? [
          ...nameOfAll(chosen),
          ...(need ? [`what ${chosen.length > 1 ? 'they' : 'it'} ${verb}`] : []),
        ]
      : others.length > 1
        ? [`what ${listClusters(users)} ${verb}`]
        : nameOfAll(others);
  return `Says where ${listClusters(parts)} ${parts.length > 1 ? 'go' : 'goes'}.`;
}

/** Where new files go: the folder asked for, that of the release, the first that is open, or that of any document. */
function folderFor({ before }: Ground, { folder }: Scope, { goals }: Group): string | undefined {
  if (folder !== undefined) return folder;
  const [{ chosen, template }] = goals;
  const written = [template, chosen].filter(({ item }) => item.context === undefined);
  // A document that was never saved is in no folder.
  const folders = (uris: readonly string[]): readonly string[] =>
    uris.filter((uri) => uri.includes('/')).map(folderOf);
  const [found] = [
    ...folders(written.map(({ item }) => item.file.uri)),
    ...before.settings.roots.map((root) => root.replace(/\/+$/, '')),
    ...folders(before.files.map(({ uri }) => uri)),
  ];
  return found;
}
