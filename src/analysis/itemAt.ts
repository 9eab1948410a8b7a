import { deepEqual } from '../engine/index.ts';
import type { Cursor } from './cursor.ts';
import type { Item, Snapshot } from './snapshot.ts';

/** The object that a place in a document belongs to. */
export function itemAt(
  { items }: Snapshot,
  { file, document, base }: Pick<Cursor, 'file' | 'document' | 'base'>,
): Item | undefined {
  return items.find(
    (item) =>
      item.file === file && item.document === document && deepEqual([...item.path], [...base]),
  );
}
