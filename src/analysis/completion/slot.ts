import { isArray } from '../../engine/index.ts';
import type { Schema } from '../../engine/index.ts';
import type { SourcePath } from '../../yaml/index.ts';
import { valueAt } from '../cursor.ts';
import type { Cursor } from '../cursor.ts';
import { below, inPlace, withPrefix } from './frame.ts';
import type { Frame } from './frame.ts';
import { isScalar } from './snippetText.ts';

/** What can be written at the cursor, and where its text goes. */
export interface Slot {
  /** `keys`: of the mapping at `path`; `value`: the value at `path`, which for an item is not there yet. */
  readonly type: 'keys' | 'value';
  readonly path: SourcePath;
  readonly schema: Schema | undefined;
  readonly frame: Frame;
  /** The key that the cursor is on and that only changes its name. */
  readonly own?: string;
}

/** The table of the value at a path, as far as one is known. */
export type SchemaLookup = (path: SourcePath) => Schema | undefined;

/** Finds out what the cursor asks for, from the form of the text and the table of the object. */
export function slotAt(cursor: Cursor, schemaOf: SchemaLookup): Slot | undefined {
  const { part, path } = cursor;
  if (spansLines(cursor)) return undefined;
  switch (part) {
    case 'key':
      return keySlot(cursor, schemaOf(path.slice(0, -1)));
    case 'newItem':
      return itemSlot(cursor, path, schemaOf(path));
    case 'newKey':
      return hasTextBehind(cursor) ? undefined : newKeySlot(cursor, schemaOf(path));
    case 'value':
      return valueSlot(cursor, schemaOf(path));
  }
}

function keySlot(cursor: Cursor, schema: Schema | undefined): Slot {
  const { path, range, file } = cursor;
  const own = String(path.at(-1));
  const base = { type: 'keys', path: path.slice(0, -1), schema, frame: inPlace(cursor) } as const;
  const hasColon = /^[ \t]*:/.test(file.source.text.slice(range[1], cursor.line[1]));
  return hasColon ? { ...base, own } : base;
}

/** A line of its own, or what follows a dash. */
function newKeySlot(cursor: Cursor, schema: Schema | undefined): Slot | undefined {
  const { path } = cursor;
  const isItem = typeof path.at(-1) === 'number' && isBehindDash(cursor);
  if (schema?.type === 'array' && !isItem) return itemSlot(cursor, path, schema, '- ');
  const isValue = schema !== undefined && isScalar(schema);
  if (isValue && !isItem) return undefined;
  const type = isValue ? 'value' : 'keys';
  return { type, path, schema, frame: inPlace(cursor) };
}

function valueSlot(cursor: Cursor, schema: Schema | undefined): Slot | undefined {
  const { path, range, isInFlow } = cursor;
  const isAlone = isBehindDash(cursor) || startsLine(cursor);
  const isEmpty = range[0] === range[1];
  if (schema === undefined || isScalar(schema) || isInFlow) {
    const isKey = isAlone && !isInFlow && schema === undefined && !isBehindDash(cursor);
    const frame = isAlone ? inPlace(cursor) : spaced(cursor, inPlace(cursor));
    return { type: isKey ? 'keys' : 'value', path, schema, frame };
  }
  if (schema.type === 'array') {
    if (isAlone) return itemSlot(cursor, path, schema, '- ');
    return isEmpty ? itemSlot(cursor, path, schema, '- ', below(cursor, 'listStep')) : undefined;
  }
  if (isAlone) return { type: 'keys', path, schema, frame: inPlace(cursor) };
  return isEmpty ? { type: 'keys', path, schema, frame: below(cursor, 'step') } : undefined;
}

function itemSlot(
  cursor: Cursor,
  path: SourcePath,
  schema: Schema | undefined,
  dash = '',
  frame = inPlace(cursor),
): Slot {
  const list = valueAt(cursor.object, path);
  const index = isArray(list) ? list.length : 0;
  const item = schema?.items;
  const written = dash === '' && !cursor.isInFlow ? '- ' : dash;
  const type = item && !isScalar(item) && !cursor.isInFlow ? 'keys' : 'value';
  return { type, path: [...path, index], schema: item, frame: withPrefix(frame, written) };
}

/** Right behind a colon a blank is missing. */
function spaced(cursor: Cursor, frame: Frame): Frame {
  const before = cursor.file.source.text.charAt(frame.range[0] - 1);
  return before === ':' ? { ...frame, prefix: ' ' } : frame;
}

/** Only blanks stand before the word on its line. */
function startsLine({ file, line, range }: Cursor): boolean {
  return /^[ \t\ufeff]*$/.test(file.source.text.slice(line[0], range[0]));
}

function isBehindDash({ file, line, range }: Cursor): boolean {
  return /^[ \t]*(?:-[ \t]+)+$/.test(file.source.text.slice(line[0], range[0]));
}

function hasTextBehind({ file, line, range, isInFlow }: Cursor): boolean {
  return !isInFlow && /^[ \t]*[^\s#]/.test(file.source.text.slice(range[1], line[1]));
}

/** Texts of several lines are nobody's word to complete. */
function spansLines({ range, line }: Cursor): boolean {
  return range[0] < line[0] || range[1] > line[1];
}
