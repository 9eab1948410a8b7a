import type { ObjectReference } from '../../live/index.ts';
import type { Journal } from '../journal.ts';
import type { JournalStore } from '../ports.ts';
import { readJournals } from '../readJournals.ts';
import { isSameReference } from '../run/stepHistory.ts';
import type { Hold, PushStep } from '../types.ts';
import { suspensionIn } from './suspension.ts';

/** A push of this extension that holds dispatch and has not come to its end. */
export interface PushHold {
  /** The id of its journal. */
  readonly push: string;
  readonly title: string;
  /** `dropped`: the user gave it up, and what it held stays held. */
  readonly state: 'running' | 'stopped' | 'dropped';
  readonly type: Journal['review']['type'];
}

/** Finds the push that holds a policy; `undefined` where none of those kept does. */
export type FindPushHold = (policy: ObjectReference) => PushHold | undefined;

/** Looks for holds among pushes to one server; of several the newest counts. */
export function pushHolds(journals: readonly Journal[], server: string): FindPushHold {
  const open = journals
    .filter(({ review, state }) => review.server === server && isOpen(state))
    .toSorted((a, b) => b.startedAt - a.startedAt);
  return (policy) => {
    const found = open.find((journal) => heldBy(journal, policy) !== 'none');
    if (!found || !isOpen(found.state)) return undefined;
    const { id, review, state } = found;
    return { push: id, title: review.title, state, type: review.type };
  };
}

/** The same among the pushes that are kept. */
export async function readPushHolds(journals: JournalStore, server: string): Promise<FindPushHold> {
  return pushHolds(await readJournals(journals), server);
}

function isOpen(state: Journal['state']): state is PushHold['state'] {
  return state === 'running' || state === 'stopped' || state === 'dropped';
}

/** The policies whose dispatch a push has held and not let go. */
export function policiesHeldBy(journal: Journal): readonly ObjectReference[] {
  const named = journal.review.steps.flatMap((step): readonly ObjectReference[] => {
    if (step.type === 'hold') return [step.hold.policy];
    return step.type === 'apply' ? [step.change.reference] : [];
  });
  const held = named.filter((policy) => heldBy(journal, policy) !== 'none');
  return held.filter((one, index) => held.findIndex((two) => isSameReference(one, two)) === index);
}

/** What a push holds of a policy by what is known of its steps. */
function heldBy(journal: Journal, policy: ObjectReference): Hold['clusters'] {
  const held = lastOf(journal, (step) =>
    step.type === 'hold' && isSameReference(step.hold.policy, policy)
      ? step.hold.clusters
      : undefined,
  );
  if (held !== 'none' || journal.review.type !== 'waves') return held;
  // A policy that a push in waves creates is created with its hold.
  return lastOf(journal, (step) => {
    if (step.type !== 'apply' && step.type !== 'delete') return undefined;
    if (!isSameReference(step.change.reference, policy)) return undefined;
    return step.type === 'delete' ? 'none' : suspensionIn(step.change.source?.object).clusters;
  });
}

/** A step in doubt may have held, and may not have let go. */
function lastOf(
  { review, states }: Journal,
  heldAfter: (step: PushStep) => Hold['clusters'] | undefined,
): Hold['clusters'] {
  let held: Hold['clusters'] = 'none';
  for (const [index, step] of review.steps.entries()) {
    const type = states[index]?.type;
    const wanted = type === 'done' || type === 'running' ? heldAfter(step) : undefined;
    if (wanted !== undefined && (type === 'done' || wanted !== 'none')) held = wanted;
  }
  return held;
}
