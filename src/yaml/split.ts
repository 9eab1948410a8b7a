/** One document of a file, offsets in the file. A document reaches from its `---` (or the file's start) to the next. */
export interface Slice {
  readonly start: number;
  readonly end: number;
  /**
   * Whether kubectl and Flux never see it: they start a new document only at a line with nothing but `---` (and a
   * comment), and read one document from each part.
   */
  readonly isIgnored: boolean;
}

/** A `---` or `...` at the beginning of a line ends a document wherever it stands, block scalars and quotes included. */
const marker = /(?:^\ufeff?|[\r\n])(?:---|\.\.\.)(?=[ \t\r\n]|$)/g;
const content = /(?:^|[\r\n])\ufeff?(?![%\r\n])[ \t]*[^\s#]/;
const bareMarker = /^---[ \t]*(?:#[^\r\n]*)?(?:[\r\n]|$)/;

/**
 * The documents of a text, without reading them; `undefined` for more than `most`. Comments and `%` lines before a
 * `---` belong to the document that it starts, unless a document is open. A text has at least one document.
 */
export function splitDocuments(text: string, most: number): readonly Slice[] | undefined {
  const slices: Slice[] = [];
  let start = 0;
  let isOpen = false;
  let partHasDocument = false;
  const close = (end: number): void => {
    const isBlank = !isOpen && !content.test(text.slice(start, end));
    const last = slices.at(-1);
    if (isBlank && last !== undefined) slices[slices.length - 1] = { ...last, end };
    else slices.push({ start, end, isIgnored: partHasDocument && !isBlank });
    partHasDocument ||= !isBlank;
    start = end;
    isOpen = false;
  };
  for (const match of text.matchAll(marker)) {
    const at = match.index + match[0].length - 3;
    if (slices.length >= most) return undefined;
    if (text.charAt(at) === '.') {
      close(lineEnd(text, at));
      continue;
    }
    if (isOpen || content.test(text.slice(start, at))) close(at);
    isOpen = true;
    if (bareMarker.test(text.slice(at, lineEnd(text, at)))) partHasDocument = false;
  }
  if (start < text.length || slices.length === 0) close(text.length);
  return slices.length > most ? undefined : slices;
}

function lineEnd(text: string, from: number): number {
  const at = text.slice(from).search(/\r\n|[\r\n]/);
  if (at < 0) return text.length;
  return from + at + (text.startsWith('\r\n', from + at) ? 2 : 1);
}
