import { columnAt, lineEnd, lineStart } from './layout.ts';
import { keyText } from './locate.ts';
import type { SourcePath, SourceRange } from './locate.ts';
import type { MapNode, Pair, SeqNode, YamlNode } from './nodes.ts';
import type { SourceDocument } from './source.ts';

/**
 * What stands at an offset. `key` and `value`: something that is there, under `path`. `newKey`: a place where another
 * key of the mapping at `path` can be written; `newItem`: the same for an item of the list at `path`.
 */
export interface PathAt {
  readonly path: SourcePath;
  readonly part: 'key' | 'value' | 'newKey' | 'newItem';
  /** The word or node at the offset, in the file; empty where nothing is written yet. */
  readonly range: SourceRange;
}

/**
 * The path that an offset in the file belongs to; `undefined` in comments and on marker lines. In a broken document,
 * and on a line that is being written, the indentation and the beginning of the line tell.
 */
export function pathAt(document: SourceDocument, offset: number): PathAt | undefined {
  const { text, root } = document.read;
  const at = Math.min(Math.max(offset - document.start, 0), text.length);
  const line = lineAround(text, at);
  const found =
    (root === undefined ? undefined : findInside(root, at, [])) ??
    (isOutside(line) ? undefined : findByLine(document, root, line, at));
  if (found === undefined) return undefined;
  const [start, end] = found.range;
  return { ...found, range: [document.start + start, document.start + end] };
}

/** The node whose characters an offset touches. */
function findInside(node: YamlNode, at: number, path: SourcePath): PathAt | undefined {
  if (node.type === 'scalar' || node.type === 'alias') {
    const isHere = node.start < node.end && touches(node, at);
    return isHere ? { path, part: 'value', range: [node.start, node.end] } : undefined;
  }
  if (!touches(node, at)) return undefined;
  const inner = node.type === 'map' ? findInMap(node, at, path) : findInSeq(node, at, path);
  if (inner !== undefined || !node.flow) return inner;
  // Between the brackets.
  if (at <= node.start || at >= node.end) {
    return { path, part: 'value', range: [node.start, node.end] };
  }
  return { path, part: node.type === 'map' ? 'newKey' : 'newItem', range: [at, at] };
}

function touches({ start, end }: YamlNode, at: number): boolean {
  return start <= at && at <= end;
}

function findInMap(map: MapNode, at: number, path: SourcePath): PathAt | undefined {
  for (const { key, value } of map.pairs) {
    if (key.start > at) break;
    if (at > Math.max(key.end, value.end)) continue;
    const name = keyText(key);
    if (name === undefined) continue;
    const inner = [...path, name];
    if (touches(key, at) && key.start < key.end) {
      return { path: inner, part: 'key', range: [key.start, key.end] };
    }
    const found = findInside(value, at, inner);
    if (found !== undefined) return found;
  }
  return undefined;
}

function findInSeq(seq: SeqNode, at: number, path: SourcePath): PathAt | undefined {
  for (const [index, item] of seq.items.entries()) {
    if (item.start > at) break;
    const found = findInside(item, at, [...path, index]);
    if (found !== undefined) return found;
  }
  return undefined;
}

interface Line {
  readonly start: number;
  readonly text: string;
  /** Up to the offset that is asked about. */
  readonly before: string;
}

function lineAround(text: string, at: number): Line {
  const start = lineStart(text, at);
  return {
    start,
    text: text.slice(start, lineEnd(text, start)),
    before: text.slice(start, at),
  };
}

function isOutside(line: Line): boolean {
  return /(?:^|\s)#/.test(line.before) || /^(?:---|\.\.\.|%)/.test(line.text);
}

/** Longer lines are looked at only up to here. */
const longestLine = 2000;

