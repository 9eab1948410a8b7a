import type { Disposable } from '../../base/lifecycle.ts';
import type { TextFolder } from './textFolder.ts';

export interface LockOptions {
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

/** One file for each push that runs, which the window that runs it renews while it lives. */
export interface JournalLocks extends Disposable {
  claim(id: string): Promise<boolean>;
  unclaim(id: string): Promise<void>;
  /** Whether this window still has it. */
  holds(id: string): Promise<boolean>;
  /** Whether a window that is alive runs this push: this one or another one. */
  isClaimed(id: string): Promise<boolean>;
}

/** Locks in a folder that all windows share. */
export function createJournalLocks(folder: TextFolder, options: LockOptions): JournalLocks {
  const { owner, now, sleep, every } = options;
  const look = createLook(folder, options);
  const beats = new Map<string, Disposable>();
  const beating = new Map<string, Promise<void>>();
  const lockText = () => JSON.stringify({ owner, at: now() });

  const stop = (id: string): void => {
    beats.get(id)?.dispose();
    beats.delete(id);
  };
  const unclaim = async (id: string): Promise<void> => {
    stop(id);
    await beating.get(id);
    beating.delete(id);
    if ((await look.lockOf(id))?.owner === owner) await folder.remove(lockName(id));
  };
  const beat = async (id: string): Promise<void> => {
    const holder = (await look.lockOf(id))?.owner;
    if (beats.has(id) && holder === owner) await folder.write(lockName(id), lockText());
  };
  const claim = async (id: string): Promise<boolean> => {
    const holder = await look.holderAtSecondLook(id);
    if (holder !== '') return holder === owner && beats.has(id);
    stop(id);
    // A lock that is out of date is one of a window that is gone.
    await folder.remove(lockName(id));
    if (!(await folder.create(lockName(id), lockText()))) return false;
    await sleep(settling);
    if ((await look.holderOf(id)) !== owner) return false;
    const renewed = () => beat(id).catch(() => undefined);
    beats.set(
      id,
      every(pulse, () => void beating.set(id, renewed())),
    );
    return true;
  };
  return {
    claim,
    unclaim,
    async holds(id) {
      if (!beats.has(id)) return false;
      await beating.get(id);
      // While this window renews its lock there is none for a moment: the editor replaces a file by deleting it first.
      const lock = (await look.lockOf(id)) ?? (await beating.get(id), await look.lockOf(id));
      if (lock?.owner !== owner) return false;
      // After a sleep others take it for nobody's: it has to be won again as they would win it.
      return isFresh(lock, now()) || claim(id);
    },
    isClaimed: async (id) => (await look.holderOf(id)) !== '',
    dispose() {
      for (const id of [...beats.keys()]) void unclaim(id).catch(() => undefined);
    },
  };
}

function createLook(folder: TextFolder, { now, sleep }: LockOptions) {
  const lockOf = async (id: string) => readLock(await folder.read(lockName(id)));
  /** '' where no window that lives has it. */
  const holderOf = async (id: string): Promise<string> => {
    const lock = await lockOf(id);
    return lock && isFresh(lock, now()) ? lock.owner : '';
  };
  return {
    lockOf,
    holderOf,
    /** A lock that is being renewed by its window is not there for a moment. */
    async holderAtSecondLook(id: string): Promise<string> {
      const holder = await holderOf(id);
      if (holder !== '') return holder;
      await sleep(settling);
      return holderOf(id);
    },
  };
}

/** A clock that was set back makes a lock one of the future, which nobody may have renewed either. */
function isFresh({ at }: { readonly at: number }, now: number): boolean {
  return Math.abs(now - at) < patience;
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
