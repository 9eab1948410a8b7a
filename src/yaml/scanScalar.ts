import {
  column,
  isBlank,
  isBlankOrEnd,
  isBreak,
  isBreakOrEnd,
  isDocumentMarker,
  pushToken,
  skipBlanks,
  skipComment,
  stopScan,
  takeBreak,
} from './scanState.ts';
import type { ScanState } from './scanState.ts';

/** Blanks and line breaks between two words of a scalar, not yet known to be inside it. */
interface Gap {
  blanks: string;
  firstBreak: string;
  moreBreaks: string;
  hasBreak: boolean;
}

/** What a gap leaves in the value: a single line break becomes a blank, further ones stay. */
function folded(gap: Gap): string {
  if (!gap.hasBreak) return gap.blanks;
  if (gap.firstBreak !== '\n') return gap.firstBreak + gap.moreBreaks;
  return gap.moreBreaks === '' ? ' ' : gap.moreBreaks;
}

function takeGap(s: ScanState, escapedBreak: boolean): Gap {
  const gap: Gap = { blanks: '', firstBreak: '', moreBreaks: '', hasBreak: escapedBreak };
  const breaks: string[] = [];
  for (;;) {
    const start = s.at;
    skipBlanks(s);
    if (!gap.hasBreak) gap.blanks += s.text.slice(start, s.at);
    if (!isBreak(s.text.charCodeAt(s.at))) break;
    if (gap.hasBreak) breaks.push(takeBreak(s));
    else gap.firstBreak = takeBreak(s);
    gap.hasBreak = true;
  }
  gap.moreBreaks = breaks.join('');
  return gap;
}

/** Reads a plain scalar; the caller has seen that one may begin here. */
export function scanPlain(s: ScanState): void {
  const start = s.at;
  const inFlow = s.keys.length > 1;
  const parts: string[] = [];
  let end = start;
  let gap: Gap | undefined;
  let endsAfterBreak = false;
  while (!isDocumentMarker(s) && s.text.charCodeAt(s.at) !== 0x23) {
    const word = s.at;
    while (!endsPlain(s, inFlow)) s.at++;
    if (s.at > word) {
      if (gap !== undefined) parts.push(folded(gap));
      parts.push(s.text.slice(word, s.at));
      end = s.at;
      endsAfterBreak = false;
    }
    const next = s.text.charCodeAt(s.at);
    if (!isBlank(next) && !isBreak(next)) break;
    // Nothing but a gap was read before: two gaps in a row cannot be, the first one took all blanks.
    const from = s.at;
    gap = takeGap(s, false);
    endsAfterBreak = gap.hasBreak;
    if (gap.hasBreak && hasTabInIndent(s, from)) {
      stopScan(s, 'A tab cannot be part of the indentation', s.lineStart);
      return;
    }
    if (!inFlow && column(s) < s.indent + 1) break;
  }
  pushToken(s, 'plain', start, end, parts.length === 1 ? (parts[0] ?? '') : parts.join(''));
  if (endsAfterBreak) s.keyAllowed = true;
}

function endsPlain(s: ScanState, inFlow: boolean): boolean {
  const code = s.text.charCodeAt(s.at);
  if (code === 0x3a) return isBlankOrEnd(s.text.charCodeAt(s.at + 1));
  if (isBlankOrEnd(code)) return true;
  if (!inFlow) return false;
  return (
    code === 0x2c ||
    code === 0x3f ||
    code === 0x5b ||
    code === 0x5d ||
    code === 0x7b ||
    code === 0x7d
  );
}

/** Whether a line that began inside the gap is indented by a tab where the surrounding block wants blanks. */
function hasTabInIndent(s: ScanState, from: number): boolean {
  let lineStart = -1;
  for (let i = from; i < s.at; i++) {
    const code = s.text.charCodeAt(i);
    if (isBreak(code)) lineStart = i + 1;
    else if (code === 0x09 && lineStart >= 0 && i - lineStart < s.indent + 1) return true;
  }
  return false;
}

/** Reads a single- or double-quoted scalar from its opening quote. */
export function scanQuoted(s: ScanState): void {
  const start = s.at;
  const quote = s.text.charCodeAt(start);
  const parts: string[] = [];
  s.at++;
  for (;;) {
    if (isDocumentMarker(s)) {
      stopScan(s, 'A document marker cannot stand inside quotes', start);
      return;
    }
    if (s.at >= s.text.length) {
      stopScan(s, 'The closing quote is missing', start);
      return;
    }
    const escapedBreak = quote === 0x22 ? takeDouble(s, parts) : takeSingle(s, parts);
    if (s.stop !== undefined) return;
    if (s.text.charCodeAt(s.at) === quote && !escapedBreak) break;
    const gap = takeGap(s, escapedBreak);
    if (escapedBreak) parts.push(gap.moreBreaks);
    else parts.push(folded(gap));
  }
  s.at++;
  pushToken(s, quote === 0x22 ? 'double' : 'single', start, s.at, parts.join(''));
}

function takeSingle(s: ScanState, parts: string[]): boolean {
  let from = s.at;
  for (;;) {
    const code = s.text.charCodeAt(s.at);
    if (isBlankOrEnd(code)) break;
    if (code === 0x27) {
      if (s.text.charCodeAt(s.at + 1) !== 0x27) break;
      parts.push(s.text.slice(from, s.at + 1));
      s.at += 2;
      from = s.at;
    } else {
      s.at++;
    }
  }
  parts.push(s.text.slice(from, s.at));
  return false;
}

