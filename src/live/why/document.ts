import { shortened } from '../../analysis/index.ts';
import type { WhyPiece, WhyTarget, WhyText } from './why.ts';
import { widest, wrap, type Cell } from './wrap.ts';

/** A place in a text that leads to an object. Lines and UTF-16 units from zero. */
export interface WhyLink {
  readonly line: number;
  readonly start: number;
  readonly end: number;
  /** An object, or the place of its draft among the files. */
  readonly target: WhyTarget | { readonly draft: string };
}

/** A text with links in it. */
export interface WhyDocument {
  readonly text: string;
  readonly links: readonly WhyLink[];
}

/** A column of a table: its title and what stands before its cells where the table is written as a list. */
export interface Column {
  readonly title: string;
  readonly inList?: string;
}

/** Writes a Markdown text line by line, as wide as an editor, and notes where links are. */
export interface DocumentWriter {
  /** @param markup stands as it is: `# `, `- `; a heading stays on one line */
  line(markup?: string, ...pieces: WhyText): void;
  /**
   * Only columns with something in them, as wide as their widest cell; a list where that is too wide. Nothing for no
   * rows.
   */
  table(columns: readonly Column[], rows: readonly (readonly WhyText[])[]): void;
  end(): WhyDocument;
}

type TextCell = Cell<Pick<WhyLink, 'target'>>;

/** The URI of a file that holds a draft of an object; `undefined` when none does. */
export type FindDraft = (object: WhyTarget) => string | undefined;

/** Starts an empty document. */
export function createDocumentWriter(findDraft: FindDraft = () => undefined): DocumentWriter {
  const toCell = (pieces: WhyText, markup = ''): TextCell => cellOf(pieces, markup, findDraft);
  const lines: string[] = [];
  const links: WhyLink[] = [];
  const push = ({ text, links: found }: TextCell) => {
    for (const link of found) links.push({ ...link, line: lines.length });
    lines.push(text);
  };
  const pushWrapped = (cell: TextCell, markup: string) => {
    if (markup.startsWith('#')) push(cell);
    else for (const line of wrap(cell, hangOf(markup), markup.length)) push(line);
  };
  return {
    line: (markup = '', ...pieces) => pushWrapped(toCell(pieces, markup), markup),
    table(columns, rows) {
      if (rows.length === 0) return;
      const cells = rows.map((row) => row.map((pieces) => toCell(pieces)));
      const filled = columns.flatMap((_, i) => (cells.some((row) => row[i]?.text) ? [i] : []));
      const shown = cells.map((row) => filled.map((i) => row[i] ?? { text: '', links: [] }));
      const heads = filled.map((i) => columns[i] ?? { title: '' });
      const widths = heads.map(({ title }, i) =>
        Math.max(title.length, ...shown.map((row) => row[i]?.text.length ?? 0)),
      );
      if (widths.reduce((sum, width) => sum + width + 3, 1) > widest) {
        for (const row of shown) pushWrapped(listItem(heads, row), '- ');
        return;
      }
      push(
        joined(
          heads.map(({ title }) => ({ text: title, links: [] })),
          widths,
        ),
      );
      lines.push(`| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`);
      for (const row of shown) push(joined(row, widths));
    },
    end: () => ({ text: lines.length === 0 ? '' : `${lines.join('\n')}\n`, links }),
  };
}

/** What the lines of a paragraph begin with after the first: a quote goes on as one, the rest below its text. */
function hangOf(markup: string): string {
  return markup.startsWith('>') ? markup : ' '.repeat(/^ *(?:- )?/.exec(markup)?.[0].length ?? 0);
}

/** `- FIRST: SECOND · since THIRD` */
function listItem(columns: readonly Column[], row: readonly TextCell[]): TextCell {
  let text = '- ';
  const links: TextCell['links'][number][] = [];
  row.forEach((cell, i) => {
    if (cell.text === '') return;
    if (text !== '- ') text += i === 1 ? ': ' : ' · ';
    text += columns[i]?.inList ?? '';
    for (const link of cell.links) links.push(shifted(link, text.length));
    text += cell.text;
  });
  return { text, links };
}

function shifted(link: TextCell['links'][number], by: number): TextCell['links'][number] {
  return { ...link, start: link.start + by, end: link.end + by };
}

function cellOf(pieces: WhyText, markup: string, findDraft: FindDraft): TextCell {
  let text = markup;
  const links: TextCell['links'][number][] = [];
  const write = (words: string, target?: WhyLink['target']) => {
    const start = text.length;
    text += words;
    if (target) links.push({ start, end: text.length, target });
  };
  for (const piece of pieces) {
    const target = typeof piece === 'object' && 'target' in piece ? piece.target : undefined;
    write(pieceText(piece), target);
    const draft = target && findDraft(target);
    if (draft === undefined) continue;
    write(' (');
    write('draft', { draft });
    write(')');
  }
  return { text, links };
}

function pieceText(piece: WhyPiece): string {
  if (typeof piece === 'string') return plainText(piece);
  return 'quote' in piece ? plainText(piece.quote) : plainText(piece.text);
}

function joined(row: readonly TextCell[], widths: readonly number[]): TextCell {
  let text = '|';
  const links: TextCell['links'][number][] = [];
  row.forEach((cell, i) => {
    text += ' ';
    for (const link of cell.links) links.push(shifted(link, text.length));
    text += `${cell.text.padEnd(widths[i] ?? 0)} |`;
  });
  return { text, links };
}

/** Longer words of a cluster are cut: a document is to be read. */
const longest = 1000;

// eslint-disable-next-line no-control-regex -- they are what is looked for
const control =
  /[\0-\x1f\x7f-\x9f\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\uffff]+/g;

/**
 * Words of a cluster as they may stand in a Markdown text: on one line, without control and direction characters, with
 * everything escaped that Markdown, HTML or the editor's own search for links would act on, wherever the text stands.
 * These texts are read as they are written, so nothing else is escaped, and blanks stay.
 */
export function plainText(text: string): string {
  return shortened(text, longest)
    .replaceAll(control, ' ')
    .replaceAll(/[\\`*[\]<|~&$]/g, '\\$&')
    .replaceAll(/(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])/g, '\\_')
    .replaceAll('//', '/\\/')
    .replaceAll(/@(?=[A-Za-z0-9-]+\.[A-Za-z])/g, '\\@')
    .replaceAll(/\b(www)\./gi, '$1\\.')
    .replace(/^(\s*)(#{1,6}(?=\s|$)|[-+](?=\s|$)|>)/, '$1\\$2')
    .replace(/^(\s*\d+)([.)])(?=\s|$)/, '$1\\$2');
}
