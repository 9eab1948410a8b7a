import type { JsonValue } from '../engine/index.ts';
import { isArray, isObject, member } from '../engine/index.ts';
import { locate } from '../yaml/index.ts';
import type { SourcePath } from '../yaml/index.ts';
import type { Range } from './diagnostic.ts';
import type { Item, OpenFile } from './snapshot.ts';

/** A range of a file from two offsets of its text. */
export function toRange({ lines }: OpenFile, start: number, end: number): Range {
  return { start: lines.positionAt(start), end: lines.positionAt(end) };
}

/** The range of the value at a path of an object, or of the nearest key when nothing is written there. */
export function rangeAt(item: Item, path: SourcePath): Range {
  return rangeOf(item, path, 'value');
}

/** The range of the key at a path of an object; for a list item, of the item. */
export function keyRangeAt(item: Item, path: SourcePath): Range {
  return rangeOf(item, path, 'key');
}

/** Where an object begins: its first key, whatever that is. */
export function startOf({ file, document, path }: Item): Range {
  const start = locate(document, path)?.value[0] ?? document.start;
  return toRange(file, start, start);
}

function rangeOf(item: Item, path: SourcePath, wanted: 'key' | 'value'): Range {
  const { file, document } = item;
  const full = [...item.path, ...path];
  for (let length = full.length; length >= 0; length--) {
    const place = locate(document, full.slice(0, length));
    if (!place) continue;
    const isExact = length === full.length;
    const isWritten = place.value[0] < place.value[1];
    const part =
      (isExact && wanted === 'value' && isWritten ? undefined : place.key) ??
      firstOf(item, length, place.value);
    return toRange(file, part[0], part[1]);
  }
  return toRange(file, document.start, document.start);
}

/** A value; for the root of an object, which spans many lines, its `kind` line. */
function firstOf(
  item: Item,
  length: number,
  value: readonly [number, number],
): readonly [number, number] {
  if (length > item.path.length) return value;
  const kind = locate(item.document, [...item.path, 'kind']);
  return kind ? [kind.key?.[0] ?? kind.value[0], kind.value[1]] : value;
}

/**
 * The path of a field as the API server names it, such as `spec.rules[0].a` or `spec.matchLabels.a.b/c`. Keys may
 * hold dots, so the longest key that the object has at each step is taken.
 */
export function pathOfField(object: JsonValue, field: string): SourcePath {
  const path: (string | number)[] = [];
  let at: JsonValue | undefined = object;
  let rest = field;
  while (rest !== '') {
    const index = /^\[(\d+)\]\.?/.exec(rest);
    if (index) {
      path.push(Number(index[1]));
      at = isArray(at) ? at[Number(index[1])] : undefined;
      rest = rest.slice(index[0].length);
      continue;
    }
    const key = longestKey(at, rest);
    path.push(key);
    at = member(at, key);
    rest = rest.slice(key.length).replace(/^\./, '');
  }
  return path;
}

function longestKey(value: JsonValue | undefined, rest: string): string {
  const own = isObject(value)
    ? Object.keys(value).filter(
        (key) => key !== '' && rest.startsWith(key) && /^($|[.[])/.test(rest.slice(key.length)),
      )
    : [];
  const longest = own.toSorted((a, b) => b.length - a.length)[0];
  return longest ?? /^[^.[]+/.exec(rest)?.[0] ?? rest;
}
