import type { JsonValue } from '../../engine/index.ts';
import {
  applyEdits,
  insertItem,
  insertItems,
  parseSource,
  removeItems,
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

function editsOfDocument(source: SourceDocument, changes: readonly ItemChange[]) {
  const { read, start } = source;
  let { text } = read;
  let pieces = unedited(text);
  const apply = (make: (document: SourceDocument) => EditResult): boolean => {
    const known = { text: read.text, documents: [source], problems: [] };
    const [document, ...others] = parseSource(text, known).documents;
    if (!document || others.length > 0) return false;
    const result = make(document);
    if ('reason' in result) return false;
    pieces = editPieces(pieces, result.edits);
    text = applyEdits(text, result.edits);
    return true;
  };
  for (const run of runsOf(changes)) {
    if (run.length > 1 && apply((document) => madeTogether(document, run))) continue;
    for (const { item, change } of run) {
      const path = [...item.path, ...change.path];
      if (!apply((document) => made(document, path, change))) return undefined;
    }
  }
  return editsOfPieces(read.text, pieces).map((edit) => ({
    start: edit.start + start,
    end: edit.end + start,
    newText: edit.newText,
  }));
}

/** The changes in turn; those in a row that add names to one list, or take its items out from behind, as one. */
function runsOf(changes: readonly ItemChange[]): readonly ItemChange[][] {
  const runs: ItemChange[][] = [];
  for (const next of changes) {
    const run = runs.at(-1);
    const last = run?.at(-1);
    if (run && last && goesOn(last, next)) run.push(next);
    else runs.push([next]);
  }
  return runs;
}

function goesOn(last: ItemChange, next: ItemChange): boolean {
  if (last.item !== next.item) return false;
  const [a, b] = [last.change.path, next.change.path];
  const [from, to] = [a.at(-1), b.at(-1)];
  if (typeof from !== 'number' || typeof to !== 'number' || a.length !== b.length) return false;
  if (!a.slice(0, -1).every((step, i) => step === b[i])) return false;
  if (last.change.type === 'remove') return next.change.type === 'remove' && to < from;
  return isName(last.change) && isName(next.change) && to === from + 1;
}

/** Whether an item is put into a list that takes one line however it is written. */
function isName(change: Change): boolean {
  return (
    change.type === 'insert' && typeof change.value === 'string' && !/[\r\n]/.test(change.value)
  );
}

function madeTogether(document: SourceDocument, run: readonly ItemChange[]): EditResult {
  const [first] = run;
  if (!first) return { edits: [] };
  const path = [...first.item.path, ...first.change.path.slice(0, -1)];
  const indices = run.map(({ change }) => Number(change.path.at(-1)));
  if (first.change.type === 'remove') return removeItems(document, path, new Set(indices));
  const values = run.flatMap(({ change }) => (change.type === 'insert' ? [change.value] : []));
  return insertItems(document, path, values, indices[0]);
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
