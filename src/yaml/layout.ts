import type { MapNode, Pair, SeqNode, YamlNode } from './nodes.ts';
import type { PrintStyle } from './print.ts';

/** How a document is laid out, as far as edits must fit in. */
export interface Layout {
  readonly text: string;
  readonly eol: string;
  readonly style: PrintStyle;
}

/** Looks at what is there: the line ends, and the first mapping and the first list below a key. */
export function layoutOf(text: string, root: YamlNode | undefined): Layout {
  const found: { step?: string; listStep?: string } = {};
  if (root !== undefined) lookForSteps(text, root, found);
  return {
    text,
    eol: text.includes('\r\n') ? '\r\n' : '\n',
    style: { step: found.step ?? '  ', listStep: found.listStep ?? '' },
  };
}

function lookForSteps(
  text: string,
  node: YamlNode,
  found: { step?: string; listStep?: string },
): void {
  if (found.step !== undefined && found.listStep !== undefined) return;
  if (node.type === 'seq') {
    for (const item of node.items) lookForSteps(text, item, found);
  }
  if (node.type !== 'map' || node.flow) return;
  const outer = columnAt(text, node.firstKey ?? node.start);
  for (const { value } of node.pairs) {
    const start = blockStart(value);
    if (start !== undefined) {
      const step = ' '.repeat(Math.max(0, columnAt(text, start) - outer));
      if (value.type === 'seq') found.listStep ??= step;
      else if (step !== '') found.step ??= step;
    }
    lookForSteps(text, value, found);
  }
}

/** Where the keys or dashes of a block collection begin; `undefined` for any other node. */
export function blockStart(node: YamlNode): number | undefined {
  if (node.type === 'map') return node.flow ? undefined : node.firstKey;
  return node.type === 'seq' ? node.dashes?.[0] : undefined;
}

export function columnAt(text: string, at: number): number {
  return at - lineStart(text, at);
}

export function lineStart(text: string, at: number): number {
  let start = Math.min(at, text.length);
  // Looking for each kind of line end on its own would go back to the beginning of the text.
  while (start > 0 && !isLineEnd(text.charCodeAt(start - 1))) start--;
  return start;
}

function isLineEnd(unit: number): boolean {
  return unit === 0x0a || unit === 0x0d;
}

/** The end of the line without its line break. */
export function lineEnd(text: string, at: number): number {
  const length = text.slice(at).search(/[\r\n]/);
  return length < 0 ? text.length : at + length;
}

/** The beginning of the next line, or the end of the text. */
export function nextLine(text: string, at: number): number {
  const end = lineEnd(text, at);
  return end + (text.startsWith('\r\n', end) ? 2 : end < text.length ? 1 : 0);
}

/** Whether only blanks stand between the beginning of the line and an offset. */
export function isFirstOnLine(text: string, at: number): boolean {
  return /^[ \t\ufeff]*$/.test(text.slice(lineStart(text, at), at));
}

/** One entry of a collection: where it begins (its key, dash or item) and ends, and what follows it. */
export interface Entry {
  readonly start: number;
  readonly end: number;
  readonly value: YamlNode;
}

export function entriesOf(node: MapNode | SeqNode): readonly Entry[] {
  if (node.type === 'map') return node.pairs.map((pair) => pairEntry(node, pair));
  return node.items.map((value, index) => {
    const dash = node.dashes?.[index];
    return { start: dash ?? value.start, end: Math.max((dash ?? 0) + 1, value.end), value };
  });
}

function pairEntry(map: MapNode, { key, value, colonEnd }: Pair): Entry {
  const isFirst = map.pairs[0]?.key === key;
  const start = isFirst ? (map.firstKey ?? key.start) : key.start;
  return { start, end: Math.max(key.end, colonEnd ?? 0, value.end), value };
}
