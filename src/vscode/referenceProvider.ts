import { languages, Location, Uri } from 'vscode';
import type { Disposable } from '../base/lifecycle.ts';
import { isAnalysed } from './analysed.ts';
import { toPosition, toRange } from './convert.ts';
import type { Documents } from './documents.ts';

/** Finds every place that names or selects an object. */
export function registerReferences(documents: Documents): Disposable {
  return languages.registerReferenceProvider(
    { language: 'yaml' },
    {
      async provideReferences(document, position, { includeDeclaration }, token) {
        if (!isAnalysed(document)) return undefined;
        await documents.whenReady;
        if (token.isCancellationRequested) return undefined;
        return documents.workspace
          .references(document.uri.toString(), toPosition(position), includeDeclaration)
          .map(({ uri, range }) => new Location(Uri.parse(uri), toRange(range)));
      },
    },
  );
}
