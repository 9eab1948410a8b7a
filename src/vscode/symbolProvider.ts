import { DocumentSymbol, languages, Location, SymbolInformation, SymbolKind, Uri } from 'vscode';
import type * as analysis from '../analysis/index.ts';
import { DisposableStore, type Disposable } from '../base/lifecycle.ts';
import { isAnalysed } from './analysed.ts';
import { toRange } from './convert.ts';
import type { Documents } from './documents.ts';

/** The objects of a document in its outline, and those of the workspace by name. */
export function registerSymbols(documents: Documents): Disposable {
  const store = new DisposableStore();
  store.add(
    languages.registerDocumentSymbolProvider(
      { language: 'yaml' },
      {
        async provideDocumentSymbols(document, token) {
          if (!isAnalysed(document)) return undefined;
          await documents.whenReady;
          if (token.isCancellationRequested) return undefined;
          return documents.workspace.documentSymbols(document.uri.toString()).map(toSymbol);
        },
      },
      { label: 'Karmada' },
    ),
  );
  store.add(
    languages.registerWorkspaceSymbolProvider({
      async provideWorkspaceSymbols(query, token) {
        await documents.whenReady;
        if (token.isCancellationRequested) return undefined;
        return documents.workspace
          .workspaceSymbols(query)
          .map(
            ({ name, container, type, uri, range }) =>
              new SymbolInformation(
                name,
                kinds[type],
                container,
                new Location(Uri.parse(uri), toRange(range)),
              ),
          );
      },
    }),
  );
  return store;
}

function toSymbol(symbol: analysis.DocumentSymbol): DocumentSymbol {
  const { name, detail, type, range, selection, children } = symbol;
  const found = new DocumentSymbol(name, detail, kinds[type], toRange(range), toRange(selection));
  found.children = children.map(toSymbol);
  return found;
}

const kinds: { readonly [type in analysis.SymbolType]: SymbolKind } = {
  release: SymbolKind.Package,
  source: SymbolKind.Module,
  propagation: SymbolKind.Interface,
  override: SymbolKind.Method,
  cluster: SymbolKind.Namespace,
  data: SymbolKind.Struct,
  object: SymbolKind.Object,
  part: SymbolKind.Field,
};
