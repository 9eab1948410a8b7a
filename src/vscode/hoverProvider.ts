import { Hover, languages, MarkdownString } from 'vscode';
import type { Disposable } from '../base/lifecycle.ts';
import { isAnalysed } from './analysed.ts';
import { toPosition, toRange } from './convert.ts';
import type { Documents } from './documents.ts';

/** Says what a field is and what it decides: clusters, objects, values before and after. */
export function registerHovers(documents: Documents): Disposable {
  return languages.registerHoverProvider(
    { language: 'yaml' },
    {
      async provideHover(document, position, token) {
        if (!isAnalysed(document)) return undefined;
        await documents.whenReady;
        if (token.isCancellationRequested) return undefined;
        const found = documents.workspace.hover(document.uri.toString(), toPosition(position));
        if (!found) return undefined;
        const contents = found.contents.map((part) => new MarkdownString(part));
        return new Hover(contents, toRange(found.range));
      },
    },
  );
}
