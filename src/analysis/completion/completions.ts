import type { Position } from '../../base/position.ts';
import { isObject, stringMember } from '../../engine/index.ts';
import type { JsonObject, Schema } from '../../engine/index.ts';
import { columnAt, locate, printKey } from '../../yaml/index.ts';
import type { SourcePath, SourceRange } from '../../yaml/index.ts';
import { cursorAt, documentAt, valueAt, valueOf } from '../cursor.ts';
import type { Cursor } from '../cursor.ts';
import { escapeMarkdown } from '../markdown.ts';
import { toRange } from '../place.ts';
import { anyObjectSchema, rootSchema, schemaAt, tableOf } from '../schemaAt.ts';
import type { OpenFile, Snapshot } from '../snapshot.ts';
import type { Candidate, Request } from './candidate.ts';
import { keyCandidates, valueCandidates } from './candidates.ts';
import { documentSnippets } from './documentSnippets.ts';
import { scalarText } from './frame.ts';
import { chartSchemaOf } from './helmValues.ts';
import { slotAt } from './slot.ts';
import type { Slot } from './slot.ts';
import { entrySnippet, isScalar, snippetLiteral } from './snippetText.ts';
import type { Completion } from './types.ts';
import { writableTypes } from './writableTypes.ts';

const mostProposals = 2000;

/** Everything that can be written at a position of a file; empty in comments and where nothing is known. */
export function completionsOf(
  snapshot: Snapshot,
  file: OpenFile | undefined,
  position: Position,
): readonly Completion[] {
  if (!file) return [];
  const cursor = cursorAt(file, position);
  if (!cursor) return atMarker(snapshot, file, position);
  if (cursor.document.ignored) return [];
  const begun = beginnings(snapshot, cursor);
  const root = rootOf(snapshot, cursor.object);
  const slot = root && slotAt(cursor, (path) => schemaOf(snapshot, cursor.object, root, path));
  if (!slot) return begun;
  const request: Request = { snapshot, cursor, object: cursor.object, path: slot.path };
  const found =
    slot.type === 'keys' ? keyCandidates(request, slot) : valueCandidates(request, slot);
  const range = toRange(file, ...slot.frame.range);
  const proposals = found
    .slice(0, mostProposals)
    .map((candidate, i) => ({ range, ...toCompletion(cursor, slot, candidate, i) }));
  return begun.length === 0 ? proposals : [...proposals, ...begun];
}

/** The table of the object; `undefined` for what is no object of Kubernetes, or of a kind that is not ours. */
function rootOf({ flux, circumstances }: Snapshot, object: JsonObject): Schema | undefined {
  const table = tableOf(object, flux.version);
  if (table) return rootSchema(table);
  const apiVersion = stringMember(object, 'apiVersion');
  const kind = stringMember(object, 'kind');
  const isKnown = writableTypes(circumstances).some((type) =>
    apiVersion === '' ? type.kind === kind : type.apiVersion === apiVersion,
  );
  return isKnown || (apiVersion !== '' && kind !== '' && 'metadata' in object)
    ? anyObjectSchema
    : undefined;
}

/** The table of a field; for values of a release what its chart says. */
function schemaOf(
  snapshot: Snapshot,
  object: JsonObject,
  root: Schema,
  path: SourcePath,
): Schema | undefined {
  const isValues = path[0] === 'spec' && path[1] === 'values';
  if (isValues && stringMember(object, 'kind') === 'HelmRelease') {
    return chartSchemaOf(snapshot, object, path.slice(2).map(String));
  }
  const schema = schemaAt(root, path)?.schema;
  return schema?.type === undefined && schema?.preserveUnknownFields ? undefined : schema;
}

function toCompletion(
  cursor: Cursor,
  slot: Slot,
  candidate: Candidate,
  index: number,
): Omit<Completion, 'range'> {
  const { frame } = slot;
  const { value, kind, label, detail, documentation, rank = 0, commit } = candidate;
  const isKey = slot.type === 'keys';
  const shown = label ?? (typeof value === 'string' ? value : String(value));
  const edits = siblingEdits(cursor, slot, candidate);
  const body = isKey
    ? keyText(slot, candidate)
    : { text: frame.prefix + scalarText(value, frame), isSnippet: false };
  return {
    label: shown,
    kind,
    ...(detail === undefined ? {} : { detail }),
    ...(documentation === undefined ? {} : { documentation }),
    ...body,
    filter: frame.quote + shown,
    sort: `${String.fromCharCode(98 + rank)}${String(index).padStart(4, '0')}`,
    ...(edits.length > 0 ? { edits } : {}),
    ...(candidate.asksAgain && !(isKey && slot.own !== undefined) ? { asksAgain: true } : {}),
    ...(commit === undefined ? {} : { commit }),
    ...(candidate.isDeprecated ? { isDeprecated: true } : {}),
  };
}

