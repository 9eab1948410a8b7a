import type { Position } from '../base/position.ts';
import { isArray, isObject, member, stringMember } from '../engine/index.ts';
import type { JsonObject, JsonValue } from '../engine/index.ts';
import { isInFlow, lineEnd, lineStart, pathAt } from '../yaml/index.ts';
import type { SourceDocument, SourcePath, SourceRange } from '../yaml/index.ts';
import type { OpenFile } from './snapshot.ts';

/** A place in a document and the object that it belongs to; what is half written counts as far as it can be made out. */
export interface Cursor {
  readonly file: OpenFile;
  readonly document: SourceDocument;
  /** In the file. */
  readonly offset: number;
  /** From the document's root to the object: empty, or `items` and an index. */
  readonly base: SourcePath;
  readonly object: JsonObject;
  /** From the root of the object. */
  readonly path: SourcePath;
  readonly part: 'key' | 'value' | 'newKey' | 'newItem';
  /** The word or node there, in the file; empty where nothing is written yet. */
  readonly range: SourceRange;
  readonly isInFlow: boolean;
  /** The line without its line break, in the file. */
  readonly line: SourceRange;
}

const nothing: JsonObject = {};

/** What a position of a file is in; `undefined` in comments, on marker lines and in the text of Helm templates. */
export function cursorAt(file: OpenFile, position: Position): Cursor | undefined {
  const offset = file.lines.offsetAt(position);
  const document = documentAt(file, offset);
  if (document === undefined || document.templated) return undefined;
  const { text } = file.source;
  const line = lineAround(text, offset);
  const found = pathAt(document, offset);
  if (found === undefined) return undefined;
  const place = withinBrackets(text, offset, found) ?? {
    ...found,
    isInFlow: isInFlow(document, offset),
  };
  const root = valueOf(document);
  const base = baseOf(root, place.path);
  const object = valueAt(root, base);
  return {
    file,
    document,
    offset,
    line,
    base,
    object: isObject(object) ? object : nothing,
    path: place.path.slice(base.length),
    part: place.part,
    range: place.range,
    isInFlow: place.isInFlow,
  };
}

/** The document that an offset stands in. At the end of one document and the start of the next it is the next. */
export function documentAt({ source }: OpenFile, offset: number): SourceDocument | undefined {
  return source.documents.findLast(({ start }) => start <= offset);
}

/** What Go reads of a document or, where it refuses it, what can be made out. */
export function valueOf({ value, draft }: SourceDocument): JsonValue | undefined {
  return value ?? draft;
}

/** The value below a path, `undefined` when any step is absent. */
export function valueAt(root: JsonValue | undefined, path: SourcePath): JsonValue | undefined {
  let at = root;
  for (const step of path) {
    if (isArray(at)) at = typeof step === 'number' ? at[step] : undefined;
    else at = member(at, String(step));
  }
  return at;
}

function baseOf(root: JsonValue | undefined, path: SourcePath): SourcePath {
  const isList = stringMember(root, 'kind').endsWith('List');
  return isList && path[0] === 'items' && typeof path[1] === 'number' ? path.slice(0, 2) : [];
}

function lineAround(text: string, offset: number): SourceRange {
  return [lineStart(text, offset), lineEnd(text, offset)];
}

type Place = Pick<Cursor, 'path' | 'part' | 'range' | 'isInFlow'>;

/**
 * A place behind `key: [a, ` whose bracket is still open, or behind a colon inside braces: the line is no YAML yet, or
 * the value is not there.
 */
function withinBrackets(
  text: string,
  offset: number,
  { path, part, range }: Omit<Place, 'isInFlow'>,
): Place | undefined {
  const [start] = lineAround(text, offset);
  const from = part === 'value' && range[0] >= start ? range[0] : start;
  const before = text.slice(from, offset);
  const isOpen = part === 'value' && /^[[{]/.test(before);
  if (!isOpen && part !== 'newKey') return undefined;
  const [, bracket = '', word = ''] = /.*([[{,])[ \t]*([^[\]{},]*)$/s.exec(before) ?? [];
  if (bracket === '') return undefined;
  const pair = /^([^:\s]+):[ \t]*(\S*)$/.exec(word);
  if (pair) {
    const [, key = '', value = ''] = pair;
    const at = offset - value.length;
    return { path: [...path, key], part: 'value', range: [at, offset], isInFlow: true };
  }
  if (!isOpen || /\s/.test(word)) return undefined;
  const isMap = before.startsWith('{');
  const at = offset - word.length;
  return { path, part: isMap ? 'newKey' : 'newItem', range: [at, offset], isInFlow: true };
}
