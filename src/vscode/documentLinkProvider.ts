import { DocumentLink, languages, Uri } from 'vscode';
import type { Disposable } from '../base/lifecycle.ts';
import { isAnalysed } from './analysed.ts';
import { toRange } from './convert.ts';
import type { Documents } from './documents.ts';

/** Makes names that lead to other objects links. */
export function registerDocumentLinks(documents: Documents): Disposable {
  return languages.registerDocumentLinkProvider(
    { language: 'yaml' },
    {
      async provideDocumentLinks(document, token) {
        if (!isAnalysed(document)) return undefined;
        await documents.whenReady;
        if (token.isCancellationRequested) return undefined;
        return documents.workspace
          .documentLinks(document.uri.toString())
          .map(({ range, title, target }) => {
            const { line, character } = target.range.start;
            const uri = Uri.parse(target.uri).with({ fragment: `L${line + 1},${character + 1}` });
            const link = new DocumentLink(toRange(range), uri);
            link.tooltip = title;
            return link;
          });
      },
    },
  );
}