function keyText(
  { frame, own }: Slot,
  { value, schema, asksAgain }: Candidate,
): Pick<Completion, 'text' | 'isSnippet'> {
  const key = String(value);
  if (own !== undefined)
    return { text: frame.quote === '' ? printKey(key) : scalarText(key, frame), isSnippet: false };
  const prefix = snippetLiteral(frame.prefix);
  const asks = asksAgain === true && (schema === undefined || isScalar(schema));
  return { text: prefix + entrySnippet(key, schema, frame, asks), isSnippet: true };
}

/** Fields beside a chosen value that have to say the same: changed where they stand, else written before its key. */
function siblingEdits(
  cursor: Cursor,
  { type, path, frame }: Slot,
  { siblings }: Candidate,
): NonNullable<Completion['edits']> {
  if (siblings === undefined || type === 'keys' || frame.isInFlow) return [];
  const { document, base, object, file } = cursor;
  const parent = path.slice(0, -1);
  const key = locate(document, [...base, ...path])?.key;
  const beside = valueAt(object, parent);
  if (key === undefined || !isObject(beside)) return [];
  const indent = ' '.repeat(columnAt(file.source.text, key[0]));
  const written: string[] = [];
  const edits: { range: ReturnType<typeof toRange>; newText: string }[] = [];
  for (const [name, value] of Object.entries(siblings)) {
    const present = Object.hasOwn(beside, name) ? beside[name] : undefined;
    if (present === value) continue;
    const text = scalarText(value, { ...frame, quote: '' });
    const place = locate(document, [...base, ...parent, name]);
    if (place === undefined) written.push(`${name}: ${text}\n${indent}`);
    else if (typeof present === 'string' && isApart(place.value, frame.range)) {
      edits.push({ range: toRange(file, ...place.value), newText: text });
    }
  }
  if (written.length === 0) return edits;
  return [{ range: toRange(file, key[0], key[0]), newText: written.join('') }, ...edits];
}

function isApart([start, end]: SourceRange, other: SourceRange): boolean {
  return end < other[0] || start > other[1];
}

/** Whole objects, where a document is empty, is only a word yet, or may end with the line before. */
function beginnings(snapshot: Snapshot, cursor: Cursor): readonly Completion[] {
  const { document, path, range, line, file, part } = cursor;
  const { text } = file.source;
  if (path.length > 0 || cursor.base.length > 0 || range[0] !== line[0] || part === 'newItem')
    return [];
  if (/\S/.test(text.slice(range[1], line[1]))) return [];
  const before = text.slice(document.start, range[0]);
  const after = text.slice(line[1], document.end);
  const isBlank = (part: string): boolean => !/^(?!---|[ \t]*#)[^\r\n]*\S/m.test(part);
  if (isBlank(before) && isBlank(after)) return wholeObjects(snapshot, file, range, '');
  const value = valueOf(document);
  const isWhole =
    isObject(value) && 'metadata' in value && isBlank(after) && !/^kind: *$/m.test(before);
  return isWhole ? wholeObjects(snapshot, file, range, '---\n') : [];
}

/** Behind a `---` with nothing below it. */
function atMarker(snapshot: Snapshot, file: OpenFile, position: Position): readonly Completion[] {
  const offset = file.lines.offsetAt(position);
  const document = documentAt(file, offset);
  if (!document || document.templated) return [];
  const { text } = file.source;
  const isHere = /^\ufeff?(?:[ \t]*(?:#.*)?\r?\n)*---[ \t]*$/.test(
    text.slice(document.start, offset),
  );
  const isEmpty = isHere && !/^[ \t]*[^\s#]/m.test(text.slice(offset, document.end));
  return isEmpty ? wholeObjects(snapshot, file, [offset, offset], '\n') : [];
}

function wholeObjects(
  { circumstances }: Snapshot,
  file: OpenFile,
  range: SourceRange,
  prefix: string,
): readonly Completion[] {
  return documentSnippets(circumstances).map(({ name, description, body }, i) => ({
    label: name,
    kind: 'snippet',
    detail: prefix.startsWith('---') ? 'another object' : 'whole object',
    documentation: escapeMarkdown(description),
    range: toRange(file, ...range),
    text: prefix + body,
    isSnippet: true,
    filter: name,
    sort: `z${String(i).padStart(2, '0')}`,
  }));
}
