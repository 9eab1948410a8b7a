/** How many characters stand before an offset on its line. */
export function columnOf(text: string, at: number): number {
  let start = at;
  while (start > 0 && text[start - 1] !== '\n' && text[start - 1] !== '\r') start--;
  return at - start;
}
