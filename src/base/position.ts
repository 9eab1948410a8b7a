/** A place in a text: line and UTF-16 unit in that line, both from zero. */
export interface Position {
  readonly line: number;
  readonly character: number;
}

/** Where the lines of one text begin. Lines end with `\n`, `\r\n` or `\r`, as editors count them. */
export interface LineIndex {
  readonly lineCount: number;
  /** The place of an offset; one outside the text counts as its nearest end. */
  positionAt(offset: number): Position;
  /** The offset of a place; a character behind the end of its line counts as that end, line break excluded. */
  offsetAt(position: Position): number;
}

/**
 * Finds the lines of a text once, when the first question comes, so that each later one costs the logarithm of their
 * number.
 */
export function createLineIndex(text: string): LineIndex {
  let known: readonly number[] | undefined;
  const allStarts = (): readonly number[] => (known ??= lineStarts(text));
  const lineAt = (offset: number): number => {
    const starts = allStarts();
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((starts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return low;
  };
  return {
    get lineCount() {
      return allStarts().length;
    },
    positionAt(offset) {
      const inside = clamp(offset, 0, text.length);
      const line = lineAt(inside);
      return { line, character: inside - (allStarts()[line] ?? 0) };
    },
    offsetAt({ line, character }) {
      if (line < 0) return 0;
      const starts = allStarts();
      const start = starts[line];
      if (start === undefined) return text.length;
      return clamp(
        start + Math.max(0, character),
        start,
        contentEnd(text, start, starts[line + 1]),
      );
    },
  };
}

function lineStarts(text: string): readonly number[] {
  const starts = [0];
  if (!text.includes('\r')) {
    for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
    return starts;
  }
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === 0x0a || (code === 0x0d && text.charCodeAt(i + 1) !== 0x0a)) starts.push(i + 1);
  }
  return starts;
}

function contentEnd(text: string, start: number, next: number | undefined): number {
  if (next === undefined) return text.length;
  const isPair = text.charCodeAt(next - 1) === 0x0a && text.charCodeAt(next - 2) === 0x0d;
  return Math.max(start, next - (isPair ? 2 : 1));
}

function clamp(value: number, least: number, most: number): number {
  return Math.min(Math.max(value, least), most);
}
