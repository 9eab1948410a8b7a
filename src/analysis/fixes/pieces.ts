import type { TextEdit } from '../../yaml/index.ts';

/** A text after some edits: stretches of the original text and what was written between them. */
export type Pieces = readonly Piece[];

type Piece =
  | { readonly type: 'kept'; readonly start: number; readonly end: number }
  | { readonly type: 'new'; readonly text: string };

/** A text that nobody has edited. */
export function unedited(text: string): Pieces {
  return [{ type: 'kept', start: 0, end: text.length }];
}

/** The pieces after edits that speak of the text which the pieces make. */
export function editPieces(pieces: Pieces, edits: readonly TextEdit[]): Pieces {
  const result: Piece[] = [];
  let at = 0;
  for (const { start, end, newText } of edits.toSorted((a, b) => a.start - b.start)) {
    result.push(...slice(pieces, at, start));
    if (newText !== '') result.push({ type: 'new', text: newText });
    at = end;
  }
  return [...result, ...slice(pieces, at, Infinity)];
}

function slice(pieces: Pieces, from: number, to: number): Pieces {
  const result: Piece[] = [];
  let at = 0;
  for (const piece of pieces) {
    const length = lengthOf(piece);
    const start = Math.max(0, from - at);
    const end = Math.min(length, to - at);
    at += length;
    if (start >= end) continue;
    result.push(
      piece.type === 'kept'
        ? { type: 'kept', start: piece.start + start, end: piece.start + end }
        : { type: 'new', text: piece.text.slice(start, end) },
    );
  }
  return result;
}

function lengthOf(piece: Piece): number {
  return piece.type === 'kept' ? piece.end - piece.start : piece.text.length;
}

/** The pieces as edits of the original text, none of which touches another. */
export function editsOfPieces(original: string, pieces: Pieces): readonly TextEdit[] {
  const edits: TextEdit[] = [];
  let at = 0;
  let newText = '';
  const close = (start: number): void => {
    if (start > at || newText !== '') edits.push({ start: at, end: start, newText });
    newText = '';
  };
  for (const piece of pieces) {
    if (piece.type === 'new') {
      newText += piece.text;
      continue;
    }
    close(piece.start);
    at = piece.end;
  }
  close(original.length);
  return edits;
}
