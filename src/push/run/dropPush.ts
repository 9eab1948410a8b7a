import { journalText } from '../journal.ts';
import type { Journal } from '../journal.ts';
import type { JournalStore } from '../ports.ts';
import { runClaimed } from './runClaimed.ts';

/**
 * Gives up what is left of a push that stopped: what is done stays done, and can still be undone. Not of one that another
 * window is at, or has brought to its end meanwhile: `problem` says so, or the journal is as that one kept it.
 */
export async function dropPush(
  { journals }: { readonly journals: JournalStore },
  journal: Journal,
): Promise<Journal> {
  return runClaimed(journals, journal, async (kept) => {
    if (kept.state !== 'running' && kept.state !== 'stopped') return kept;
    const dropped: Journal = { ...kept, state: 'dropped' };
    await journals.write(dropped.id, journalText(dropped));
    return dropped;
  });
}
