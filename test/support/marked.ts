import type { Diagnostic, Range, WorkspaceOptions } from '../../src/analysis/index.ts';
import { createLineIndex } from '../../src/base/position.ts';
import { open } from './documents.ts';

/** A diagnostic with the text that it marks. */
export interface Marked extends Diagnostic {
  readonly uri: string;
  readonly text: string;
}

/** The diagnostics of some documents, those of the given codes or all but hints. */
export function marked(
  documents: { readonly [uri: string]: string },
  codes: readonly string[] = [],
  options?: WorkspaceOptions,
): readonly Marked[] {
  const workspace = open(documents, options);
  return Object.entries(documents).flatMap(([uri, text]) =>
    workspace
      .diagnostics(uri)
      .filter(({ code, severity }) =>
        codes.length === 0 ? severity !== 'hint' : codes.includes(code),
      )
      .map((diagnostic) => ({ ...diagnostic, uri, text: textAt(text, diagnostic.range) })),
  );
}

/** As `URI CODE: TEXT`, for a look at all of them. */
export function summary(found: readonly Marked[]): readonly string[] {
  return found.map(({ uri, code, text }) => `${uri} ${code}: ${text}`);
}

function textAt(text: string, { start, end }: Range): string {
  const lines = createLineIndex(text);
  return text.slice(lines.offsetAt(start), lines.offsetAt(end));
}
