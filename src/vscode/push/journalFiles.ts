import type { Disposable } from '../../base/lifecycle.ts';
import type { JournalStore } from '../../push/index.ts';
import { createJournalLocks } from './journalLocks.ts';
import type { LockOptions } from './journalLocks.ts';
import { createTexts, idOf } from './journalTexts.ts';
import type { TextFolder } from './textFolder.ts';

/** Journals as files, and a lock for each push that runs. */
export interface JournalFiles extends JournalStore, Disposable {
  /** Whether a window that is alive runs this push: this one or another one. */
  isClaimed(id: string): Promise<boolean>;
}

/** Keeps journals in a folder that all windows share. */
export function createJournalFiles(folder: TextFolder, options: LockOptions): JournalFiles {
  return {
    async list() {
      const names = await folder.names();
      return names.flatMap((name) => idOf(name) ?? []).toSorted();
    },
    ...createTexts(folder, options.owner),
    ...createJournalLocks(folder, options),
  };
}
