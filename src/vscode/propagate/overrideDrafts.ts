import { EventEmitter, FileChangeType, FileSystemError, FileType, Uri, workspace } from 'vscode';
import type { FileChangeEvent, FileSystemProvider } from 'vscode';
import type { PickedClusters } from '../../analysis/index.ts';
import { DisposableStore, type Disposable } from '../../base/lifecycle.ts';
import { overrideScheme } from '../names.ts';

/** A manifest that is being edited so that some clusters get it so. */
export interface Draft {
  readonly template: string;
  readonly clusters: PickedClusters;
  /** What the clusters are called in a line. */
  readonly where: string;
  /** The manifest as it was when the editing began. */
  readonly manifest: string;
}

/** Editable manifests in memory: nothing of them is written anywhere, and the analysis does not see them. */
export interface OverrideDrafts extends Disposable {
  open(draft: Draft, text: string): Uri;
  draftOf(uri: Uri): Draft | undefined;
  close(uri: Uri): void;
}

/** Serves the drafts as files that editors can edit. */
export function createOverrideDrafts(): OverrideDrafts {
  const store = new DisposableStore();
  const drafts = new Map<string, { readonly draft: Draft; data: Uint8Array; time: number }>();
  const didChange = store.add(new EventEmitter<FileChangeEvent[]>());
  let last = 0;
  const find = (uri: Uri) => {
    const found = drafts.get(uri.toString());
    if (!found) throw FileSystemError.FileNotFound(uri);
    return found;
  };
  const provider: FileSystemProvider = {
    onDidChangeFile: didChange.event,
    watch: () => ({ dispose() {} }),
    stat(uri) {
      const { data, time } = find(uri);
      return { type: FileType.File, ctime: 0, mtime: time, size: data.length };
    },
    readFile: (uri) => find(uri).data,
    writeFile(uri, data) {
      const found = find(uri);
      found.data = data;
      found.time += 1;
      didChange.fire([{ type: FileChangeType.Changed, uri }]);
    },
    readDirectory: () => [],
    createDirectory() {
      throw FileSystemError.NoPermissions();
    },
    delete() {
      throw FileSystemError.NoPermissions();
    },
    rename() {
      throw FileSystemError.NoPermissions();
    },
  };
  store.add(
    workspace.registerFileSystemProvider(overrideScheme, provider, { isCaseSensitive: true }),
  );
  return {
    open(draft, text) {
      const name = draft.template.split('/').at(-1) ?? '';
      const path = `/${++last}/${name} on ${draft.where.replaceAll(/[/\\]/g, '-')}.yaml`;
      const uri = Uri.from({ scheme: overrideScheme, path });
      drafts.set(uri.toString(), { draft, data: new TextEncoder().encode(text), time: last });
      return uri;
    },
    draftOf: (uri) => drafts.get(uri.toString())?.draft,
    close: (uri) => void drafts.delete(uri.toString()),
    dispose: () => store.dispose(),
  };
}
