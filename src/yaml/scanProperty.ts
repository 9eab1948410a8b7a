import {
  isBlankOrEnd,
  isBreak,
  isBreakOrEnd,
  isBlank,
  isWord,
  pushToken,
  skipBlanks,
  skipComment,
  stopScan,
  takeBreak,
} from './scanState.ts';
import type { ScanState } from './scanState.ts';

/** Reads `&name` or `*name`. */
export function scanAnchor(s: ScanState, type: 'anchor' | 'alias'): void {
  const start = s.at;
  s.at++;
  const name = takeWord(s);
  const next = s.text.charAt(s.at);
  if (name === '' || !(isBlankOrEnd(s.text.charCodeAt(s.at)) || '?:,]}%@`'.includes(next))) {
    const what = type === 'anchor' ? 'an anchor' : 'an alias';
    stopScan(s, `The name of ${what} is made of letters, digits, _ and -`, start, s.at + 1);
    return;
  }
  pushToken(s, type, start, s.at, name);
}

function takeWord(s: ScanState): string {
  const start = s.at;
  while (isWord(s.text.charCodeAt(s.at))) s.at++;
  return s.text.slice(start, s.at);
}

/** Reads a tag in any of its forms: `!<uri>`, `!handle!suffix`, `!!suffix`, `!suffix`, `!`. */
export function scanTag(s: ScanState): void {
  const start = s.at;
  let handle = '';
  let suffix: string | undefined;
  if (s.text.charCodeAt(s.at + 1) === 0x3c) {
    s.at += 2;
    suffix = takeUri(s, undefined);
    if (s.text.charCodeAt(s.at) !== 0x3e) suffix = undefined;
    else s.at++;
  } else {
    handle = takeHandle(s);
    if (handle.length > 1 && handle.endsWith('!')) {
      suffix = takeUri(s, undefined);
    } else {
      suffix = takeUri(s, handle.slice(1));
      if (suffix === '') [handle, suffix] = ['', '!'];
      else handle = '!';
    }
  }
  if (suffix === undefined || !isBlankOrEnd(s.text.charCodeAt(s.at))) {
    stopScan(s, 'This tag is not complete', start, s.at + 1);
    return;
  }
  s.tokens.push({ type: 'tag', start, end: s.at, text: suffix, handle });
}

function takeHandle(s: ScanState): string {
  const start = s.at;
  s.at++;
  takeWord(s);
  if (s.text.charCodeAt(s.at) === 0x21) s.at++;
  return s.text.slice(start, s.at);
}

/** Takes the URI characters of a tag behind `head`; `undefined` when there are none or an escape is wrong. */
function takeUri(s: ScanState, head: string | undefined): string | undefined {
  const parts = [head ?? ''];
  let from = s.at;
  const start = s.at;
  for (;;) {
    const code = s.text.charCodeAt(s.at);
    if (code === 0x25) {
      parts.push(s.text.slice(from, s.at));
      const escaped = takeUriEscape(s);
      if (escaped === undefined) return undefined;
      parts.push(escaped);
      from = s.at;
    } else if (
      isWord(code) ||
      (code > 0x20 && ";/?:@&=+$,.!~*'()[]".includes(s.text.charAt(s.at)))
    ) {
      s.at++;
    } else {
      break;
    }
  }
  parts.push(s.text.slice(from, s.at));
  return head === undefined && s.at === start ? undefined : parts.join('');
}

/** Takes one character written as `%XX`, as many of them as its UTF-8 form has bytes. */
function takeUriEscape(s: ScanState): string | undefined {
  const lead = uriByte(s);
  if (lead === undefined) return undefined;
  if (lead < 0x80) return String.fromCharCode(lead);
  if (lead < 0xc0 || lead >= 0xf8) return undefined;
  let more = lead < 0xe0 ? 1 : lead < 0xf0 ? 2 : 3;
  for (; more > 0; more--) {
    const byte = uriByte(s);
    if (byte === undefined || (byte & 0xc0) !== 0x80) return undefined;
  }
  // No tag that means anything has such a character, so which one does not matter.
  return '\ufffd';
}

function uriByte(s: ScanState): number | undefined {
  const match = /^%([0-9a-fA-F]{2})/.exec(s.text.slice(s.at, s.at + 3));
  if (match === null) return undefined;
  s.at += 3;
  return Number.parseInt(match[1] ?? '', 16);
}

/** Reads a `%YAML` or `%TAG` line; Go knows no other. */
export function scanDirective(s: ScanState): void {
  const start = s.at;
  s.at++;
  const name = takeWord(s);
  const isKnown = name === 'YAML' || name === 'TAG';
  if (!isKnown || !isBlankOrEnd(s.text.charCodeAt(s.at))) {
    stopScan(s, 'Only %YAML 1.1 and %TAG can stand behind a % at the beginning of a line', start);
    return;
  }
  skipBlanks(s);
  const isComplete = name === 'YAML' ? takeVersion(s, start) : takeTagDirective(s, start);
  if (!isComplete) {
    stopScan(s, `The %${name} line is not complete`, start);
    return;
  }
  skipBlanks(s);
  skipComment(s);
  const next = s.text.charCodeAt(s.at);
  if (!isBreakOrEnd(next)) {
    stopScan(s, `Only a comment can follow on a %${name} line`, s.at, s.at + 1);
  } else if (isBreak(next)) {
    takeBreak(s);
  }
}

function takeVersion(s: ScanState, start: number): boolean {
  const match = /^([0-9]{1,2})\.([0-9]{1,2})(?![0-9])/.exec(s.text.slice(s.at, s.at + 6));
  if (match === null) return false;
  s.at += match[0].length;
  const version = `${Number(match[1])}.${Number(match[2])}`;
  s.tokens.push({ type: 'directive', start, end: s.at, text: version, handle: 'YAML' });
  return true;
}

function takeTagDirective(s: ScanState, start: number): boolean {
  if (s.text.charCodeAt(s.at) !== 0x21) return false;
  const handle = takeHandle(s);
  if (handle !== '!' && !handle.endsWith('!')) return false;
  if (!isBlank(s.text.charCodeAt(s.at))) return false;
  skipBlanks(s);
  const prefix = takeUri(s, undefined);
  if (prefix === undefined || !isBlankOrEnd(s.text.charCodeAt(s.at))) return false;
  s.tokens.push({ type: 'directive', start, end: s.at, text: prefix, handle });
  return true;
}
