import { deepEqual } from '../../engine/index.ts';
import type { JsonObject, Simulation, Variant } from '../../engine/index.ts';
import { printYaml } from '../../yaml/index.ts';
import { listName } from '../listName.ts';
import { naturalOrder } from '../naturalOrder.ts';
import { listClusters } from '../previewText.ts';
import type { Snapshot, Template } from '../snapshot.ts';
import { entriesText, othersWithAWord } from './overrideText.ts';
import { overrideDifference } from './overrideDifference.ts';
import type { PlaintextEntry } from './overrideDifference.ts';
import { readEdits, withMaps } from './overrideEdits.ts';
import type { ManifestEdit } from './overrideEdits.ts';
import { isAsWanted, shownManifest, simulationOf, variantOn } from './overrideResult.ts';
import { withKustomizations } from './kustomizations.ts';
import type { Planning } from './planning.ts';
import { writeRule } from './overrideWrite.ts';
import type { Task } from './overrideWrite.ts';
import { newPolicyText } from './overrideRules.ts';
import type { Selected } from './overrideRules.ts';
import { heldWarnings } from './delays.ts';
import { readPick } from './pick.ts';
import type { Picked } from './pick.ts';
import type { FilePlanAnswer, OverrideRequest, PlannedFile, PlannedOutcome } from './types.ts';
import { removedObjects } from './removedObjects.ts';
import { newFindings } from './score.ts';
import { folderOf, withFile, worldOf } from './world.ts';
import type { Ground, World } from './world.ts';

/**
 * Plans the override policy after which chosen clusters get an edited manifest of a template, and all else stays as it is:
 * the smallest edits of a policy in the files that is about this object only, else a new file. Plaintext overriders in
 * rules that apply last (`pkg/util/overridemanager/overridemanager.go`: by how exactly a policy selects, then by name). A
 * plan is given only when a simulation of the edited files confirms it.
 */
export function* planOverride(ground: Ground, request: OverrideRequest): Planning<FilePlanAnswer> {
  const read = readEdits(request.edits);
  if ('reason' in read) return read;
  const picked = pickedBy(ground, request);
  if ('reason' in picked) return picked;
  const [template] = picked.templates;
  if (!template) return { reason: 'No release, source or other object is chosen.' };
  const selected = selectedOf(template);
  const base = baseOf(ground, template);
  yield;
  const simulation = simulationOf(base, template.key);
  if (!simulation)
    return { reason: `${nameOf(selected)} cannot be simulated, so no override can be tried.` };
  const folder = request.folder ?? newFolder(ground.before, template);
  if (folder === undefined) return { reason: 'Open a folder first: the override is a new file.' };
  const groups = groupsOf(simulation, picked, read.value);
  if ('reason' in groups) return groups;
  yield;
  if (groups.value.length === 0) {
    const where = listClusters(picked.clusters.map(({ name }) => name));
    return { reason: `Nothing is changed: ${nameOf(selected)} is like this on ${where} already.` };
  }
  const { rules, warnings } = rulesOf(picked, groups.value);
  let world = worldOf(ground);
  let before = base;
  for (const rule of rules) {
    const task: Task = { ground, selected, simulation, folder, ...rule };
    const next = yield* writeRule(task, world, (after) =>
      isAsWanted(before, after, { template: template.key, manifests: rule.manifests }),
    );
    if (!next) return { reason: cannotWin(selected, rule.clusters) };
    world = next;
    before = next.snapshot;
  }
  const outcomes = outcomesOf(template, simulation, groups.value);
  const findings = newFindings(ground.before, world.snapshot);
  yield;
  return withKustomizations(ground, {
    files: filesOf(ground, world),
    outcomes,
    warnings: [
      ...new Set([
        ...warnings,
        ...groups.value.flatMap(({ variants, entries }) =>
          othersWithAWord(
            simulation.overrides?.filter(({ source }) => !isEdited(base, world, source)) ?? [],
            variants,
            entries,
          ),
        ),
        ...absentWarnings(selected, groups.value),
        ...heldWarnings(world.snapshot, outcomes),
        ...findings,
        ...world.warnings,
      ]),
    ],
    liveOnly: [],
    removedObjects: removedObjects(ground.before, world.snapshot),
  });
}

