import type { JsonValue } from '../engine/types.ts';
import {
  blockStart,
  columnAt,
  entriesOf,
  isFirstOnLine,
  lineEnd,
  lineStart,
  nextLine,
} from './layout.ts';
import type { Entry, Layout } from './layout.ts';
import type { MapNode, SeqNode, YamlNode } from './nodes.ts';
import {
  printAfterDash,
  printAfterKey,
  printFlow,
  printKey,
  printYaml,
  requoted,
} from './print.ts';
import type { Slot } from './slot.ts';
import { changedAt, withChild } from './textEdit.ts';
import type { TextEdit } from './textEdit.ts';

/** Puts a value into a document that has none. */
export function insertRoot({ text, eol }: Layout, value: JsonValue): readonly TextEdit[] {
  const gap = text === '' || /[\r\n]$/.test(text) ? '' : eol;
  const newText = gap + withEol(printYaml(value), eol);
  return [{ start: text.length, end: text.length, newText }];
}

/** Writes a value over the one in a slot, or into an empty one. */
export function replaceValue(layout: Layout, slot: Slot, value: JsonValue): readonly TextEdit[] {
  const node = slot.value;
  if (slot.inFlow) return replaceInFlow(layout, slot, value);
  if (slot.after === undefined) return replaceRoot(layout, node, value);
  const indent = ' '.repeat(columnAt(layout.text, slot.lead));
  const printed = slot.isItem
    ? printAfterDash(value, indent, layout.style)
    : printAfterKey(value, indent, layout.style);
  const [head, tail] = splitAtBreak(requote(node, value, printed));
  const start = blockStart(node);
  if (start !== undefined && start === node.start && isFirstOnLine(layout.text, start)) {
    // What stands behind the colon and between it and the first line of the block is comments.
    const before = lineStart(layout.text, start) - lineBreakLength(layout.text, start);
    return joined(layout, [
      { start: slot.after, end: slot.after, newText: head },
      { start: before, end: trimmedEnd(layout.text, node), newText: tail },
    ]);
  }
  const end = Math.max(slot.after, trimmedEnd(layout.text, node));
  const isInserted = node.start === node.end || head === '';
  const from = isInserted ? slot.after : node.start;
  const isSpaced = from > slot.after;
  return joined(layout, [
    { start: from, end, newText: isSpaced ? head.replace(/^ /, '') : head },
    { start: lineEnd(layout.text, end), end: lineEnd(layout.text, end), newText: tail },
  ]);
}

/** A string that replaces a quoted one keeps its quotes. */
function requote(node: YamlNode, value: JsonValue, printed: string): string {
  if (typeof value !== 'string' || node.type !== 'scalar' || printed.includes('\n')) return printed;
  return node.style === 'double' || node.style === 'single'
    ? ` ${requoted(value, node.style)}`
    : printed;
}

function replaceInFlow(layout: Layout, { value: node, key }: Slot, value: JsonValue): TextEdit[] {
  if (node.start < node.end) {
    const printed = requote(node, value, ` ${printFlow(value)}`).slice(1);
    return [{ start: node.start, end: node.end, newText: printed }];
  }
  const hasColon = layout.text.charAt(node.start - 1) === ':' && node.start !== key?.end;
  const newText = `${hasColon ? '' : ':'} ${printFlow(value)}`;
  return [{ start: node.start, end: node.start, newText }];
}

function replaceRoot(layout: Layout, node: YamlNode, value: JsonValue): readonly TextEdit[] {
  if (node.start === node.end) return insertRoot(layout, value);
  const isAlone = isFirstOnLine(layout.text, node.start);
  const indent = ' '.repeat(columnAt(layout.text, node.start));
  const block = printAfterDash(value, indent.slice(2), layout.style).slice(1);
  const newText = isAlone ? (indent === '' ? printYaml(value).trimEnd() : block) : printFlow(value);
  const end = trimmedEnd(layout.text, node);
  return [{ start: node.start, end, newText: withEol(newText, layout.eol) }];
}

