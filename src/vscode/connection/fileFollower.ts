import { Uri, window, workspace } from 'vscode';
import { DisposableStore, MutableDisposable, type Disposable } from '../../base/lifecycle.ts';
import { createDebouncer } from '../timing.ts';
import { exactly } from '../workspaceFiles.ts';

/** Editors and login programs write a kubeconfig in several steps. */
const quiet = 300;

/**
 * Says when one of some files may have changed: by their watchers, and when the window gets the focus again, since not
 * every file system tells. Paths that do not exist yet are followed too.
 */
export class FileFollower implements Disposable {
  readonly #store = new DisposableStore();
  readonly #watchers = this.#store.add(new MutableDisposable<DisposableStore>());
  readonly #changed: () => void;
  #paths: readonly string[] = [];

  /** `changed` is told whether there is no more than the focus to say so. */
  constructor(changed: (isHint: boolean) => void) {
    this.#changed = this.#store.add(createDebouncer(quiet, () => changed(false))).request;
    this.#store.add(
      window.onDidChangeWindowState(({ focused }) => {
        if (focused && this.#paths.length > 0) changed(true);
      }),
    );
  }

  /** Follows these files and no others. */
  follow(paths: readonly string[]): void {
    if (paths.length === this.#paths.length && paths.every((path, i) => path === this.#paths[i])) {
      return;
    }
    this.#paths = paths;
    const watchers = new DisposableStore();
    for (const path of paths) {
      const file = Uri.file(path);
      const pattern = exactly(Uri.joinPath(file, '..'), file.path.split('/').at(-1) ?? '');
      const watcher = watchers.add(workspace.createFileSystemWatcher(pattern));
      watcher.onDidChange(this.#changed);
      watcher.onDidCreate(this.#changed);
      watcher.onDidDelete(this.#changed);
    }
    this.#watchers.value = watchers;
  }

  dispose(): void {
    this.#paths = [];
    this.#store.dispose();
  }
}
