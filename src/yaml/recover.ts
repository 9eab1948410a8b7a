import { compose } from './compose.ts';
import type { YamlNode } from './nodes.ts';

/** How many lines may be left out; each costs one more reading. */
const mostLines = 8;
const mostLinesOfLong = 2;
const longText = 500_000;

/**
 * The tree of a document that Go cannot read, for completion and hover: lines that cannot be understood are taken for
 * blank ones, up to a few. All offsets are those of the text. `undefined` when nothing is left.
 */
export function recover(text: string): YamlNode | undefined {
  let current = text;
  const most = text.length > longText ? mostLinesOfLong : mostLines;
  for (let i = 0; i < most; i++) {
    const { root, stop, flowStart } = compose(current);
    if (stop === undefined) return root;
    const blanked =
      (flowStart === undefined ? undefined : blankLine(current, flowStart)) ??
      blankLine(current, stop.start) ??
      blankLine(current, lastContent(current, stop.start));
    if (blanked === undefined) return root;
    current = blanked;
  }
  return compose(current).root;
}

/** The text with one line blank; `undefined` when that changes nothing. */
function blankLine(text: string, at: number): string | undefined {
  const before = text.slice(0, at);
  const start = Math.max(before.lastIndexOf('\n'), before.lastIndexOf('\r')) + 1;
  const length = text.slice(start).search(/[\r\n]/);
  const end = length < 0 ? text.length : start + length;
  // A marker is needed to see where the document begins.
  if (/^---(?=\s|$)/.test(text.slice(start, start + 4))) return undefined;
  if (text.slice(start, end).trim() === '') return undefined;
  return text.slice(0, start) + ' '.repeat(end - start) + text.slice(end);
}

function lastContent(text: string, before: number): number {
  return Math.max(0, text.slice(0, before).trimEnd().length - 1);
}