/** Writes a value at the rest of a path that ends in a slot. */
export function insertMissing(
  layout: Layout,
  slot: Slot,
  rest: readonly (string | number)[],
  value: JsonValue,
): readonly TextEdit[] | string {
  const [first, ...more] = rest;
  if (first === undefined) return replaceValue(layout, slot, value);
  if (more.some((step) => typeof step === 'number' && step !== 0))
    return 'The list has no such item';
  const inner =
    more.length === 0
      ? value
      : changedAt(undefined, more, (container, last) => withChild(container, last, value));
  const node = slot.value;
  if (node.type === 'seq') {
    if (first !== node.items.length) return 'The list has no such item';
    if (first === 0) return replaceValue(layout, slot, [inner]);
    return insertEntries(layout, node, first, [inner]);
  }
  if (node.type === 'map' && node.pairs.length > 0) {
    return appendPair(layout, node, String(first), inner);
  }
  const isNothing =
    node.type === 'map' || (node.type === 'scalar' && isNull(node.text, node.style));
  if (!isNothing) return 'There is a value already where a mapping or list is needed';
  if (typeof first === 'number' && first !== 0) return 'The list has no such item';
  return replaceValue(layout, slot, withChild(undefined, first, inner));
}

function isNull(text: string, style: string): boolean {
  return style === 'plain' && /^(?:|~|null|Null|NULL)$/.test(text);
}

function appendPair(
  layout: Layout,
  map: MapNode,
  key: string,
  value: JsonValue,
): readonly TextEdit[] {
  const last = entriesOf(map).at(-1);
  if (map.flow || last === undefined) {
    const at = last?.end ?? map.start + 1;
    const pair = printFlow(withChild({}, key, value)).slice(1, -1);
    return [{ start: at, end: at, newText: `, ${pair}` }];
  }
  const indent = ' '.repeat(columnAt(layout.text, map.firstKey ?? map.start));
  const text = `${printKey(key)}:${printAfterKey(value, indent, layout.style)}`;
  return [lineBehind(layout, last, indent + text)];
}

/** Puts items before the one at an index of a list that has items, or behind the last. */
export function insertEntries(
  layout: Layout,
  seq: SeqNode,
  index: number,
  values: readonly JsonValue[],
): readonly TextEdit[] {
  const entries = entriesOf(seq);
  const previous = entries[index - 1];
  const first = entries[0];
  if (seq.flow) {
    const at = previous?.end ?? first?.start ?? seq.start + 1;
    const items = values.map(printFlow);
    const newText = items.map((item) => (previous === undefined ? `${item}, ` : `, ${item}`));
    return [{ start: at, end: at, newText: newText.join('') }];
  }
  const lead = seq.dashes?.[0] ?? seq.start;
  const indent = ' '.repeat(columnAt(layout.text, lead));
  const lines = values.map((value) => `-${printAfterDash(value, indent, layout.style)}`);
  const text = lines.join(`\n${indent}`);
  if (previous !== undefined) return [lineBehind(layout, previous, indent + text)];
  return [{ start: lead, end: lead, newText: withEol(`${text}\n${indent}`, layout.eol) }];
}

/** A new line behind an entry, whose trailing comment stays with it. */
function lineBehind({ text, eol }: Layout, entry: Entry, line: string): TextEdit {
  // A block scalar that keeps its final line breaks reaches to the next line.
  const isLineStart = /[\r\n]/.test(text.charAt(entry.end - 1));
  const at = isLineStart ? entry.end : lineEnd(text, entry.end);
  return { start: at, end: at, newText: withEol(isLineStart ? `${line}\n` : `\n${line}`, eol) };
}

