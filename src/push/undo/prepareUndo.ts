import { KubeError } from '../../live/index.ts';
import type { Journal } from '../journal.ts';
import { planPushInSteps } from '../plan/planPush.ts';
import type { PlanOptions } from '../plan/planPush.ts';
import { otherPlane } from '../planeIdentity.ts';
import type { CancelSignal, JournalStore } from '../ports.ts';
import { inShortSteps } from '../prepare/inShortSteps.ts';
import { readGroundOn } from '../prepare/readGround.ts';
import type { GroundPorts } from '../prepare/readGround.ts';
import { readyPlane } from '../prepare/readyPlane.ts';
import { askForDoubts } from '../run/askForDoubts.ts';
import { getOrNone } from '../run/writeStep.ts';
import type { ObjectChange, PushReview, Question } from '../types.ts';
import { dryRunUndo } from './dryRunUndo.ts';
import { createLaterWrites } from './laterWrites.ts';
import { notRestored } from './notRestored.ts';
import { undoChange } from './undoChange.ts';
import { writtenObjects } from './writtenObjects.ts';

/** What is known of the control plane beside its objects, and how to stop. */
export interface UndoOptions {
  readonly plan?: PlanOptions;
  readonly signal?: CancelSignal;
}

/** What an undo is prepared with; without journals nothing is known of later pushes. */
export interface UndoPorts extends GroundPorts {
  readonly journals?: JournalStore;
}

/**
 * The review of taking a push back: whatever it has written goes back to what it was before, but for status, what the
 * server sets and Karmada's bookkeeping. Where somebody else has changed such a field since, the review is blocked and
 * says which. Nothing but journals is needed, so that it works after a restart; an undo can be undone the same way.
 * Rejects with `KubeError` when the server cannot be asked.
 */
export async function prepareUndo(
  ports: UndoPorts,
  journal: Journal,
  { plan: planOptions, signal }: UndoOptions = {},
): Promise<PushReview> {
  const { review } = journal;
  const other = await otherPlane(ports.api, review);
  if (other !== '') throw new KubeError('invalid', other);
  const settled = await askForDoubts(ports, journal);
  // What is not known to be written can neither be taken back nor left.
  if (settled.problem !== undefined) throw new KubeError('unreachable', settled.problem);
  const found: ObjectChange[] = [];
  const questions: Question[] = [];
  const laterWrites = createLaterWrites(ports.journals);
  for (const written of writtenObjects(settled)) {
    const now = await getOrNone(ports.api, written.reference);
    const answer = undoChange(written, now, await laterWrites(written, now));
    if (answer.change) found.push(answer.change);
    questions.push(...(answer.questions ?? []));
  }
  const plane = await readyPlane(ports, signal);
  const changes = await dryRunUndo(found, ports.api);
  const { ground, questions: open } = await readGroundOn(plane, ports, changes, signal);
  const planning = planPushInSteps(ground, changes, planOptions);
  const plan = await inShortSteps(planning, ports.clock, signal);
  return {
    type: 'undo',
    ...titleOf(review),
    context: review.context,
    server: review.server,
    ...(review.plane !== undefined && { plane: review.plane }),
    changes,
    steps: plan.steps,
    effects: plan.effects,
    questions: [
      ...questions,
      ...plan.questions,
      ...notRestored(review.effects, plan.effects),
      ...open,
    ],
    undoes: journal.id,
  };
}

/** Undoing an undo is a redo, and undoing that one an undo again. */
function titleOf({ type, title, isRedo }: PushReview): Pick<PushReview, 'title' | 'isRedo'> {
  const bare = title.replace(/^(?:Undo|Redo) of /, '');
  if (type !== 'undo') return { title: `Undo of ${title}` };
  return isRedo ? { title: `Undo of ${bare}` } : { title: `Redo of ${bare}`, isRedo: true };
}