/**
 * The YAML text to be edited for an override: what the first of the clusters gets, the template where none gets it. ''
 * for a template or clusters that are not there.
 */
export function manifestToEdit(
  ground: Ground,
  request: Pick<OverrideRequest, 'template' | 'clusters'>,
): string {
  const picked = pickedBy(ground, request);
  const [template] = 'reason' in picked ? [] : picked.templates;
  const simulation = template && simulationOf(baseOf(ground, template), template.key);
  if (!simulation || 'reason' in picked) return '';
  const manifest = picked.clusters
    .map(({ name }) => variantOn(simulation, name)?.manifest)
    .find((one) => one !== undefined);
  return printYaml(shownManifest(simulation, manifest ?? simulation.template));
}

/** Where a new file goes is asked later: there may be none. */
function pickedBy(
  { before }: Ground,
  { template, clusters }: Pick<OverrideRequest, 'template' | 'clusters'>,
): ReturnType<typeof readPick> {
  return readPick(before, { templates: [template], clusters, folder: '' });
}

/** Where the template is simulated, whether a document has to do with it or not. */
function baseOf(ground: Ground, template: Template): Snapshot {
  return template.simulation ? ground.before : probed(ground, selectedOf(template));
}

function isEdited({ itemOf }: Snapshot, { notes }: World, policy: JsonObject): boolean {
  const item = itemOf.get(policy);
  return item !== undefined && notes.has(item.file.uri);
}

/** Clusters for which the same is to be written. */
interface Group {
  readonly clusters: readonly string[];
  /** Of them, those that get the template now. */
  readonly receiving: readonly string[];
  readonly entries: readonly PlaintextEntry[];
  /** What those that get the template are to get, by name. */
  readonly manifests: ReadonlyMap<string, JsonObject>;
  readonly variants: readonly Variant[];
}

/** The chosen clusters by what has to be written for them; those that need nothing are in none. */
function groupsOf(
  simulation: Simulation,
  { clusters }: Picked,
  edit: ManifestEdit,
): { readonly value: readonly Group[] } | { readonly reason: string } {
  const byVariant = new Map<Variant | undefined, string[]>();
  for (const { name } of clusters) {
    const variant = variantOn(simulation, name);
    if (variant?.error !== undefined) {
      return {
        reason: `An override fails on ${name}, which has to be mended first: ${variant.error}`,
      };
    }
    const list = byVariant.get(variant);
    if (list) list.push(name);
    else byVariant.set(variant, [name]);
  }
  const groups: Group[] = [];
  for (const [variant, names] of byVariant) {
    const actual = variant?.manifest ?? simulation.claimed ?? simulation.template;
    const now = withMaps(shownManifest(simulation, actual));
    const wanted = edit(now);
    if ('reason' in wanted) return wanted;
    const entries = overrideDifference(now, wanted.value);
    if (!entries) return { reason: 'An empty key cannot be removed by an override.' };
    if (entries.length === 0) continue;
    const manifests = new Map(variant ? names.map((name) => [name, wanted.value] as const) : []);
    const next: Group = {
      clusters: names,
      receiving: variant ? names : [],
      entries: withMetadataMaps(entries, actual),
      manifests,
      variants: variant ? [variant] : [],
    };
    const same = groups.findIndex((group) => isSameEntries(group.entries, next.entries));
    const twin = groups[same];
    if (twin) groups[same] = joined(twin, next);
    else groups.push(next);
  }
  return { value: groups };
}

function isSameEntries(a: readonly PlaintextEntry[], b: readonly PlaintextEntry[]): boolean {
  return (
    a.length === b.length &&
    a.every(
      ({ path, operator, value }, i) =>
        path === b[i]?.path && operator === b[i].operator && deepEqual(value, b[i].value),
    )
  );
}

function joined(a: Group, b: Group): Group {
  return {
    clusters: [...a.clusters, ...b.clusters].toSorted(naturalOrder),
    receiving: [...a.receiving, ...b.receiving].toSorted(naturalOrder),
    entries: a.entries,
    manifests: new Map([...a.manifests, ...b.manifests]),
    variants: [...a.variants, ...b.variants],
  };
}

