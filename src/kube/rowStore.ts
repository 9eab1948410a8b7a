import { member, stringMember } from '../engine/index.ts';
import type { JsonObject } from '../engine/index.ts';
import type { RowBatch } from './rowBatch.ts';
import type { WatchEvent } from './watch.ts';

/** What a row must tell so that a new list can be compared with it. */
export interface ReflectedRow {
  readonly key: string;
  readonly uid: string;
  readonly resourceVersion: string;
}

/** The rows of one collection as the server last said. */
export interface RowStore {
  /** A list begins; rows that none of its pages has are gone when it ends. */
  beginList(): void;
  addPage(items: readonly JsonObject[]): void;
  endList(): void;
  apply(event: WatchEvent): void;
  readonly size: number;
}

/**
 * Objects become rows once per version: one that is as it was (uid and resource version) is neither projected nor told
 * again. An object of which `project` makes nothing has no row.
 */
export function createRowStore<T extends ReflectedRow>(
  project: (object: JsonObject) => T | undefined,
  batch: RowBatch<T>,
): RowStore {
  const rows = new Map<string, T>();
  let seen = new Set<string>();

  const put = (object: JsonObject): void => {
    const name = nameOf(object);
    const old = rows.get(name);
    if (old && isSame(old, object)) return;
    const row = project(object);
    if (!row) return remove(name);
    // The same name under another key is another row.
    if (old && old.key !== row.key) batch.delete(old.key);
    rows.set(name === row.key ? row.key : name, row);
    batch.set(row);
  };
  const remove = (name: string): void => {
    const old = rows.get(name);
    if (!old) return;
    rows.delete(name);
    batch.delete(old.key);
  };
  return {
    beginList() {
      seen = new Set();
    },
    addPage(items) {
      for (const object of items) {
        seen.add(nameOf(object));
        put(object);
      }
    },
    endList() {
      for (const name of [...rows.keys()]) if (!seen.has(name)) remove(name);
      seen = new Set();
    },
    apply({ type, object }) {
      if (type === 'DELETED') remove(nameOf(object));
      else if (type !== 'BOOKMARK') put(object);
    },
    get size() {
      return rows.size;
    },
  };
}

function isSame(row: ReflectedRow, object: JsonObject): boolean {
  const metadata = member(object, 'metadata');
  const version = stringMember(metadata, 'resourceVersion');
  return (
    version !== '' && row.resourceVersion === version && row.uid === stringMember(metadata, 'uid')
  );
}

function nameOf(object: JsonObject): string {
  const metadata = member(object, 'metadata');
  const namespace = stringMember(metadata, 'namespace');
  const name = stringMember(metadata, 'name');
  return namespace === '' ? name : `${namespace}/${name}`;
}
