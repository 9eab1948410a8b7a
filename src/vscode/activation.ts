import { window, workspace, type Tab, type TextDocument } from 'vscode';
import { DisposableStore, type Disposable } from '../base/lifecycle.ts';
import { isAnalysed, mentionsKarmadaOrFlux } from './analysed.ts';
import { diffsOf } from './diffTabs.ts';
import { planScheme, previewScheme } from './names.ts';

/**
 * Calls `start` once: at the first YAML document that mentions Karmada or Flux, or when a preview or a plan was left
 * open in the last session. Any other document costs one look at its text.
 */
export function whenNeeded(start: () => void): Disposable {
  const store = new DisposableStore();
  const begin = () => {
    store.dispose();
    start();
  };
  const look = (document: TextDocument) => {
    if (isAnalysed(document) && mentionsKarmadaOrFlux(document.getText())) begin();
  };
  store.add(workspace.onDidOpenTextDocument(look));
  store.add(
    workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
      if (!isAnalysed(document)) return;
      // Only the lines at an edit can have become a mention.
      const isMention = contentChanges.some(({ range, text }) => {
        const { text: line } = document.lineAt(Math.min(range.start.line, document.lineCount - 1));
        return mentionsKarmadaOrFlux(line) || mentionsKarmadaOrFlux(text);
      });
      if (isMention) begin();
    }),
  );
  const tabs = window.tabGroups.all.flatMap((group) => group.tabs);
  const isPreview = (tab: Tab) =>
    diffsOf(tab).some(({ modified }) => [previewScheme, planScheme].includes(modified.scheme));
  if (tabs.some(isPreview)) begin();
  for (const document of workspace.textDocuments) if (!store.isDisposed) look(document);
  return store;
}
