import { EventEmitter, InlayHint, languages, workspace } from 'vscode';
import { DisposableStore, type Disposable } from '../base/lifecycle.ts';
import { isAnalysed } from './analysed.ts';
import { toRange } from './convert.ts';
import type { Documents } from './documents.ts';
import { affectsSettings, readSettings } from './settings.ts';

/** Shows what the cluster in focus gets behind each value that overrides change there. */
export function registerInlayHints(documents: Documents): Disposable {
  const store = new DisposableStore();
  const didChange = store.add(new EventEmitter<void>());
  store.add(documents.onDidChange(() => didChange.fire()));
  store.add(
    workspace.onDidChangeConfiguration((event) => {
      if (affectsSettings(event)) didChange.fire();
    }),
  );
  store.add(
    languages.registerInlayHintsProvider(
      { language: 'yaml' },
      {
        onDidChangeInlayHints: didChange.event,
        async provideInlayHints(document, range, token) {
          const { focusedCluster } = readSettings();
          if (focusedCluster === '' || !isAnalysed(document)) return [];
          await documents.whenReady;
          if (token.isCancellationRequested) return [];
          return documents.workspace
            .inlayHints(document.uri.toString(), focusedCluster)
            .filter(({ position }) => {
              return range.contains(toRange({ start: position, end: position }));
            })
            .map(({ position, label, tooltip }) => {
              const { start } = toRange({ start: position, end: position });
              const hint = new InlayHint(start, label);
              hint.paddingLeft = true;
              hint.tooltip = tooltip;
              return hint;
            });
        },
      },
    ),
  );
  return store;
}
