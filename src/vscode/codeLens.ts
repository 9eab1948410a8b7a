import { CodeLens, EventEmitter, languages, type TextDocument } from 'vscode';
import { DisposableStore, type Disposable } from '../base/lifecycle.ts';
import { isAnalysed } from './analysed.ts';
import { toRange } from './convert.ts';
import type { Documents } from './documents.ts';
import { commandIds } from './names.ts';
import { propagateLenses } from './propagate/planLenses.ts';
import { readSettings } from './settings.ts';
import { createDebouncer } from './timing.ts';

/**
 * One lens above each HelmRelease and policy: on how many clusters, how many changed, and the preview at a click. Another
 * one above each HelmRelease propagates it.
 */
export function registerCodeLenses(documents: Documents): Disposable {
  const store = new DisposableStore();
  const didChange = store.add(new EventEmitter<void>());
  const later = store.add(createDebouncer(150, () => didChange.fire()));
  store.add(documents.onDidChange(later.request));
  store.add(
    languages.registerCodeLensProvider(
      { language: 'yaml' },
      {
        onDidChangeCodeLenses: didChange.event,
        async provideCodeLenses(document, token) {
          if (!isAnalysed(document) || !readSettings().hasCodeLenses) return [];
          await documents.whenReady;
          return token.isCancellationRequested ? [] : lensesOf(documents, document);
        },
      },
    ),
  );
  return store;
}

function lensesOf(documents: Documents, document: TextDocument): CodeLens[] {
  const previews = documents.workspace.lenses(document.uri.toString()).map(
    ({ range, title, templates }) =>
      new CodeLens(toRange(range), {
        title,
        tooltip: templates.length > 0 ? 'Preview on clusters' : '',
        command: templates.length > 0 ? commandIds.openPreview : '',
        arguments: [{ templates }],
      }),
  );
  // Of one provider, so that the outcome comes before what can be done.
  return [...previews, ...propagateLenses(documents, document)];
}