/** Indentation, dashes, a key with its colon, and the rest of a line. */
const lineForm =
  /^([ \t]*)((?:-[ \t]+|-$)*)(?:((?:"(?:[^"\\]|\\.)*"|'(?:[^']|'')*'|[^\s"'#:](?:[^:]|:(?=\S))*?)[ \t]*:)(?=\s|$))?(.*)$/s;

function findByLine(
  document: SourceDocument,
  root: YamlNode | undefined,
  line: Line,
  at: number,
): PathAt {
  const [, indent = '', dashes = '', keyAndColon, rest = ''] =
    lineForm.exec(line.text.slice(0, longestLine)) ?? [];
  const dashCount = dashes.replace(/[^-]/g, '').length;
  const isBeforeContent = line.before.length < indent.length;
  const column = isBeforeContent ? line.before.length : indent.length;
  const place = containerAt(document, root, line.start, column, dashCount > 0);
  let path = place.path;
  for (let i = 1; i < dashCount; i++) path = [...path, 0];
  const contentStart = line.start + indent.length + dashes.length;
  const word = (from: number, length: number): SourceRange => [
    Math.min(from, at),
    Math.max(from + length, at),
  ];
  if (keyAndColon === undefined || isBeforeContent) {
    const part = place.type === 'seq' && dashCount === 0 ? 'newItem' : 'newKey';
    const range: SourceRange = isBeforeContent
      ? [at, at]
      : word(contentStart, rest.trimEnd().length);
    return { path, part, range };
  }
  const key = writtenKey(keyAndColon.slice(0, -1).trimEnd());
  const valueStart = contentStart + keyAndColon.length;
  if (at < valueStart) {
    return { path: [...path, key], part: 'key', range: word(contentStart, keyAndColon.length - 1) };
  }
  const blank = rest.length - rest.trimStart().length;
  const range = word(Math.max(valueStart + blank, valueStart), rest.trim().length);
  return { path: [...path, key], part: 'value', range: rest.trim() === '' ? [at, at] : range };
}

/** A key as Go spells it, from the text before its colon. */
function writtenKey(text: string): string {
  if (/^(["']).*\1$/s.test(text)) return text.slice(1, -1);
  const node = { type: 'scalar', text, style: 'plain', tag: '', start: 0, end: 0 } as const;
  return keyText(node) ?? text;
}

interface Container {
  readonly type: 'map' | 'seq' | 'pending';
  readonly path: SourcePath;
  readonly column: number;
  /** Items of a list that stand before the line. */
  readonly count: number;
}

/** The mapping or list that a line with some indentation goes on, and the path of what it would write. */
function containerAt(
  document: SourceDocument,
  root: YamlNode | undefined,
  lineStart: number,
  column: number,
  hasDash: boolean,
): { readonly type: Container['type']; readonly path: SourcePath } {
  const open = root === undefined ? [] : openContainers(document.read.text, root, lineStart);
  const fits = open.filter((container) =>
    container.type === 'pending'
      ? container.column < column || (hasDash && container.column <= column)
      : container.column <= column && (container.type === 'map') !== hasDash,
  );
  const best = fits.at(-1) ?? open.findLast((container) => container.column <= column);
  if (best === undefined) return { type: 'map', path: hasDash ? [0] : [] };
  if (!hasDash) return { type: best.type, path: best.path };
  return { type: 'seq', path: [...best.path, best.type === 'seq' ? best.count : 0] };
}

/** The block collections that are open where a line begins, the outermost first. */
function openContainers(text: string, root: YamlNode, lineStart: number): readonly Container[] {
  const open: Container[] = [];
  let node: YamlNode | undefined = root;
  let path: SourcePath = [];
  let parentColumn = -1;
  while (node !== undefined) {
    if (node.type === 'scalar' && node.start === node.end) {
      open.push({ type: 'pending', path, column: parentColumn, count: 0 });
    }
    if (node.type === 'map' && !node.flow) {
      const last: Pair | undefined = node.pairs.findLast(({ key }) => key.start < lineStart);
      parentColumn = columnAt(text, node.firstKey ?? node.start);
      open.push({ type: 'map', path, column: parentColumn, count: 0 });
      if (last === undefined) break;
      path = [...path, keyText(last.key) ?? ''];
      node = last.value;
    } else if (node.type === 'seq' && !node.flow) {
      const count: number = node.items.filter(({ start }) => start < lineStart).length;
      parentColumn = columnAt(text, node.dashes?.[0] ?? node.start);
      open.push({ type: 'seq', path, column: parentColumn, count });
      if (count === 0) break;
      path = [...path, count - 1];
      node = node.items[count - 1];
    } else {
      break;
    }
  }
  return open;
}
