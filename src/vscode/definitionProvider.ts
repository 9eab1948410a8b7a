import { languages, Uri } from 'vscode';
import type { Disposable } from '../base/lifecycle.ts';
import { isAnalysed } from './analysed.ts';
import { toPosition, toRange } from './convert.ts';
import type { Documents } from './documents.ts';

/** Leads from a name or a selector to the objects that it means. */
export function registerDefinitions(documents: Documents): Disposable {
  return languages.registerDefinitionProvider(
    { language: 'yaml' },
    {
      async provideDefinition(document, position, token) {
        if (!isAnalysed(document)) return undefined;
        await documents.whenReady;
        if (token.isCancellationRequested) return undefined;
        const found = documents.workspace.definition(document.uri.toString(), toPosition(position));
        return found.map(({ origin, uri, range, selection }) => ({
          originSelectionRange: toRange(origin),
          targetUri: Uri.parse(uri),
          targetRange: toRange(range),
          targetSelectionRange: toRange(selection),
        }));
      },
    },
  );
}
