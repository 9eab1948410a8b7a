import type { JournalStore } from '../../push/index.ts';
import type { Disposable } from '../../base/lifecycle.ts';
import { createTexts, idOf } from './journalTexts.ts';
import type { TextFolder } from './textFolder.ts';

interface StoreOptions {
  /** Tells this window from all others. */
  readonly owner: string;
  readonly now: () => number;
  readonly sleep: (ms: number) => Promise<void>;
  readonly every: (ms: number, work: () => void) => Disposable;
}

/** A window that has not said for so long that it lives is dead, in ms. */
const patience = 20_000;
const pulse = 4_000;
/** Two windows that create a lock in the same moment have both done so after this, and one that renews its own too. */
const settling = 150;

/** Journals as files, and a lock for each push that runs. */
export interface JournalFiles extends JournalStore, Disposable {
  /** Whether a window that is alive runs this push: this one or another one. */
  isClaimed(id: string): Promise<boolean>;
}

/** Keeps journals in a folder that all windows share. */
export function createJournalFiles(folder: TextFolder, options: StoreOptions): JournalFiles {
  const { owner, now, sleep, every } = options;
  const beats = new Map<string, Disposable>();
  const beating = new Map<string, Promise<void>>();
  const lockText = () => JSON.stringify({ owner, at: now() });

  const holderOf = async (id: string): Promise<string> => {
    const lock = readLock(await folder.read(lockName(id)));
    return lock && now() - lock.at < patience ? lock.owner : '';
  };
  /** A lock that is being renewed by its window is not there for a moment. */
  const holderAtSecondLook = async (id: string): Promise<string> => {
    const holder = await holderOf(id);
    if (holder !== '') return holder;
    await sleep(settling);
    return holderOf(id);
  };
  const unclaim = async (id: string): Promise<void> => {
    beats.get(id)?.dispose();
    beats.delete(id);
    await beating.get(id);
    beating.delete(id);
    if (readLock(await folder.read(lockName(id)))?.owner === owner) {
      await folder.remove(lockName(id));
    }
  };
  const beat = async (id: string): Promise<void> => {
    const holder = readLock(await folder.read(lockName(id)))?.owner;
    if (beats.has(id) && holder === owner) await folder.write(lockName(id), lockText());
  };
  /** While this window renews its lock there is none for a moment: the editor replaces a file by deleting it first. */
  const readOwn = async (id: string) => {
    await beating.get(id);
    const lock = readLock(await folder.read(lockName(id)));
    if (lock) return lock;
    await beating.get(id);
    return readLock(await folder.read(lockName(id)));
  };
  const claim = async (id: string): Promise<boolean> => {
    const holder = await holderAtSecondLook(id);
    if (holder !== '') return holder === owner && beats.has(id);
    beats.get(id)?.dispose();
    beats.delete(id);
    // A lock that is out of date is one of a window that is gone.
    await folder.remove(lockName(id));
    if (!(await folder.create(lockName(id), lockText()))) return false;
    await sleep(settling);
    if ((await holderOf(id)) !== owner) return false;
    const work = () =>
      void beating.set(
        id,
        beat(id).catch(() => undefined),
      );
    beats.set(id, every(pulse, work));
    return true;
  };
  return {
    async list() {
      const names = await folder.names();
      return names.flatMap((name) => idOf(name) ?? []).toSorted();
    },
    ...createTexts(folder, owner),
    isClaimed: async (id) => (await holderOf(id)) !== '',
    claim,
    async holds(id) {
      if (!beats.has(id)) return false;
      const lock = await readOwn(id);
      if (lock?.owner !== owner) return false;
      // After a sleep others take it for nobody's: it has to be won again as they would win it.
      return now() - lock.at < patience || claim(id);
    },
    unclaim,
    dispose() {
      for (const id of [...beats.keys()]) void unclaim(id).catch(() => undefined);
    },
  };
}

function lockName(id: string): string {
  return `${encodeURIComponent(id)}.lock`;
}

function readLock(
  text: string | undefined,
): { readonly owner: string; readonly at: number } | undefined {
  try {
    const lock = JSON.parse(text ?? '') as { owner?: unknown; at?: unknown } | null;
    if (typeof lock?.owner !== 'string' || typeof lock.at !== 'number') return undefined;
    return { owner: lock.owner, at: lock.at };
  } catch {
    return undefined;
  }
}
