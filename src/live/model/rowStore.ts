import type { FleetChange, FleetList, FleetRows } from '../rows.ts';

/** What became of one row; at least one side is there. */
export interface RowChange<R> {
  readonly before: R | undefined;
  readonly after: R | undefined;
}

/** The rows of one list, out of one or several streams. */
export interface RowStore<L extends FleetList> {
  readonly rows: ReadonlyMap<string, FleetRows[L]>;
  /** Takes a batch of one stream and answers what differs. */
  apply(change: FleetChange<L>): readonly RowChange<FleetRows[L]>[];
}

/**
 * An empty store.
 *
 * @param keep makes a new row out of the one before and the one that came, to keep the identity of equal parts
 */
export function createRowStore<L extends FleetList>(
  keep: (before: FleetRows[L], after: FleetRows[L]) => FleetRows[L] = (_before, after) => after,
): RowStore<L> {
  type R = FleetRows[L];
  const rows = new Map<string, R>();
  const keysOf = new Map<string, Set<string>>();
  return {
    rows,
    apply({ origin, reset, set, deleted }) {
      const befores = new Map<string, R | undefined>();
      const keys = keysOf.get(origin) ?? new Set<string>();
      keysOf.set(origin, keys);
      const remove = (key: string): void => {
        if (!befores.has(key)) befores.set(key, rows.get(key));
        keys.delete(key);
        rows.delete(key);
      };
      if (reset) for (const key of keys) remove(key);
      for (const key of deleted) remove(key);
      for (const row of set) {
        const { key } = row;
        if (!befores.has(key)) befores.set(key, rows.get(key));
        const before = befores.get(key);
        keys.add(key);
        rows.set(
          key,
          before === undefined ? row : isSameVersion(before, row) ? before : keep(before, row),
        );
      }
      return [...befores]
        .map(([key, before]) => ({ before, after: rows.get(key) }))
        .filter(({ before, after }) => before !== after);
    },
  };
}

/** A list that is read anew hands in other rows that say the same. */
function isSameVersion(a: FleetRows[FleetList], b: FleetRows[FleetList]): boolean {
  return a.uid === b.uid && a.resourceVersion === b.resourceVersion && a.resourceVersion !== '';
}
