import type { Journal } from '../../push/index.ts';
import type { PushParts } from './pushes.ts';
import { reviewType } from './pushTexts.ts';

type Parts = {
  readonly engine: Pick<PushParts['engine'], 'readJournal'>;
  readonly journals: Pick<PushParts['journals'], 'isClaimed' | 'list' | 'read' | 'remove'>;
};

/** What is kept of pushes. */
export interface JournalHistory {
  /** Newest first. */
  readonly journals: readonly Journal[];
  /** Ids of journals that are damaged, or of a later version of the extension; newest first. */
  readonly unreadable: readonly string[];
}

/** Reads all journals there are. */
export async function readHistory({ journals, engine }: Parts): Promise<JournalHistory> {
  const ids = await journals.list();
  const read = await Promise.all(
    ids.map(async (id) => {
      const text = await journals.read(id);
      return { id, text, journal: text === undefined ? undefined : engine.readJournal(text) };
    }),
  );
  return {
    journals: read
      .flatMap(({ journal }) => journal ?? [])
      .toSorted((a, b) => b.startedAt - a.startedAt),
    // What is gone since it was listed is not damaged.
    unreadable: read
      .flatMap(({ id, text, journal }) => (text !== undefined && !journal ? [id] : []))
      .toSorted()
      .toReversed(),
  };
}

/** Whether a push can be taken back: something of it was written, or may have been, and nothing took it back since. */
export function isUndoable({ state, states, review }: Journal): boolean {
  return (
    state !== 'undone' &&
    states.some(({ type }, index) => {
      const step = review.steps[index]?.type;
      return step !== 'settle' && step !== 'ready' && (type === 'done' || type === 'running');
    })
  );
}

/** What taking it back is called. */
export function undoVerb({ review }: Journal): 'Undo' | 'Redo' {
  return reviewType(review) === 'undo' ? 'Redo' : 'Undo';
}

/** Pushes that can be taken back and that no window runs, newest first. */
export async function undoableJournals(parts: Parts): Promise<readonly Journal[]> {
  const { journals } = await readHistory(parts);
  return withoutClaimed(parts, journals.filter(isUndoable));
}

/** Pushes that ended before their end, and that no window runs. */
export async function stoppedJournals(parts: Parts): Promise<readonly Journal[]> {
  const { journals } = await readHistory(parts);
  const open = journals.filter(({ state }) => state === 'running' || state === 'stopped');
  return withoutClaimed(parts, open);
}

async function withoutClaimed(
  { journals }: Parts,
  found: readonly Journal[],
): Promise<readonly Journal[]> {
  const claims = await Promise.all(found.map(({ id }) => journals.isClaimed(id)));
  return found.filter((_, index) => claims[index] !== true);
}

/** Removes what is long over, so that the storage does not grow for ever. */
export async function pruneJournals(parts: Parts): Promise<void> {
  const { journals } = await readHistory(parts);
  const over = journals.filter(({ state }) => state !== 'running' && state !== 'stopped');
  for (const { id } of over.slice(mostKept)) await parts.journals.remove(id);
}

const mostKept = 50;

/** The time in the id of a journal, which is all that is known of one that cannot be read. */
export function timeOfId(id: string): number {
  const [, ...parts] = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)/.exec(id) ?? [];
  const [year = 0, month = 1, ...rest] = parts.map(Number);
  const [day, hours, minutes, seconds] = rest;
  return parts.length === 0 ? 0 : Date.UTC(year, month - 1, day, hours, minutes, seconds);
}
