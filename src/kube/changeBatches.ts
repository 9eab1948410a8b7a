import type { Disposable } from '../base/lifecycle.ts';
import type { FleetChange, FleetList, FleetRows } from '../live/index.ts';
import type { Clock } from './clock.ts';

type AnyRow = FleetRows[FleetList];

/** Gathers what streams report and hands it over in batches. */
export interface ChangeBatches extends Disposable {
  /** All rows of an origin that were reported before are to be forgotten. */
  reset(list: FleetList, origin: string): void;
  set(list: FleetList, origin: string, row: AnyRow): void;
  delete(list: FleetList, origin: string, key: string): void;
  /** Hands over at once what is gathered. */
  flush(): void;
}

/** What came of one origin since the last batch; of several changes of one row the last counts. */
interface Gathered {
  readonly list: FleetList;
  isReset: boolean;
  readonly rows: Map<string, AnyRow | undefined>;
}

/**
 * Batches at most every `pace` milliseconds. The first change after a quiet time waits as long, so that the lines of one
 * watch answer come together.
 */
export function createChangeBatches(
  clock: Clock,
  pace: number,
  emit: (changes: readonly FleetChange[]) => void,
): ChangeBatches {
  const gathered = new Map<string, Gathered>();
  let timer: Disposable | undefined;

  const flush = (): void => {
    timer?.dispose();
    timer = undefined;
    if (gathered.size === 0) return;
    const changes = [...gathered].map(toChange);
    gathered.clear();
    emit(changes);
  };
  const of = (list: FleetList, origin: string): Gathered => {
    timer ??= clock.after(pace, flush);
    let found = gathered.get(origin);
    if (!found) gathered.set(origin, (found = { list, isReset: false, rows: new Map() }));
    return found;
  };

  return {
    reset(list, origin) {
      const origins = of(list, origin);
      origins.isReset = true;
      origins.rows.clear();
    },
    set: (list, origin, row) => void of(list, origin).rows.set(row.key, row),
    delete: (list, origin, key) => void of(list, origin).rows.set(key, undefined),
    flush,
    dispose() {
      timer?.dispose();
      gathered.clear();
    },
  };
}

function toChange([origin, { list, isReset, rows }]: [string, Gathered]): FleetChange {
  const set: AnyRow[] = [];
  const deleted: string[] = [];
  for (const [key, row] of rows) {
    if (row) set.push(row);
    else if (!isReset) deleted.push(key);
  }
  return { list, origin, reset: isReset, set, deleted };
}