/** An object without labels needs the map first; the claim gives it one nearly always. */
function withMetadataMaps(
  entries: readonly PlaintextEntry[],
  actual: JsonObject,
): readonly PlaintextEntry[] {
  const filled = withMaps(actual);
  if (filled === actual) return entries;
  const metadata = overrideDifference(actual, filled) ?? [];
  const isNeeded = ({ path }: PlaintextEntry): boolean =>
    entries.some((entry) => entry.path.startsWith(`${path}/`));
  return [
    ...metadata.filter(isNeeded).map((entry) => ({ ...entry, operator: 'add' as const })),
    ...entries,
  ];
}

type RuleOfGroup = Pick<Task, 'rule' | 'clusters'> & Pick<Group, 'manifests'>;

/** One rule a group. Clusters by what they have stay so when all of them need the same. */
function rulesOf(
  { affinity, clusters }: Picked,
  groups: readonly Group[],
): { readonly rules: readonly RuleOfGroup[]; readonly warnings: readonly string[] } {
  const [only] = groups;
  const isOne = groups.length === 1 && only?.clusters.length === clusters.length;
  const rules = groups.map(({ clusters: names, entries, manifests }) => ({
    rule: {
      targetCluster: affinity && isOne ? affinity : { clusterNames: [...names] },
      entries,
    },
    clusters: names,
    manifests,
  }));
  const warnings =
    affinity && !isOne
      ? [
          'The chosen clusters get different things now, so the rules name them: later clusters with the same labels or fields are not among them.',
        ]
      : [];
  return { rules, warnings };
}

function selectedOf({ item }: Template): Selected {
  const { kind, namespace, name, namespaceAssumed } = item;
  const [apiVersion = ''] = item.key.split(`/${kind}/${namespace}/${name}`);
  return { apiVersion, kind, namespace, name, namespaceAssumed };
}

/** The control plane with a policy that changes nothing, so that a template that no document is about is simulated. */
function probed(ground: Ground, selected: Selected): Snapshot {
  const rule = { targetCluster: {}, entries: [] };
  const text = newPolicyText(
    `${selected.name}-probe`,
    { ...selected, namespaceAssumed: false },
    rule,
  );
  const world = worldOf(ground);
  return withFile(ground, world, { uri: 'probe:/policy.yaml', text }, { note: '' }).snapshot;
}

function newFolder(snapshot: Snapshot, { item }: Template): string | undefined {
  if (item.context === undefined) return folderOf(item.file.uri);
  const [root] = snapshot.settings.roots;
  return root?.replace(/\/$/, '');
}

function filesOf(ground: Ground, { snapshot, notes }: World): readonly PlannedFile[] {
  return [...notes].map(([uri, said]) => {
    const before = ground.before.files.find((file) => file.uri === uri)?.source.text;
    const after = snapshot.files.find((file) => file.uri === uri)?.source.text;
    return {
      uri,
      ...(before === undefined ? {} : { before }),
      ...(after === undefined ? {} : { after }),
      notes: said,
    };
  });
}

function outcomesOf(
  { key }: Template,
  simulation: Simulation,
  groups: readonly Group[],
): readonly PlannedOutcome[] {
  return groups.flatMap(({ clusters, receiving, entries }): PlannedOutcome[] => {
    const absent = clusters.filter((name) => !receiving.includes(name));
    const reason = entriesText(simulation, entries);
    return [
      ...(receiving.length > 0
        ? [{ template: key, clusters: receiving, type: 'changes' as const, reason }]
        : []),
      ...(absent.length > 0
        ? [
            {
              template: key,
              clusters: absent,
              type: 'missing' as const,
              reason: 'It does not come here; the override waits until it does.',
            },
          ]
        : []),
    ];
  });
}

function absentWarnings(selected: Selected, groups: readonly Group[]): readonly string[] {
  const absent = groups.flatMap(({ clusters, receiving }) =>
    clusters.filter((cluster) => !receiving.includes(cluster)),
  );
  if (absent.length === 0) return [];
  const where = listClusters(absent.toSorted(naturalOrder));
  return [
    `${nameOf(selected)} does not come to ${where}: the override waits there until a policy brings it.`,
  ];
}

function nameOf({ kind, namespace, name }: Selected): string {
  return listName(kind, namespace, name);
}

function cannotWin(selected: Selected, clusters: readonly string[]): string {
  return `No rule could be written after which ${listClusters(clusters)} would get ${nameOf(selected)} like this: Karmada would change it again, or an override that applies later has the last word.`;
}
