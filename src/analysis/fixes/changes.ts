import type { JsonValue } from '../../engine/index.ts';
import {
  applyEdits,
  insertItem,
  parseSource,
  removeValue,
  renameKey,
  setValue,
} from '../../yaml/index.ts';
import type { EditResult, SourceDocument, SourcePath } from '../../yaml/index.ts';
import type { Item } from '../snapshot.ts';
import type { FileEdit, Fix } from './fix.ts';
import { editPieces, editsOfPieces, unedited } from './pieces.ts';

/** One step of a fix, in terms of an object rather than of its text. */
export type Change =
  | { readonly type: 'set'; readonly path: SourcePath; readonly value: JsonValue }
  /** Puts an item into a list, at the index that ends the path. */
  | { readonly type: 'insert'; readonly path: SourcePath; readonly value: JsonValue }
  | { readonly type: 'remove'; readonly path: SourcePath }
  | { readonly type: 'rename'; readonly path: SourcePath; readonly name: string };

export interface ItemChange {
  readonly item: Item;
  readonly change: Change;
}

/** A fix that makes some changes, one after another; none when one of them cannot be written down. */
export function fixBy(
  title: string,
  changes: readonly ItemChange[],
  more: Pick<Fix, 'preferred'> = {},
): readonly Fix[] {
  const edits = editsOf(changes);
  return edits && edits.length > 0 ? [{ title, edits, ...more }] : [];
}

/**
 * The smallest edits of the documents after which all changes are made. Each holds for the result of those before it.
 * `undefined` when one of them cannot be made without changing something else.
 */
function editsOf(changes: readonly ItemChange[]): readonly FileEdit[] | undefined {
  const byDocument = new Map<SourceDocument, ItemChange[]>();
  for (const change of changes) {
    const { document } = change.item;
    const list = byDocument.get(document);
    if (list) list.push(change);
    else byDocument.set(document, [change]);
  }
  const edits: FileEdit[] = [];
  for (const [document, list] of byDocument) {
    const found = editsOfDocument(document, list);
    const uri = list[0]?.item.file.uri;
    if (!found || uri === undefined) return undefined;
    for (const edit of found) edits.push({ uri, ...edit });
  }
  return edits;
}

function editsOfDocument({ read, start }: SourceDocument, changes: readonly ItemChange[]) {
  let { text } = read;
  let pieces = unedited(text);
  for (const { item, change } of changes) {
    const [document, ...others] = parseSource(text).documents;
    if (!document || others.length > 0) return undefined;
    const result = made(document, [...item.path, ...change.path], change);
    if ('reason' in result) return undefined;
    pieces = editPieces(pieces, result.edits);
    text = applyEdits(text, result.edits);
  }
  return editsOfPieces(read.text, pieces).map((edit) => ({
    start: edit.start + start,
    end: edit.end + start,
    newText: edit.newText,
  }));
}

function made(document: SourceDocument, path: SourcePath, change: Change): EditResult {
  switch (change.type) {
    case 'set':
      return setValue(document, path, change.value);
    case 'remove':
      return removeValue(document, path);
    case 'rename':
      return renameKey(document, path, change.name);
    case 'insert': {
      const index = Number(path.at(-1));
      return insertItem(document, path.slice(0, -1), change.value, index);
    }
  }
}
