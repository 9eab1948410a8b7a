import type { JsonValue } from '../engine/types.ts';
import {
  insertEntries,
  insertMissing,
  insertRoot,
  removeEntries,
  removeEntry,
  replaceValue,
} from './editEntry.ts';
import { follow, indexIn } from './slot.ts';
import { layoutOf } from './layout.ts';
import type { Layout } from './layout.ts';
import type { SourcePath } from './locate.ts';
import type { YamlNode } from './nodes.ts';
import { flowString, printKey } from './print.ts';
import { readDocument } from './readDocument.ts';
import type { SourceDocument } from './source.ts';
import {
  applyEdits,
  changedAt,
  isList,
  isMap,
  isSameValue,
  withChild,
  withoutChild,
} from './textEdit.ts';
import type { TextEdit } from './textEdit.ts';

/** Edits with offsets in the file, or why there are none. */
export type EditResult = { readonly edits: readonly TextEdit[] } | { readonly reason: string };

const unreadable = 'The document cannot be read';
const shared = 'The value comes from an alias';
const nothing = 'There is nothing at this path';

/**
 * The smallest edit after which a value stands at a path; missing parents are written too. Comments and everything
 * else stay. Refused where the document cannot be read or the change would reach other places through an anchor.
 */
export function setValue(document: SourceDocument, path: SourcePath, value: JsonValue): EditResult {
  if (document.value === undefined) return { reason: unreadable };
  const expected =
    path.length === 0
      ? value
      : changedAt(document.value, path, (container, last) => withChild(container, last, value));
  return verified(document, expected, (layout, root) => {
    if (root === undefined) return insertRoot(layout, expected);
    const { slot, rest } = follow(root, path);
    if (rest.length === 0) return replaceValue(layout, slot, value);
    return slot.value.type === 'alias' ? shared : insertMissing(layout, slot, rest, value);
  });
}

/** The smallest edit after which a key or item is gone; an emptied collection is left as `{}` or `[]`. */
export function removeValue(document: SourceDocument, path: SourcePath): EditResult {
  if (document.value === undefined) return { reason: unreadable };
  const last = path.at(-1);
  if (last === undefined) return { reason: 'The document itself cannot be removed' };
  const expected = changedAt(document.value, path, withoutChild);
  return verified(document, expected, (layout, root) => {
    if (root === undefined) return nothing;
    const { slot, rest } = follow(root, path.slice(0, -1));
    const { value } = slot;
    if (value.type === 'alias') return shared;
    if (rest.length > 0 || value.type === 'scalar') return nothing;
    const index = indexIn(value, last);
    if (index === undefined) return nothing;
    const edits = removeEntry(layout, value, index);
    return edits ?? replaceValue(layout, slot, value.type === 'map' ? {} : []);
  });
}

/** The smallest edit after which a list has another item: before the one at `index`, at the end without it. */
export function insertItem(
  document: SourceDocument,
  path: SourcePath,
  value: JsonValue,
  index?: number,
): EditResult {
  return insertItems(document, path, [value], index);
}

/** The smallest edit after which a list has other items in a row: before the one at `index`, at the end without it. */
export function insertItems(
  document: SourceDocument,
  path: SourcePath,
  values: readonly JsonValue[],
  index?: number,
): EditResult {
  if (document.value === undefined) return { reason: unreadable };
  const expected = withList(document.value, path, (list) =>
    isList(list) ? list.toSpliced(index ?? list.length, 0, ...values) : [...values],
  );
  return verified(document, expected, (layout, root) => {
    if (root === undefined) return insertRoot(layout, expected);
    const { slot, rest } = follow(root, path);
    const list = slot.value;
    if (list.type === 'alias') return shared;
    if (rest.length > 0) return insertMissing(layout, slot, rest, [...values]);
    if (list.type === 'seq' && list.items.length > 0) {
      const at = Math.min(index ?? list.items.length, list.items.length);
      return insertEntries(layout, list, at, values);
    }
    const isNothing = list.type === 'seq' || (list.type === 'scalar' && list.text === '');
    return isNothing ? replaceValue(layout, slot, [...values]) : 'This is no list';
  });
}

/** The smallest edits after which a list lacks the items at some places. Refused where only one after another can go. */
export function removeItems(
  document: SourceDocument,
  path: SourcePath,
  indices: ReadonlySet<number>,
): EditResult {
  if (document.value === undefined) return { reason: unreadable };
  const expected = withList(document.value, path, (list) =>
    isList(list) ? list.filter((_, index) => !indices.has(index)) : (list ?? null),
  );
  return verified(document, expected, (layout, root) => {
    if (root === undefined) return nothing;
    const { slot, rest } = follow(root, path);
    const list = slot.value;
    if (list.type === 'alias') return shared;
    if (rest.length > 0 || list.type !== 'seq') return nothing;
    return removeEntries(layout, list, indices) ?? 'These cannot be removed together';
  });
}

function withList(
  value: JsonValue,
  path: SourcePath,
  change: (list: JsonValue | undefined) => JsonValue,
): JsonValue {
  if (path.length === 0) return change(value);
  return changedAt(value, path, (container, last) => {
    const list = isMap(container) || isList(container) ? memberOf(container, last) : undefined;
    return withChild(container, last, change(list));
  });
}

/** The smallest edit after which a key has another name. Refused where the mapping has that key already. */
export function renameKey(document: SourceDocument, path: SourcePath, name: string): EditResult {
  if (document.value === undefined) return { reason: unreadable };
  const last = path.at(-1);
  if (typeof last !== 'string') return { reason: 'Only a key can be renamed' };
  let isTaken = false;
  const expected = changedAt(document.value, path, (container) => {
    if (!isMap(container)) return container ?? null;
    isTaken = Object.hasOwn(container, name);
    return Object.fromEntries(
      Object.entries(container).map(([key, value]) => [key === last ? name : key, value]),
    );
  });
  if (isTaken) return { reason: `The key “${name}” is there already` };
  return verified(document, expected, (_, root) => {
    if (root === undefined) return nothing;
    const { slot, rest } = follow(root, path);
    if (rest.length > 0) return slot.value.type === 'alias' ? shared : nothing;
    const { key } = slot;
    if (key?.type !== 'scalar') return shared;
    const newText = slot.inFlow ? flowString(name) : printKey(name);
    return [{ start: key.start, end: key.end, newText }];
  });
}

function memberOf(container: JsonValue, step: string | number): JsonValue | undefined {
  if (isList(container)) return typeof step === 'number' ? container[step] : undefined;
  return isMap(container) && Object.hasOwn(container, step) ? container[String(step)] : undefined;
}

/** Makes edits and reads the result: what does not come out as expected is refused rather than written. */
function verified(
  document: SourceDocument,
  expected: JsonValue,
  makeEdits: (layout: Layout, root: YamlNode | undefined) => readonly TextEdit[] | string,
): EditResult {
  const { text, root } = document.read;
  const edits = makeEdits(layoutOf(text, root), root);
  if (typeof edits === 'string') return { reason: edits };
  const { value } = readDocument(applyEdits(text, edits));
  if (value === undefined || !isSameValue(value, expected)) {
    return { reason: 'This cannot be changed here without changing something else too' };
  }
  return {
    edits: edits.map(({ start, end, newText }) => ({
      start: start + document.start,
      end: end + document.start,
      newText,
    })),
  };
}
