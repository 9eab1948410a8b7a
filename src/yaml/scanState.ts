/** Where and why reading stopped. Offsets are relative to the text that is read. */
export interface Stop {
  readonly message: string;
  readonly start: number;
  readonly end: number;
}

/**
 * `key` and `value` are `?` and `:`, or a `key` put in front of a node when its `:` turns up. `error` ends the list
 * when the text cannot go on.
 */
export type TokenType =
  | 'streamEnd'
  | 'error'
  | 'directive'
  | 'documentStart'
  | 'documentEnd'
  | 'blockSeqStart'
  | 'blockMapStart'
  | 'blockEnd'
  | 'flowSeqStart'
  | 'flowSeqEnd'
  | 'flowMapStart'
  | 'flowMapEnd'
  | 'flowEntry'
  | 'blockEntry'
  | 'key'
  | 'value'
  | 'alias'
  | 'anchor'
  | 'tag'
  | 'plain'
  | 'single'
  | 'double'
  | 'literal'
  | 'folded';

export interface Token {
  readonly type: TokenType;
  readonly start: number;
  readonly end: number;
  /** Text of a scalar, name of an anchor or alias, suffix of a tag, prefix or version of a directive. */
  readonly text: string;
  /** Handle of a tag or of a `%TAG` directive, `YAML` for the version. */
  readonly handle: string;
}

/** A node that becomes a key if a `:` follows on the same line within 1024 characters. */
export interface PossibleKey {
  /** At the indentation of a block mapping nothing but a key can stand. */
  readonly required: boolean;
  readonly index: number;
  readonly start: number;
  readonly line: number;
  readonly column: number;
}

export interface ScanState {
  readonly text: string;
  at: number;
  line: number;
  lineStart: number;
  readonly tokens: Token[];
  /** Place in `tokens` of the first that the composer has not taken. */
  head: number;
  /** How many tokens are gone from the front of the list. */
  dropped: number;
  indent: number;
  readonly indents: number[];
  /** One entry a flow level, the block context first. */
  readonly keys: (PossibleKey | undefined)[];
  readonly keyOfToken: Map<number, PossibleKey>;
  /** The token that opened each flow level, until a possible key is found in that level. */
  readonly openTokens: (number | undefined)[];
  keyAllowed: boolean;
  stop: Stop | undefined;
}

export function startScan(text: string): ScanState {
  return {
    text,
    // A mark at the very beginning belongs to the encoding and takes no column.
    at: text.charCodeAt(0) === 0xfeff ? 1 : 0,
    line: 0,
    lineStart: text.charCodeAt(0) === 0xfeff ? 1 : 0,
    tokens: [],
    head: 0,
    dropped: 0,
    indent: -1,
    indents: [],
    keys: [undefined],
    keyOfToken: new Map(),
    openTokens: [],
    keyAllowed: true,
    stop: undefined,
  };
}

export function column(s: ScanState): number {
  return s.at - s.lineStart;
}

/** Ends the scan. The first reason counts. */
export function stopScan(s: ScanState, message: string, start: number, end = s.at): void {
  if (s.stop !== undefined) return;
  s.stop = { message, start, end: Math.max(start, end) };
  pushToken(s, 'error', s.at, s.at);
}

export function pushToken(
  s: ScanState,
  type: TokenType,
  start: number,
  end: number,
  text = '',
): void {
  s.tokens.push({ type, start, end, text, handle: '' });
}

/** YAML 1.1 counts U+0085, U+2028 and U+2029 as line breaks too. */
export function isBreak(code: number): boolean {
  return code === 0x0a || code === 0x0d || code === 0x85 || code === 0x2028 || code === 0x2029;
}

export function isBlank(code: number): boolean {
  return code === 0x20 || code === 0x09;
}

/** A blank, a line break, or the end of the text, where `charCodeAt` answers NaN. */
export function isBlankOrEnd(code: number): boolean {
  return isBlank(code) || isBreak(code) || Number.isNaN(code);
}

export function isBreakOrEnd(code: number): boolean {
  return isBreak(code) || Number.isNaN(code);
}

/** Letters, digits, `_` and `-`: what names of anchors, handles and directives are made of. */
export function isWord(code: number): boolean {
  return (
    (code >= 0x61 && code <= 0x7a) ||
    (code >= 0x41 && code <= 0x5a) ||
    (code >= 0x30 && code <= 0x39) ||
    code === 0x5f ||
    code === 0x2d
  );
}

/** Takes a line break and answers what it stands for in a scalar. */
export function takeBreak(s: ScanState): string {
  const code = s.text.charCodeAt(s.at);
  s.at += code === 0x0d && s.text.charCodeAt(s.at + 1) === 0x0a ? 2 : 1;
  s.line++;
  s.lineStart = s.at;
  return code === 0x2028 ? '\u2028' : code === 0x2029 ? '\u2029' : '\n';
}

export function skipBlanks(s: ScanState): void {
  while (isBlank(s.text.charCodeAt(s.at))) s.at++;
}

export function skipComment(s: ScanState): void {
  if (s.text.charCodeAt(s.at) !== 0x23) return;
  while (!isBreakOrEnd(s.text.charCodeAt(s.at))) s.at++;
}

/** Whether `---` or `...` stands alone at the beginning of the current line; it ends whatever is open. */
export function isDocumentMarker(s: ScanState): boolean {
  if (s.at !== s.lineStart) return false;
  const { text, at } = s;
  const first = text.charCodeAt(at);
  if (first !== 0x2d && first !== 0x2e) return false;
  return (
    text.charCodeAt(at + 1) === first &&
    text.charCodeAt(at + 2) === first &&
    isBlankOrEnd(text.charCodeAt(at + 3))
  );
}
