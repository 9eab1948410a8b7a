import { commands, Uri, window } from 'vscode';
import { DisposableStore, type Disposable } from '../base/lifecycle.ts';
import { looksLikePolicy } from './analysed.ts';
import { isMultiDiff } from './diffTabs.ts';
import type { Documents } from './documents.ts';
import { contextKeys } from './names.ts';
import { isStale, visibleViews } from './previewViews.ts';
import { createDebouncer } from './timing.ts';

/** Keeps the keys of `when` clauses in step with the views and the documents. */
export function registerPreviewContext(documents: Documents): Disposable {
  const store = new DisposableStore();
  const set = createSetter();

  const views = () => {
    const visible = visibleViews();
    const { all, activeTabGroup } = window.tabGroups;
    const multiDiffs = all.filter((group) => isMultiDiff(group.activeTab));
    const ours = visible.filter((view) => view.isMulti).map((view) => view.tab.group);
    set(
      contextKeys.hasMultiDiff,
      ours.length > 0 && (ours.length === multiDiffs.length || ours.includes(activeTabGroup)),
    );
    set(
      contextKeys.hasStalePreview,
      documents.isReady && visible.some((view) => isStale(documents.workspace, view)),
    );
    set(contextKeys.showsBookkeeping, visible[0]?.hasBookkeeping ?? false);
  };

  const places = () => {
    if (!documents.isReady) return;
    const written = documents.workspace.templates().filter(({ context }) => context === undefined);
    const uris = new Set(written.map(({ uri }) => uri));
    for (const [uri, text] of documents.texts) if (looksLikePolicy(text)) uris.add(uri);
    const files = [...uris].map((uri) => Uri.parse(uri));
    set(contextKeys.documents, pathSet(files));
    set(contextKeys.folders, pathSet(files.flatMap(foldersOf)));
    set(contextKeys.isReady, true);
  };

  const placesLater = store.add(createDebouncer(300, places));
  store.add(window.tabGroups.onDidChangeTabs(views));
  store.add(window.tabGroups.onDidChangeTabGroups(views));
  store.add(
    documents.onDidChange(() => {
      views();
      placesLater.request();
    }),
  );
  void documents.whenReady.then(() => {
    if (store.isDisposed) return;
    views();
    places();
  });
  return store;
}

/** Tells VS Code only what is new: a long list is costly to send. */
function createSetter(): (key: string, value: unknown) => void {
  const known = new Map<string, string>();
  return (key, value) => {
    const text = JSON.stringify(value);
    if (known.get(key) === text) return;
    known.set(key, text);
    void commands.executeCommand('setContext', key, value);
  };
}

/** `resourcePath` in a `when` clause is the path as the user's own system writes it. */
function pathSet(uris: readonly Uri[]): { readonly [path: string]: true } {
  return Object.fromEntries(
    uris.flatMap((uri) => [
      [uri.fsPath, true],
      [uri.path, true],
      [uri.path.replaceAll('/', '\\'), true],
    ]),
  );
}

function foldersOf(uri: Uri): readonly Uri[] {
  const segments = uri.path.split('/').slice(0, -1);
  return segments.map((_, i) => uri.with({ path: segments.slice(0, i + 1).join('/') || '/' }));
}
