import { listName } from '../listName.ts';
import { naturalOrder } from '../naturalOrder.ts';
import { listClusters } from '../previewText.ts';
import type { Template } from '../snapshot.ts';
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
  return {
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
        ...sideEffects(ground, world, outcomes, asked),
        ...newFindings(ground.before, world.snapshot, isToldOtherwise(asked)),
      ]),
    ],
    liveOnly: asked.goals
      .filter(({ template }) => template.item.context !== undefined)
      .map(({ template }) => templateName(template)),
    removedObjects: removedObjects(ground.before, world.snapshot),
  };
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

function missingWarnings({ before }: Ground, outcomes: readonly PlannedOutcome[]): string[] {
  return outcomes
    .filter(({ type }) => type === 'missing')
    .map(({ template, clusters, reason }) => {
      const found = templateOf(before, template);
      const name = found ? templateName(found) : template;
      return `${name} does not come to ${listClusters(clusters.toSorted(naturalOrder))}. ${reason}`.trim();
    });
}

/** What moves although nobody asked for it. */
function sideEffects(
  { before }: Ground,
  world: World,
  outcomes: readonly PlannedOutcome[],
  { goals }: Asked,
): string[] {
  const asked = new Set(goals.map(({ key }) => key));
  const wanted = new Map(goals.map((goal) => [goal.key, goal.wanted]));
  return outcomes.flatMap(({ template, type, clusters }) => {
    if (type === 'missing' || type === 'stays') return [];
    const found = templateOf(before, template) ?? templateOf(world.snapshot, template);
    const name = found ? templateName(found) : template;
    const isGain = type === 'appears';
    const unasked = asked.has(template)
      ? clusters.filter((cluster) => wanted.get(template)?.has(cluster) !== isGain)
      : clusters;
    if (unasked.length === 0) return [];
    const verb = isGain ? 'also comes to' : 'also leaves';
    return [`${name} ${verb} ${listClusters(unasked)}.`];
  });
}
