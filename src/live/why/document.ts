import type { WhyPiece, WhyTarget, WhyText } from './why.ts';

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

/** Writes a Markdown text line by line and notes where links are. */
export interface DocumentWriter {
  /** @param markup stands as it is: `# `, `- ` */
  line(markup?: string, ...pieces: WhyText): void;
  /** Columns as wide as their widest cell. Nothing for no rows. */
  table(head: readonly string[], rows: readonly (readonly WhyText[])[]): void;
  end(): WhyDocument;
}

interface Cell {
  readonly text: string;
  readonly links: readonly Omit<WhyLink, 'line'>[];
}

/** The URI of a file that holds a draft of an object; `undefined` when none does. */
export type FindDraft = (object: WhyTarget) => string | undefined;

/** Starts an empty document. */
export function createDocumentWriter(findDraft: FindDraft = () => undefined): DocumentWriter {
  const toCell = (pieces: WhyText, markup = ''): Cell => cellOf(pieces, markup, findDraft);
  const lines: string[] = [];
  const links: WhyLink[] = [];
  const push = ({ text, links: found }: Cell) => {
    for (const link of found) links.push({ ...link, line: lines.length });
    lines.push(text);
  };
  return {
    line: (markup = '', ...pieces) => push(toCell(pieces, markup)),
    table(head, rows) {
      if (rows.length === 0) return;
      const cells = [
        head.map((text) => toCell([text])),
        ...rows.map((row) => row.map((cell) => toCell(cell))),
      ];
      // The last column ends where its text does: the editor wraps what is too long.
      const last = head.length - 1;
      const widths = head.map((title, i) =>
        i === last ? title.length : Math.max(...cells.map((row) => row[i]?.text.length ?? 0)),
      );
      cells.forEach((row, i) => {
        push(joined(row, widths));
        if (i === 0) lines.push(`| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`);
      });
    },
    end: () => ({ text: lines.length === 0 ? '' : `${lines.join('\n')}\n`, links }),
  };
}

function cellOf(pieces: WhyText, markup: string, findDraft: FindDraft): Cell {
  let text = markup;
  const links: Omit<WhyLink, 'line'>[] = [];
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

function joined(row: readonly Cell[], widths: readonly number[]): Cell {
  let text = '|';
  const links: Omit<WhyLink, 'line'>[] = [];
  row.forEach((cell, i) => {
    text += ' ';
    for (const { start, end, target } of cell.links) {
      links.push({ start: text.length + start, end: text.length + end, target });
    }
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
 * everything escaped that Markdown, HTML or the editor's own search for links would act on.
 */
export function plainText(text: string): string {
  const cut = text.length > longest ? `${text.slice(0, longest)}…` : text;
  return cut
    .replaceAll(control, ' ')
    .replaceAll(/[\\`*[\]<|~&$]/g, '\\$&')
    .replaceAll(/(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])/g, '\\_')
    .replaceAll('//', '/\\/')
    .replaceAll(/@(?=[A-Za-z0-9-]+\.[A-Za-z])/g, '\\@')
    .replaceAll(/\b(www)\./gi, '$1\\.');
}
