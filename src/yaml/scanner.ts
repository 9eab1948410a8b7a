import { scanAnchor, scanDirective, scanTag } from './scanProperty.ts';
import { scanBlock, scanPlain, scanQuoted } from './scanScalar.ts';
import {
  column,
  isBlank,
  isBlankOrEnd,
  isBreak,
  isDocumentMarker,
  pushToken,
  skipComment,
  stopScan,
  takeBreak,
} from './scanState.ts';
import type { PossibleKey, ScanState, Token, TokenType } from './scanState.ts';

/** Longest text of a key that is not marked by `?`. */
const longestKey = 1024;

/** Taken tokens are let go in lots of this size. */
const droppedAtOnce = 4096;

/**
 * The next token, read as far ahead as it takes to know whether it begins a key. The rules are those of libyaml, which
 * go-yaml v2 is a port of (`scannerc.go`): YAML 1.1 with a few liberties.
 */
export function peekToken(s: ScanState): Token {
  for (;;) {
    const token = s.tokens[s.head];
    if (token !== undefined && (s.stop !== undefined || !mayBecomeKey(s, s.dropped + s.head)))
      return token;
    fetchToken(s);
  }
}

export function takeToken(s: ScanState): Token {
  const token = peekToken(s);
  // The last token is answered for ever.
  if (token.type !== 'streamEnd' && token.type !== 'error') s.head++;
  if (s.head === droppedAtOnce) {
    s.tokens.splice(0, droppedAtOnce);
    s.head = 0;
    s.dropped += droppedAtOnce;
  }
  return token;
}

function mayBecomeKey(s: ScanState, index: number): boolean {
  const key = s.keyOfToken.get(index);
  return key !== undefined && isStillPossible(s, key);
}

function fetchToken(s: ScanState): void {
  skipToToken(s);
  unrollIndent(s, column(s));
  const { text, at } = s;
  if (at >= text.length) return fetchEnd(s);
  const code = text.charCodeAt(at);
  if (at === s.lineStart) {
    if (code === 0x25) return fetchDirective(s);
    if (isDocumentMarker(s)) return fetchMarker(s, code === 0x2d ? 'documentStart' : 'documentEnd');
  }
  const inFlow = s.keys.length > 1;
  const isLoose = isBlankOrEnd(text.charCodeAt(at + 1));
  switch (text.charAt(at)) {
    case '[':
      return openFlow(s, 'flowSeqStart');
    case '{':
      return openFlow(s, 'flowMapStart');
    case ']':
      return closeFlow(s, 'flowSeqEnd');
    case '}':
      return closeFlow(s, 'flowMapEnd');
    case ',':
      forgetKey(s);
      s.keyAllowed = true;
      return fetchMark(s, 'flowEntry', 1);
    case '-':
      return isLoose ? fetchEntry(s) : fetchScalar(s, scanPlain);
    case '?':
      if (inFlow || isLoose) return fetchKey(s);
      return fetchScalar(s, scanPlain);
    case ':':
      if (inFlow || isLoose) return fetchValue(s);
      return fetchScalar(s, scanPlain);
    case '*':
      return fetchScalar(s, (state) => scanAnchor(state, 'alias'));
    case '&':
      return fetchScalar(s, (state) => scanAnchor(state, 'anchor'));
    case '!':
      return fetchScalar(s, scanTag);
    case '|':
    case '>':
      if (inFlow) return refuseCharacter(s);
      forgetKey(s);
      s.keyAllowed = true;
      return scanBlock(s);
    case '"':
    case "'":
      return fetchScalar(s, scanQuoted);
    case '#':
    case '%':
    case '@':
    case '`':
    case '\t':
      return refuseCharacter(s);
    default:
      return fetchScalar(s, scanPlain);
  }
}

function refuseCharacter(s: ScanState): void {
  const character = s.text.charAt(s.at);
  const message =
    character === '\t'
      ? 'A tab cannot be part of the indentation'
      : `Nothing can begin with ${character} here; put quotes around it`;
  stopScan(s, message, s.at, s.at + 1);
}

/** Skips blanks, comments and line breaks. A tab counts as a blank only where it cannot be indentation. */
function skipToToken(s: ScanState): void {
  for (;;) {
    const tabsCount = s.keys.length > 1 || !s.keyAllowed;
    for (;;) {
      const code = s.text.charCodeAt(s.at);
      if (code !== 0x20 && !(tabsCount && isBlank(code))) break;
      s.at++;
    }
    skipComment(s);
    if (!isBreak(s.text.charCodeAt(s.at))) return;
    const line = s.lineStart;
    takeBreak(s);
    if (s.text.charCodeAt(s.at) === 0xfeff && isMarkerLine(s.text, line)) s.lineStart = ++s.at;
    if (s.keys.length === 1) s.keyAllowed = true;
  }
}

/**
 * Whether a line is nothing but `---`. kubectl cuts there and reads each part as a text of its own, so a mark after it
 * belongs to the encoding again, as in files that were joined.
 */
