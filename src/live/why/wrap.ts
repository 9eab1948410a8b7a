/** Text with places in it that are not to be taken apart. */
export interface Cell<Link> {
  readonly text: string;
  readonly links: readonly (Link & { readonly start: number; readonly end: number })[];
}

/** What fits into an editor beside a side bar. */
export const widest = 100;

/** Words that would begin a heading, a list, a quote or a table at the begin of a line. */
const markup = /^(?:[#>+\-=:|]|\d+[.)])/;

/**
 * The lines of a Markdown text of one paragraph. They are shown as one text again; a line begins with nothing that would
 * be markup there, and breaks neither in a link nor in a word.
 *
 * @param hang what further lines begin with
 * @param from before it no line ends: the markup of the first line
 */
export function wrap<Link>(cell: Cell<Link>, hang: string, from: number): readonly Cell<Link>[] {
  const lines: Cell<Link>[] = [];
  let start = 0;
  for (;;) {
    const before = lines.length === 0 ? '' : hang;
    const least = lines.length === 0 ? from : start;
    const isLast = before.length + cell.text.length - start <= widest;
    const at = isLast ? undefined : breakAt(cell, least, start + widest - before.length);
    lines.push(part(cell, start, at ?? cell.text.length, before));
    if (at === undefined) return lines;
    start = at + 1;
  }
}

/** The last space up to `to` where a line may end, else the first one after it. */
function breakAt(cell: Cell<unknown>, from: number, to: number): number | undefined {
  for (let i = Math.min(to, cell.text.length - 1); i > from; i -= 1) {
    if (isBreak(cell, i)) return i;
  }
  for (let i = to + 1; i < cell.text.length; i += 1) if (isBreak(cell, i)) return i;
  return undefined;
}

function isBreak({ text, links }: Cell<unknown>, i: number): boolean {
  return (
    text[i] === ' ' &&
    text[i - 1] !== ' ' &&
    (text[i + 1] ?? ' ') !== ' ' &&
    !markup.test(text.slice(i + 1, i + 12)) &&
    !links.some(({ start, end }) => start <= i && i < end)
  );
}

function part<Link>(cell: Cell<Link>, start: number, end: number, before: string): Cell<Link> {
  const shift = before.length - start;
  return {
    text: before + cell.text.slice(start, end),
    links: cell.links
      .filter((link) => link.start >= start && link.end <= end)
      .map((link) => ({ ...link, start: link.start + shift, end: link.end + shift })),
  };
}
