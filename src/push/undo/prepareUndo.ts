import { KubeError } from '../../live/index.ts';
import type { Journal } from '../journal.ts';
import type { PushApi, PushClock, PushModel } from '../ports.ts';
import { askForDoubts } from '../run/askForDoubts.ts';
import { getOrNone } from '../run/writeStep.ts';
import type { ObjectChange, PushReview, PushStep, Question } from '../types.ts';
import { undoChange } from './undoChange.ts';
import { writtenObjects } from './writtenObjects.ts';

/** What the undo of a push is prepared with. */
export interface UndoPorts {
  readonly api: PushApi;
  readonly model: PushModel;
  readonly clock: PushClock;
}

/**
 * The review of taking a push back: whatever it has written goes back to what it was before, but for status, what the
 * server sets and Karmada's bookkeeping. Where somebody else has changed such a field since, the review is blocked and
 * says which. Nothing but the journal is needed, so that it works after a restart; an undo can be undone the same way.
 * Rejects with `KubeError` when the server cannot be asked.
 */
export async function prepareUndo(ports: UndoPorts, journal: Journal): Promise<PushReview> {
  const { review } = journal;
  const settled = await askForDoubts(ports, journal);
  // What is not known to be written can neither be taken back nor left.
  if (settled.problem !== undefined) throw new KubeError('unreachable', settled.problem);
  const changes: ObjectChange[] = [];
  const questions: Question[] = [];
  for (const written of writtenObjects(settled)) {
    const { change, question } = undoChange(written, await getOrNone(ports.api, written.reference));
    if (change) changes.push(change);
    if (question) questions.push(question);
  }
  return {
    type: 'undo',
    title: `Undo of ${review.title}`,
    context: review.context,
    server: review.server,
    changes,
    steps: changes.map(toStep),
    effects: [],
    questions,
    undoes: journal.id,
  };
}

function toStep(change: ObjectChange, index: number): PushStep {
  return { type: change.type === 'delete' ? 'delete' : 'restore', id: String(index + 1), change };
}
