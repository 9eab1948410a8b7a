import {
  EventEmitter,
  TabInputWebview,
  window,
  workspace,
  type CancellationToken,
  type Uri,
} from 'vscode';
import { DisposableStore, type Disposable } from '../base/lifecycle.ts';
import { createThrottle, type Delayed } from './timing.ts';

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

interface Given {
  readonly uri: Uri;
  text: string;
  version: string;
}

/** Serves documents of one scheme and keeps those that can be seen up to date. */
export class FollowedDocuments implements Disposable {
  readonly #store = new DisposableStore();
  readonly #didChange = this.#store.add(new EventEmitter<Uri>());
  readonly #given = new Map<string, Given>();
  readonly #stale = new Set<string>();
  readonly #source: FollowedSource;
  readonly #later: Delayed;
  #isSeen = false;

  constructor(source: FollowedSource) {
    this.#source = source;
    this.#later = this.#store.add(createThrottle(source.pace, () => this.#look()));
    this.#store.add(window.onDidChangeVisibleTextEditors(() => this.#follow()));
    this.#store.add(window.tabGroups.onDidChangeTabs(() => this.#follow()));
    this.#store.add(window.tabGroups.onDidChangeTabGroups(() => this.#follow()));
    this.#store.add(workspace.onDidCloseTextDocument(({ uri }) => this.#closed(uri)));
    this.#store.add(
      workspace.registerTextDocumentContentProvider(source.scheme, {
        onDidChange: this.#didChange.event,
        provideTextDocumentContent: (uri, token) => this.#give(uri, token),
      }),
    );
    this.#follow();
  }

  /** Something changed; what can be seen follows soon, the rest when it is seen. */
  changed(): void {
    for (const key of this.#given.keys()) this.#stale.add(key);
    if (this.#isSeen) this.#later.request();
  }

  dispose(): void {
    this.#store.dispose();
  }

  async #give(uri: Uri, token: CancellationToken): Promise<string> {
    const version = this.#versionOf(uri);
    const text = await this.#source.textOf(uri, token);
    this.#given.set(uri.toString(), { uri, text, version });
    return text;
  }

  #closed(uri: Uri): void {
    if (uri.scheme !== this.#source.scheme) return;
    this.#source.closed?.(uri);
    this.#given.delete(uri.toString());
    this.#stale.delete(uri.toString());
  }

  #follow(): void {
    const isSeen = this.#visible().size > 0;
    if (isSeen !== this.#isSeen) this.#source.seen?.((this.#isSeen = isSeen));
    if (isSeen && this.#stale.size > 0) this.#later.request();
  }

  #look(): void {
    const visible = this.#visible();
    for (const key of this.#stale) {
      if (!visible.has(key)) continue;
      this.#stale.delete(key);
      const document = this.#given.get(key);
      if (document) void this.#renew(document);
    }
  }

  async #renew(document: Given): Promise<void> {
    const { uri } = document;
    const version = this.#versionOf(uri);
    if (this.#source.versionOf && version === document.version) return;
    document.version = version;
    try {
      const text = await this.#source.textOf(uri);
      if (text === document.text || this.#store.isDisposed) return;
      document.text = text;
      this.#didChange.fire(uri);
    } catch {
      // A fault: the text stays as it is, and is made again with the next change.
      document.version = '';
    }
  }

  #versionOf(uri: Uri): string {
    return this.#source.versionOf?.(uri) ?? '';
  }

  #visible(): ReadonlySet<string> {
    // VS Code does not tell which document a preview of Markdown shows.
    const previewed = isPreviewSeen()
      ? workspace.textDocuments.filter(({ languageId }) => languageId === 'markdown')
      : [];
    const seen = [...window.visibleTextEditors.map(({ document }) => document), ...previewed];
    const own = seen.filter(({ uri }) => uri.scheme === this.#source.scheme);
    return new Set(own.map(({ uri }) => uri.toString()));
  }
}

function isPreviewSeen(): boolean {
  return window.tabGroups.all.some(
    ({ activeTab }) =>
      activeTab?.input instanceof TabInputWebview &&
      activeTab.input.viewType.endsWith('markdown.preview'),
  );
}
