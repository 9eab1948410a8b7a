import { memberAt } from '../../engine/index.ts';
import { dependsOnCycle } from '../findings/completeness/dependsOnCycle.ts';
import { listName } from '../listName.ts';
import { naturalOrder } from '../naturalOrder.ts';
import { listClusters } from '../previewText.ts';
import type { Snapshot, Template } from '../snapshot.ts';
import { heldWarnings, lazyWarnings } from './delays.ts';
import { followingWarnings } from './following.ts';
import { withKustomizations } from './kustomizations.ts';
import { nameOf } from './needs.ts';
import { outcomesOf } from './outcomes.ts';
import type { Asked } from './outcomes.ts';
import type { Wishes } from './propagateGoals.ts';
import { templateOf } from './reach.ts';
import { removedObjects } from './removedObjects.ts';
import { isToBeNowhere, newFindings } from './score.ts';
import type { FilePlan, PlannedFile, PlannedOutcome } from './types.ts';
import type { Ground, World } from './world.ts';

/** A world as a plan: the files that differ, what comes of it and what should be read before. */
export function planOf(ground: Ground, world: World, asked: Asked & Wishes): FilePlan {
  const outcomes = outcomesOf(ground, world, asked);
  return withKustomizations(ground, {
    files: filesOf(ground, world),
    outcomes,
    warnings: [
      ...new Set([
        ...world.warnings,
        ...missingWarnings(ground, outcomes),
        ...asked.absent.map(
          ({ reference, by }) =>
            `${nameOf(reference)}, which ${templateName(by)} needs, is neither in the documents nor on the control plane.`,
        ),
        ...asked.refused.map(
          ({ needed, by }) =>
            `The API server refuses ${templateName(needed)}, which ${templateName(by)} needs: it does not come along.`,
        ),
        ...cycleWarnings(world, asked),
        ...sideEffects(ground, world, outcomes, asked),
        ...protectionWarnings(ground, outcomes),
        ...lazyWarnings(world.snapshot, outcomes),
        ...heldWarnings(world.snapshot, outcomes),
        ...followingWarnings(world.snapshot, outcomes),
        ...newFindings(ground.before, world.snapshot, isToldOtherwise(asked)),
      ]),
    ],
    liveOnly: asked.goals
      .filter(({ template }) => template.item.context !== undefined)
      .map(({ template }) => templateName(template)),
    removedObjects: removedObjects(ground.before, world.snapshot),
  });
}

/** What is no news: that other releases have no policy yet, and that nothing is left where nothing should be. */
function isToldOtherwise({ goals }: Asked): (code: string) => boolean {
  const isMeant = isToBeNowhere(goals);
  return (code) => code === 'template-not-propagated' || isMeant(code);
}

function templateName({ item }: Template): string {
  return listName(item.kind, item.namespace, item.name);
}

function filesOf({ before }: Ground, { snapshot, notes }: World): readonly PlannedFile[] {
  return [...notes].flatMap(([uri, list]): PlannedFile[] => {
    const [then, now] = [before, snapshot].map(
      ({ files }) => files.find((file) => file.uri === uri)?.source.text,
    );
    if (then === now) return [];
    return [
      {
        uri,
        ...(then === undefined ? {} : { before: then }),
        ...(now === undefined ? {} : { after: now }),
        notes: [...new Set(list)],
      },
    ];
  });
}

/** What was asked for and does not come of it; together what has the same reason. */
function missingWarnings({ before }: Ground, outcomes: readonly PlannedOutcome[]): string[] {
  const short = outcomes.filter(({ type }) => type === 'missing' || type === 'remains');
  return alike([before], short).map(({ names, type, clusters, reason }) =>
    `${what(names, type, clusters.toSorted(naturalOrder))} ${reason}`.trim(),
  );
}

interface Alike extends Omit<PlannedOutcome, 'template'> {
  readonly names: readonly string[];
}

/** Outcomes that differ in their templates alone, with the names of these from the first snapshot that has them. */
function alike(snapshots: readonly Snapshot[], outcomes: readonly PlannedOutcome[]): Alike[] {
  const groups = new Map<string, Alike & { readonly names: string[] }>();
  for (const { template, ...outcome } of outcomes) {
    const [found] = snapshots.flatMap((snapshot) => templateOf(snapshot, template) ?? []);
    const name = found ? templateName(found) : template;
    const { type, clusters, reason } = outcome;
    const key = JSON.stringify([type, clusters, reason]);
    const group = groups.get(key);
    if (group) group.names.push(name);
    else groups.set(key, { ...outcome, names: [name] });
  }
  return [...groups.values()];
}

/** `HelmRelease apps/blog also comes to m3.` */
function what(
  names: readonly string[],
  type: PlannedOutcome['type'],
  clusters: readonly string[],
): string {
  const [one, many] = verbs[type];
  return `${listClusters(names)} ${names.length === 1 ? one : many} ${listClusters(clusters)}.`;
}

/** Releases that wait for one another, which the documents had before: where they come none of them becomes ready. */
function cycleWarnings({ snapshot }: World, { goals, isBrought }: Asked): readonly string[] {
  if (!isBrought) return [];
  const keys = new Set(goals.map(({ template }) => template.item.key));
  return dependsOnCycle(snapshot)
    .filter(({ item, related = [] }) =>
      [item, ...related.map((place) => place.item)].some(({ key }) => keys.has(key)),
    )
    .map(({ message }) => message);
}

/** What moves although nobody asked for it. */
function sideEffects(
  { before }: Ground,
  world: World,
  outcomes: readonly PlannedOutcome[],
  { goals }: Asked,
): string[] {
  const wanted = new Map(goals.map((goal) => [goal.key, goal.wanted]));
  const unasked = outcomes.flatMap(({ template, type, clusters }): PlannedOutcome[] => {
    if (type === 'missing' || type === 'stays' || type === 'remains') return [];
    const goal = wanted.get(template);
    const isAsked = (cluster: string): boolean =>
      goal !== undefined && (type === 'changes' || goal.has(cluster) === (type === 'appears'));
    const others = clusters.filter((cluster) => !isAsked(cluster));
    return others.length === 0 ? [] : [{ template, type, clusters: others, reason: '' }];
  });
  return alike([before, world.snapshot], unasked).map(({ names, type, clusters }) =>
    what(names, type, clusters),
  );
}

const protectionLabel = 'resourcetemplate.karmada.io/deletion-protected';

/** The label keeps the template on the control plane (`pkg/webhook/resourcedeletionprotection`), and no cluster's copy. */
function protectionWarnings(
  { before }: Ground,
  outcomes: readonly PlannedOutcome[],
): readonly string[] {
  return outcomes.flatMap(({ template, type }) => {
    const found = type === 'leaves' ? templateOf(before, template) : undefined;
    if (!found) return [];
    const { stored, source } = found.item;
    if (memberAt(stored ?? source, 'metadata', 'labels', protectionLabel) !== 'Always') return [];
    return [
      `${templateName(found)} is protected from deletion on the control plane; that does not keep it on clusters that it leaves.`,
    ];
  });
}

const verbs: { readonly [type in PlannedOutcome['type']]: readonly [one: string, many: string] } = {
  appears: ['also comes to', 'also come to'],
  stays: ['stays on', 'stay on'],
  changes: ['also changes on', 'also change on'],
  leaves: ['also leaves', 'also leave'],
  keeps: ['also leaves', 'also leave'],
  missing: ['does not come to', 'do not come to'],
  remains: ['stays on', 'stay on'],
};