/** Takes up to a blank or the closing quote; true behind a line break that a backslash takes out of the value. */
function takeDouble(s: ScanState, parts: string[]): boolean {
  let from = s.at;
  for (;;) {
    const code = s.text.charCodeAt(s.at);
    if (code === 0x22 || isBlankOrEnd(code)) break;
    if (code !== 0x5c) {
      s.at++;
      continue;
    }
    parts.push(s.text.slice(from, s.at));
    s.at++;
    if (isBreak(s.text.charCodeAt(s.at))) {
      takeBreak(s);
      return true;
    }
    const meant = takeEscape(s);
    if (meant === undefined) {
      stopScan(s, 'This escape is unknown in double quotes', s.at - 1, s.at + 1);
      return false;
    }
    parts.push(meant);
    from = s.at;
  }
  parts.push(s.text.slice(from, s.at));
  return false;
}

const escapes: ReadonlyMap<string, string> = new Map([
  ['0', '\0'],
  ['a', '\x07'],
  ['b', '\b'],
  ['t', '\t'],
  ['\t', '\t'],
  ['n', '\n'],
  ['v', '\v'],
  ['f', '\f'],
  ['r', '\r'],
  ['e', '\x1b'],
  [' ', ' '],
  ['"', '"'],
  ["'", "'"],
  ['\\', '\\'],
  ['N', '\x85'],
  ['_', '\xa0'],
  ['L', '\u2028'],
  ['P', '\u2029'],
]);

const escapeLengths: ReadonlyMap<string, number> = new Map([
  ['x', 2],
  ['u', 4],
  ['U', 8],
]);

/** The character meant by what follows a backslash; `undefined` when there is none. */
function takeEscape(s: ScanState): string | undefined {
  const letter = s.text.charAt(s.at);
  const simple = escapes.get(letter);
  if (simple !== undefined) {
    s.at++;
    return simple;
  }
  const length = escapeLengths.get(letter);
  if (length === undefined) return undefined;
  const digits = s.text.slice(s.at + 1, s.at + 1 + length);
  if (digits.length < length || !/^[0-9a-fA-F]+$/.test(digits)) return undefined;
  const code = Number.parseInt(digits, 16);
  if ((code >= 0xd800 && code <= 0xdfff) || code > 0x10ffff) return undefined;
  s.at += 1 + length;
  return String.fromCodePoint(code);
}

/** Reads a literal or folded block scalar from its `|` or `>`. */
export function scanBlock(s: ScanState): void {
  const start = s.at;
  const literal = s.text.charCodeAt(start) === 0x7c;
  s.at++;
  const header = blockHeader(s, start);
  if (header === undefined) return;
  const { keep, strip } = header;
  const parts: string[] = [];
  let indent = header.indent;
  let end = s.at;
  skipBlanks(s);
  skipComment(s);
  if (!isBreakOrEnd(s.text.charCodeAt(s.at))) {
    stopScan(s, 'Only a comment can follow the head of a block scalar', s.at, s.at + 1);
    return;
  }
  if (s.at < s.text.length) takeBreak(s);
  let firstBreak = '';
  let afterBlank = false;
  let gap = blockGap(s, indent);
  indent = indent === 0 ? Math.max(gap.widest, s.indent + 1, 1) : indent;
  while (s.stop === undefined && column(s) === indent && s.at < s.text.length) {
    const blankFirst = isBlank(s.text.charCodeAt(s.at));
    if (!literal && !afterBlank && !blankFirst && firstBreak === '\n') {
      if (gap.breaks === '') parts.push(' ');
    } else {
      parts.push(firstBreak);
    }
    parts.push(gap.breaks);
    afterBlank = blankFirst;
    const from = s.at;
    while (!isBreakOrEnd(s.text.charCodeAt(s.at))) s.at++;
    parts.push(s.text.slice(from, s.at));
    end = s.at;
    firstBreak = s.at < s.text.length ? takeBreak(s) : '';
    gap = blockGap(s, indent);
  }
  if (s.stop !== undefined) return;
  if (!strip) parts.push(firstBreak);
  if (keep) {
    parts.push(gap.breaks);
    end = Math.max(end, gap.end);
  }
  pushToken(s, literal ? 'literal' : 'folded', start, end, parts.join(''));
}

interface BlockHeader {
  readonly indent: number;
  readonly keep: boolean;
  readonly strip: boolean;
}

function blockHeader(s: ScanState, start: number): BlockHeader | undefined {
  const match = /^(?:([+-])([0-9])?|([0-9])([+-])?)?/.exec(s.text.slice(s.at, s.at + 2));
  const sign = match?.[1] ?? match?.[4];
  const digit = match?.[2] ?? match?.[3];
  if (digit === '0') {
    stopScan(s, 'The indentation of a block scalar cannot be 0', start);
    return undefined;
  }
  s.at += match?.[0].length ?? 0;
  const indent = digit === undefined ? 0 : Math.max(s.indent, 0) + Number(digit);
  return { indent, keep: sign === '+', strip: sign === '-' };
}

/** Skips the indentation of a line, all of it where 0 says that it is not known yet. */
function skipIndent(s: ScanState, indent: number): void {
  const most = indent === 0 ? s.text.length : s.lineStart + indent;
  while (s.at < most && s.text.charCodeAt(s.at) === 0x20) s.at++;
}

/** Takes blank lines and the indentation of the next line. */
function blockGap(s: ScanState, indent: number): { breaks: string; widest: number; end: number } {
  const breaks: string[] = [];
  let widest = 0;
  let end = s.at;
  for (;;) {
    skipIndent(s, indent);
    widest = Math.max(widest, column(s));
    const code = s.text.charCodeAt(s.at);
    if (code === 0x09 && (indent === 0 || column(s) < indent)) {
      stopScan(s, 'A tab cannot be part of the indentation', s.at, s.at + 1);
      break;
    }
    if (!isBreak(code)) break;
    breaks.push(takeBreak(s));
    end = s.at;
  }
  return { breaks: breaks.join(''), widest, end };
}
