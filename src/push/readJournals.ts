import { readJournal, type Journal } from './journal.ts';
import type { JournalStore } from './ports.ts';

/** All pushes that are kept; what is damaged, or gone since it was listed, is left out. */
export async function readJournals(journals: JournalStore): Promise<readonly Journal[]> {
  const texts = await Promise.all((await journals.list()).map((id) => journals.read(id)));
  return texts.flatMap((text) => (text === undefined ? [] : (readJournal(text) ?? [])));
}
