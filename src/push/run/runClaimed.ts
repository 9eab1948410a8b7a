import { readJournal } from '../journal.ts';
import type { Journal } from '../journal.ts';
import type { JournalStore } from '../ports.ts';
import { messageOf } from './failureText.ts';

/** Runs work while this window alone has the journal, as it was kept last: another window may have gone on with it. */
export async function runClaimed(
  journals: JournalStore,
  journal: Journal,
  work: (kept: Journal) => Promise<Journal>,
): Promise<Journal> {
  const stopped = (problem: string): Journal => ({
    ...journal,
    state: journal.state === 'running' ? 'stopped' : journal.state,
    problem,
  });
  try {
    if (!(await journals.claim(journal.id))) {
      return stopped('Another window is at this push.');
    }
  } catch (error) {
    return stopped(notKept(error));
  }
  try {
    const text = await journals.read(journal.id);
    return await work((text === undefined ? undefined : readJournal(text)) ?? journal);
  } catch (error) {
    return stopped(messageOf(error));
  } finally {
    await journals.unclaim(journal.id).catch(() => undefined);
  }
}

/** The sentence of a push that must not go on: a restart would know nothing of what it did. */
export function notKept(error: unknown): string {
  return `The push stopped because its journal cannot be kept on this machine: ${messageOf(error)}`;
}
