import { EventEmitter, window, workspace, type CancellationToken, type Uri } from 'vscode';
import { DisposableStore, type Disposable } from '../base/lifecycle.ts';
import { createThrottle } from './timing.ts';

/** Read-only documents made from what changes. */
export interface FollowedSource {
  readonly scheme: string;
  /** Rejects only for faults of our own. */
  textOf(uri: Uri, token?: CancellationToken): Promise<string>;
  /** What the text is made from: it is made again only when this is another one. Always, when it is absent. */
  versionOf?(uri: Uri): string;
  /** Milliseconds between two looks at what changed. */
  readonly pace: number;
  /** Called when documents of the scheme are seen, and when none is any more. */
  seen?(isSeen: boolean): void;
  /** Called when a document is closed. */
  closed?(uri: Uri): void;
}

export interface FollowedDocuments extends Disposable {
  /** Something changed; what can be seen follows soon, the rest when it is seen. */
  changed(): void;
}

interface Given {
  readonly uri: Uri;
  text: string;
  version: string;
}

/** Serves documents of one scheme and keeps those that can be seen up to date. */
export function followDocuments(source: FollowedSource): FollowedDocuments {
  const store = new DisposableStore();
  const didChange = store.add(new EventEmitter<Uri>());
  const given = new Map<string, Given>();
  const stale = new Set<string>();
  const versionOf = (uri: Uri) => source.versionOf?.(uri) ?? '';

  const renew = async (document: Given) => {
    const { uri } = document;
    const version = versionOf(uri);
    if (source.versionOf && version === document.version) return;
    document.version = version;
    const text = await source.textOf(uri);
    if (text === document.text || store.isDisposed) return;
    document.text = text;
    didChange.fire(uri);
  };
  const look = () => {
    const visible = visibleOf(source.scheme);
    for (const key of [...stale]) {
      if (!visible.has(key)) continue;
      stale.delete(key);
      const document = given.get(key);
      if (document) void renew(document);
    }
  };
  const later = store.add(createThrottle(source.pace, look));
  const changed = () => {
    for (const key of given.keys()) stale.add(key);
    later.request();
  };
  let isSeen = false;
  const follow = () => {
    const now = visibleOf(source.scheme).size > 0;
    if (now !== isSeen) source.seen?.((isSeen = now));
    if (now) later.request();
  };

  store.add(window.onDidChangeVisibleTextEditors(follow));
  store.add(
    workspace.onDidCloseTextDocument(({ uri }) => {
      if (uri.scheme !== source.scheme) return;
      source.closed?.(uri);
      given.delete(uri.toString());
      stale.delete(uri.toString());
    }),
  );
  store.add(
    workspace.registerTextDocumentContentProvider(source.scheme, {
      onDidChange: didChange.event,
      async provideTextDocumentContent(uri, token) {
        const version = versionOf(uri);
        const text = await source.textOf(uri, token);
        given.set(uri.toString(), { uri, text, version });
        return text;
      },
    }),
  );
  follow();
  return { changed, dispose: () => store.dispose() };
}

function visibleOf(scheme: string): ReadonlySet<string> {
  const uris = window.visibleTextEditors.map(({ document }) => document.uri);
  return new Set(uris.filter((uri) => uri.scheme === scheme).map((uri) => uri.toString()));
}