/** Takes an entry out; `undefined` for the only one, which leaves an empty collection to be written. */
export function removeEntry(
  { text }: Layout,
  node: MapNode | SeqNode,
  index: number,
): readonly TextEdit[] | undefined {
  const entries = entriesOf(node);
  const entry = entries[index];
  const next = entries[index + 1];
  const previous = entries[index - 1];
  if (entry === undefined || entries.length === 1) return undefined;
  if (node.flow) {
    if (next !== undefined) return [{ start: entry.start, end: next.start, newText: '' }];
    return [{ start: previous?.end ?? entry.start, end: entry.end, newText: '' }];
  }
  if (isFirstOnLine(text, entry.start)) return [wholeLines(text, entry)];
  if (next === undefined) return undefined;
  // The first entry behind a dash: the next one takes its place, unless comments stand between them.
  const hasComment = text.slice(nextLine(text, entry.end), next.start).includes('#');
  if (!hasComment) return [{ start: entry.start, end: next.start, newText: '' }];
  const blanks = / *$/.exec(text.slice(lineStart(text, entry.start), entry.start));
  const start = entry.start - (blanks?.[0].length ?? 0);
  return [{ start, end: lineEnd(text, entry.end), newText: '' }];
}

/** Takes several items out of a list; `undefined` where they cannot go together, or none would stay. */
export function removeEntries(
  { text }: Layout,
  seq: SeqNode,
  indices: ReadonlySet<number>,
): readonly TextEdit[] | undefined {
  const entries = entriesOf(seq);
  const leaving = entries.filter((_, index) => indices.has(index));
  if (leaving.length === entries.length) return undefined;
  if (!seq.flow) {
    const isByLine = leaving.every(({ start }) => isFirstOnLine(text, start));
    if (!isByLine || !/[\r\n]$/.test(text)) return undefined;
    return leaving.map((entry) => wholeLines(text, entry));
  }
  const edits: TextEdit[] = [];
  entries.forEach((entry, index) => {
    if (!indices.has(index) || indices.has(index - 1)) return;
    let behind = index;
    while (indices.has(behind)) behind++;
    const next = entries[behind];
    const start = next ? entry.start : (entries[index - 1]?.end ?? entry.start);
    edits.push({ start, end: next?.start ?? entries[behind - 1]?.end ?? entry.end, newText: '' });
  });
  return edits;
}

function wholeLines(text: string, { start, end }: Entry): TextEdit {
  const from = lineStart(text, start);
  const isLineStart = /[\r\n]/.test(text.charAt(end - 1));
  const to = isLineStart ? end : nextLine(text, end);
  const isCut = to === text.length && !/[\r\n]$/.test(text);
  return { start: isCut ? from - lineBreakLength(text, from) : from, end: to, newText: '' };
}

/** Length of the line break before the line of an offset. */
function lineBreakLength(text: string, at: number): number {
  const start = lineStart(text, at);
  if (start === 0) return 0;
  return text.slice(start - 2, start) === '\r\n' ? 2 : 1;
}

/** The end of a node without the line breaks that a block scalar keeps. */
function trimmedEnd(text: string, node: YamlNode): number {
  const written = text.slice(node.start, node.end);
  return node.start + written.replace(/[\r\n]+[ \r\n]*$/, '').length;
}

function splitAtBreak(printed: string): readonly [head: string, tail: string] {
  const at = printed.indexOf('\n');
  return at < 0 ? [printed, ''] : [printed.slice(0, at), printed.slice(at)];
}

/** The edits with the document's line ends; those that change nothing are left out, touching ones made one. */
function joined({ eol }: Layout, edits: readonly TextEdit[]): readonly TextEdit[] {
  const kept: TextEdit[] = [];
  for (const { start, end, newText } of edits) {
    const text = withEol(newText, eol);
    const last = kept.at(-1);
    if (last?.end === start) kept[kept.length - 1] = { ...last, end, newText: last.newText + text };
    else if (start < end || text !== '') kept.push({ start, end, newText: text });
  }
  return kept;
}

function withEol(text: string, eol: string): string {
  return eol === '\n' ? text : text.replaceAll('\n', eol);
}