function isMarkerLine(text: string, start: number): boolean {
  return /^---[ \t]*(?:#.*)?$/.test(text.slice(start, start + 200).split(/[\r\n]/, 1)[0] ?? '');
}

function fetchMark(s: ScanState, type: TokenType, length: number): void {
  const start = s.at;
  s.at += length;
  pushToken(s, type, start, s.at);
}

function fetchEnd(s: ScanState): void {
  // As if a line break stood at the very end.
  if (s.at > s.lineStart) {
    s.line++;
    s.lineStart = s.at;
  }
  unrollIndent(s, -1);
  forgetKey(s);
  s.keyAllowed = false;
  pushToken(s, 'streamEnd', s.at, s.at);
}

function fetchDirective(s: ScanState): void {
  unrollIndent(s, -1);
  forgetKey(s);
  s.keyAllowed = false;
  scanDirective(s);
}

function fetchMarker(s: ScanState, type: TokenType): void {
  unrollIndent(s, -1);
  forgetKey(s);
  s.keyAllowed = false;
  fetchMark(s, type, 3);
}

function openFlow(s: ScanState, type: TokenType): void {
  rememberKey(s);
  s.openTokens.push(tokenCount(s));
  s.keys.push(undefined);
  s.keyAllowed = true;
  fetchMark(s, type, 1);
}

function closeFlow(s: ScanState, type: TokenType): void {
  forgetKey(s);
  if (s.keys.length > 1) {
    s.keys.pop();
    const open = s.openTokens.pop();
    // go-yaml forgets here that a collection without any possible key inside, such as {}, may itself be a key.
    if (open !== undefined) s.keyOfToken.delete(open);
  }
  s.keyAllowed = false;
  fetchMark(s, type, 1);
}

function fetchEntry(s: ScanState): void {
  if (s.keys.length === 1) {
    if (!s.keyAllowed) {
      return stopScan(s, 'A list item cannot begin here', s.at, s.at + 1);
    }
    rollIndent(s, column(s), tokenCount(s), 'blockSeqStart', s.at);
  }
  forgetKey(s);
  s.keyAllowed = true;
  fetchMark(s, 'blockEntry', 1);
}

function fetchKey(s: ScanState): void {
  if (s.keys.length === 1) {
    if (!s.keyAllowed) return stopScan(s, 'A key cannot begin here', s.at, s.at + 1);
    rollIndent(s, column(s), tokenCount(s), 'blockMapStart', s.at);
  }
  forgetKey(s);
  s.keyAllowed = s.keys.length === 1;
  fetchMark(s, 'key', 1);
}

function fetchValue(s: ScanState): void {
  const key = s.keys.at(-1);
  if (key !== undefined && isStillPossible(s, key)) {
    insertToken(s, key.index, 'key', key.start);
    rollIndent(s, key.column, key.index, 'blockMapStart', key.start);
    dropKey(s, key);
    s.keyAllowed = false;
  } else if (s.stop === undefined) {
    if (s.keys.length === 1) {
      if (!s.keyAllowed) {
        const message = 'A second “: ” on this line; put quotes around the value';
        return stopScan(s, message, s.at, s.at + 1);
      }
      rollIndent(s, column(s), tokenCount(s), 'blockMapStart', s.at);
    }
    s.keyAllowed = s.keys.length === 1;
  }
  fetchMark(s, 'value', 1);
}

function fetchScalar(s: ScanState, scan: (s: ScanState) => void): void {
  rememberKey(s);
  s.keyAllowed = false;
  scan(s);
}

/** The number of the next token. */
function tokenCount(s: ScanState): number {
  return s.dropped + s.tokens.length;
}

function insertToken(s: ScanState, index: number, type: TokenType, at: number): void {
  const token = { type, start: at, end: at, text: '', handle: '' };
  const place = index - s.dropped;
  // In front of a token that is taken already nothing can be inserted.
  if (place < s.head) s.tokens.push(token);
  else s.tokens.splice(place, 0, token);
}

function rollIndent(
  s: ScanState,
  to: number,
  index: number,
  type: 'blockSeqStart' | 'blockMapStart',
  at: number,
): void {
  if (s.keys.length > 1 || s.indent >= to) return;
  s.indents.push(s.indent);
  s.indent = to;
  insertToken(s, index, type, at);
}

function unrollIndent(s: ScanState, to: number): void {
  if (s.keys.length > 1) return;
  while (s.indent > to) {
    pushToken(s, 'blockEnd', s.at, s.at);
    s.indent = s.indents.pop() ?? -1;
  }
}

/** What is about to be read may turn out to be a key. */
function rememberKey(s: ScanState): void {
  if (!s.keyAllowed) return;
  forgetKey(s);
  const key: PossibleKey = {
    required: s.keys.length === 1 && s.indent === column(s),
    index: tokenCount(s),
    start: s.at,
    line: s.line,
    column: column(s),
  };
  s.keys[s.keys.length - 1] = key;
  if (s.openTokens.length > 0) s.openTokens[s.openTokens.length - 1] = undefined;
  s.keyOfToken.set(key.index, key);
}

function forgetKey(s: ScanState): void {
  const key = s.keys.at(-1);
  if (key === undefined) return;
  if (key.required) stopAtKey(s, key);
  dropKey(s, key);
}

function isStillPossible(s: ScanState, key: PossibleKey): boolean {
  if (key.line === s.line && !isTooLong(s, key)) return true;
  if (key.required) stopAtKey(s, key);
  dropKey(s, key);
  return false;
}

/** The limit counts characters, not UTF-16 units. */
function isTooLong(s: ScanState, key: PossibleKey): boolean {
  const units = s.at - key.start;
  if (units <= longestKey) return false;
  if (units > 2 * longestKey) return true;
  const pairs = s.text.slice(key.start, s.at).match(/[\ud800-\udbff]/g);
  return units - (pairs?.length ?? 0) > longestKey;
}

function dropKey(s: ScanState, key: PossibleKey): void {
  s.keyOfToken.delete(key.index);
  const level = s.keys.lastIndexOf(key);
  if (level >= 0) s.keys[level] = undefined;
}

function stopAtKey(s: ScanState, key: PossibleKey): void {
  const message = 'This line is neither “key: value” nor part of the value before it';
  const lineEnd = /[\r\n]/.exec(s.text.slice(key.start, key.start + longestKey));
  stopScan(s, message, key.start, key.start + (lineEnd?.index ?? longestKey));
}
