import type { Range } from '../diagnostic.ts';

export type CompletionKind =
  'field' | 'value' | 'cluster' | 'label' | 'object' | 'pointer' | 'snippet';

/** One proposal at a position, ready to insert. Indentation is part of the text; nothing is to be adjusted. */
export interface Completion {
  readonly label: string;
  readonly kind: CompletionKind;
  /** A few words beside the label: the type of a field, the present value behind a pointer. */
  readonly detail?: string;
  /** Markdown. */
  readonly documentation?: string;
  /** What the text replaces; on the line of the position, which it holds. */
  readonly range: Range;
  readonly text: string;
  /** Whether the text is a snippet with `$1`, `${1:…}` and `${1|…|}`. */
  readonly isSnippet: boolean;
  /** What the typed word is compared with. */
  readonly filter: string;
  /** Proposals are shown in the order of these. */
  readonly sort: string;
  /** Further changes of the document; they overlap neither `range` nor each other. */
  readonly edits?: readonly { readonly range: Range; readonly newText: string }[];
  /** Whether there is something to propose right behind the inserted text. */
  readonly asksAgain?: true;
  /** A character that accepts the proposal and goes on typing. */
  readonly commit?: string;
  readonly isDeprecated?: true;
}
