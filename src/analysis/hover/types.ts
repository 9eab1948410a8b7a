import type { Range } from '../diagnostic.ts';

/** What is to be said about a word of a document. */
export interface Hover {
  readonly range: Range;
  /** Markdown without HTML and links; one part under the other. */
  readonly contents: readonly string[];
}
