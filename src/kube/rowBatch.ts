import type { Disposable } from '../base/lifecycle.ts';
import type { Clock } from './clock.ts';

/** What changed since the last batch. `reset` means that all rows before it are void. */
export interface RowChanges<T> {
  readonly reset: boolean;
  readonly set: readonly T[];
  readonly deleted: readonly string[];
}

/** Gathers changes of rows; of several changes of one row the last counts. */
export interface RowBatch<T> extends Disposable {
  reset(): void;
  set(row: T): void;
  delete(key: string): void;
  /** Hands over at once what is gathered. */
  flush(): void;
}

/** Hands over at most every `pace` milliseconds; the first change after a quiet time waits as long for others. */
export function createRowBatch<T extends { readonly key: string }>(
  clock: Clock,
  pace: number,
  emit: (changes: RowChanges<T>) => void,
): RowBatch<T> {
  let isReset = false;
  let rows = new Map<string, T | undefined>();
  let timer: Disposable | undefined;
  let isDisposed = false;
  const flush = (): void => {
    timer?.dispose();
    timer = undefined;
    if (isDisposed || (!isReset && rows.size === 0)) return;
    const set: T[] = [];
    const deleted: string[] = [];
    for (const [key, row] of rows) {
      if (row) set.push(row);
      else deleted.push(key);
    }
    const changes = { reset: isReset, set, deleted };
    isReset = false;
    rows = new Map();
    emit(changes);
  };
  const gather = (key: string, row: T | undefined): void => {
    rows.set(key, row);
    timer ??= clock.after(pace, flush);
  };
  return {
    reset() {
      isReset = true;
      rows.clear();
      timer ??= clock.after(pace, flush);
    },
    set: (row) => gather(row.key, row),
    delete: (key) => gather(key, undefined),
    flush,
    dispose() {
      isDisposed = true;
      timer?.dispose();
      rows.clear();
    },
  };
}
