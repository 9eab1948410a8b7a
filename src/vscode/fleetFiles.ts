import { commands, Uri, workspace, type LogOutputChannel } from 'vscode';
import type { WorkspaceOptions } from '../analysis/index.ts';
import { DisposableStore, MutableDisposable, type Disposable } from '../base/lifecycle.ts';
import { showWarning } from './messages.ts';
import { readFleetPath } from './settings.ts';
import { createDebouncer, type Delayed } from './timing.ts';
import { exactly } from './workspaceFiles.ts';

interface FleetFile {
  readonly folder: Uri;
  /** As the setting has it. */
  readonly path: string;
  readonly uri: Uri;
}

/** The fleet files that the workspace folders' settings name, followed on disk and in open editors. */
export class FleetFiles implements Disposable {
  readonly #store = new DisposableStore();
  readonly #watchers = this.#store.add(new MutableDisposable<DisposableStore>());
  readonly #changed: Delayed;
  readonly #log: LogOutputChannel;
  readonly #told = new Set<string>();
  #names: ReadonlySet<string> = new Set();

  /** `changed` asks for a new read. */
  constructor(changed: () => void, log: LogOutputChannel) {
    this.#log = log;
    this.#changed = this.#store.add(createDebouncer(200, changed));
    this.#store.add(
      workspace.onDidChangeTextDocument(({ document }) => {
        if (this.#names.has(document.uri.toString())) this.#changed.request();
      }),
    );
  }

  /**
   * Reads the files anew; gives nothing when no folder names one. A file that cannot be read is said to the user,
   * once.
   */
  async read(): Promise<Pick<WorkspaceOptions, 'fleet' | 'fleetName'>> {
    const files = (workspace.workspaceFolders ?? []).flatMap(({ uri: folder }): FleetFile[] => {
      const path = readFleetPath(folder);
      return path === '' ? [] : [{ folder, path, uri: Uri.joinPath(folder, path) }];
    });
    this.#names = new Set(files.map(({ uri }) => uri.toString()));
    this.#watch(files);
    const texts: string[] = [];
    for (const file of files) {
      try {
        texts.push(await textOf(file.uri));
      } catch (error) {
        this.#tell(file, error);
      }
    }
    if (texts.length === 0) return {};
    return { fleet: texts.join('\n---\n'), fleetName: files.map(({ path }) => path).join(', ') };
  }

  dispose(): void {
    this.#store.dispose();
  }

  #watch(files: readonly FleetFile[]): void {
    const followed = new DisposableStore();
    for (const { folder, path } of files) {
      const watcher = followed.add(workspace.createFileSystemWatcher(exactly(folder, path)));
      watcher.onDidChange(this.#changed.request);
      watcher.onDidCreate(this.#changed.request);
      watcher.onDidDelete(this.#changed.request);
    }
    this.#watchers.value = followed;
  }

  #tell({ uri, path }: FleetFile, error: unknown): void {
    this.#log.warn(`The fleet file ${uri.toString(true)} cannot be read: ${String(error)}`);
    if (this.#told.has(uri.toString())) return;
    this.#told.add(uri.toString());
    const sentence = `The fleet file ${path} cannot be read, so the clusters come from the manifests.`;
    void showWarning(sentence, 'Open Setting').then((choice) => {
      if (choice) void commands.executeCommand('workbench.action.openSettings', 'karmada.fleet');
    });
  }
}

async function textOf(uri: Uri): Promise<string> {
  const open = workspace.textDocuments.find(
    (document) => document.uri.toString() === uri.toString(),
  );
  return open ? open.getText() : new TextDecoder().decode(await workspace.fs.readFile(uri));
}
