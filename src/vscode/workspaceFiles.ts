import {
  FileSystemError,
  FileType,
  RelativePattern,
  Uri,
  workspace,
  type LogOutputChannel,
} from 'vscode';
import { DisposableStore, type Disposable } from '../base/lifecycle.ts';
import { isAnalysedUri, isOfUse, largestText } from './analysed.ts';
import { breathe, createDebouncer } from './timing.ts';

/** Where the texts of files go. */
export interface FileSink {
  /** A file is new or was written. */
  read(uri: Uri, text: string): void;
  /** A file is deleted, excluded or no manifest any more. */
  gone(uri: Uri): void;
  /** A file or folder is deleted, known or not. */
  deleted(uri: Uri): void;
}

const mostFiles = 20_000;
const readersAtOnce = 8;
const yamlFiles = '**/{*.yaml,*.yml,values.schema.json}';
const yamlPath = /(\.ya?ml|\/values\.schema\.json)$/;
const alwaysExcluded = ['**/node_modules/**', '**/.git/**'];

/** The YAML files of all workspace folders, read once and followed on disk. */
export class WorkspaceFiles implements Disposable {
  readonly #store = new DisposableStore();
  readonly #known = new Map<string, Uri>();
  readonly #sink: FileSink;
  readonly #exclude: () => readonly string[];
  readonly #log: LogOutputChannel;
  #generation = 0;

  /** `exclude` gives the user's own globs at the time of a scan. Nothing is read before the first scan. */
  constructor(sink: FileSink, exclude: () => readonly string[], log: LogOutputChannel) {
    this.#sink = sink;
    this.#exclude = exclude;
    this.#log = log;
    this.#follow();
  }

  /** Finds the files anew and reads those not known yet. */
  async scan(): Promise<void> {
    const mine = ++this.#generation;
    const found = await workspace.findFiles(yamlFiles, this.#excluded(), mostFiles);
    if (mine !== this.#generation) return;
    if (found.length === mostFiles) {
      this.#log.warn(`Only the first ${mostFiles} YAML files are read.`);
    }
    const names = new Set(found.map(String));
    for (const [name, uri] of [...this.#known]) if (!names.has(name)) this.#forget(name, uri);
    const unread = found.filter((uri) => !this.#known.has(uri.toString()) && isAnalysedUri(uri));
    for (const uri of unread) this.#known.set(uri.toString(), uri);
    await this.#readAll(unread);
    this.#log.debug(`Read ${unread.length} of ${found.length} YAML files.`);
  }

  /** Reads files that were just written, before the editor tells of them. */
  async readWritten(uris: readonly Uri[]): Promise<void> {
    const read = uris.filter(isAnalysedUri);
    for (const uri of read) this.#known.set(uri.toString(), uri);
    await this.#readAll(read);
  }

  /**
   * Reads the files at some places, or below them, as they are on disk now: the editor tells of what other programs
   * wrote a while later, and of folders in `files.watcherExclude` never. Places outside the workspace are left alone.
   */
  async readAgain(places: readonly Uri[]): Promise<void> {
    const own = places.filter((place) => workspace.getWorkspaceFolder(place));
    const others = own.filter((place) => !this.#known.has(place.toString()));
    const found = await Promise.all(others.map((place) => this.#filesAt(place)));
    for (const uri of found.flat().filter(isAnalysedUri)) this.#known.set(uri.toString(), uri);
    const known = [...this.#known].filter(([name]) => own.some((place) => isAt(name, place)));
    await this.#readAll(known.map(([, uri]) => uri));
  }

  /** Reads one known file again; resolves with whether it is one of the workspace's. */
  async reread(uri: Uri): Promise<boolean> {
    if (!this.#known.has(uri.toString())) return false;
    await this.#read(uri);
    return true;
  }

  dispose(): void {
    this.#generation++;
    this.#store.dispose();
  }

  #excluded(): string {
    return `{${[...alwaysExcluded, ...this.#exclude()].join(',')}}`;
  }

  async #filesAt(place: Uri): Promise<readonly Uri[]> {
    const type = await typeOf(place);
    const isFolder = (type & FileType.Directory) !== 0;
    if (type === FileType.Unknown || (!isFolder && !yamlPath.test(place.path))) return [];
    const name = place.path.split('/').at(-1) ?? '';
    const pattern = isFolder
      ? new RelativePattern(place, yamlFiles)
      : exactly(Uri.joinPath(place, '..'), name);
    return workspace.findFiles(pattern, this.#excluded(), mostFiles);
  }

  async #readAll(uris: readonly Uri[]): Promise<void> {
    const queue = uris[Symbol.iterator]();
    const reader = async () => {
      for (let next = queue.next(); !next.done; next = queue.next()) {
        await this.#read(next.value);
        await breathe();
      }
    };
    await Promise.all(Array.from({ length: readersAtOnce }, reader));
  }

  async #read(uri: Uri): Promise<void> {
    try {
      const { size, type } = await workspace.fs.stat(uri);
      if ((type & FileType.File) === 0 || size > largestText) {
        this.#log.info(`${uri.toString(true)} is left alone: ${size} bytes.`);
        this.#sink.gone(uri);
        return;
      }
      const text = new TextDecoder().decode(await workspace.fs.readFile(uri));
      if (this.#store.isDisposed || !this.#known.has(uri.toString())) return;
      if (isOfUse(uri, text)) this.#sink.read(uri, text);
      else this.#sink.gone(uri);
    } catch (error) {
      this.#log.debug(`${uri.toString(true)} cannot be read: ${String(error)}`);
      this.#sink.gone(uri);
    }
  }

  #forget(name: string, uri: Uri): void {
    this.#known.delete(name);
    this.#sink.gone(uri);
  }

  #follow(): void {
    const scan = () => void this.scan().catch((error) => this.#log.error(error));
    const rescan = this.#store.add(createDebouncer(200, scan));
    // Deleting or moving a folder is one event for the folder, so all paths are watched for that.
    const places = this.#store.add(workspace.createFileSystemWatcher('**', false, true, false));
    places.onDidCreate((uri) => {
      // A name without a dot may be a folder's.
      const mayHold = yamlPath.test(uri.path) || /\/[^./]+$/.test(uri.path);
      if (isAnalysedUri(uri) && mayHold) rescan.request();
    });
    places.onDidDelete((deleted) => {
      for (const [name, uri] of [...this.#known]) if (isAt(name, deleted)) this.#forget(name, uri);
      this.#sink.deleted(deleted);
    });
    const files = this.#store.add(workspace.createFileSystemWatcher(yamlFiles, true, false, true));
    files.onDidChange((uri) => void this.reread(uri));
    this.#store.add(workspace.onDidChangeWorkspaceFolders(rescan.request));
    this.#store.add(
      workspace.onDidChangeConfiguration((event) => {
        if (event.affectsConfiguration('files.exclude')) rescan.request();
      }),
    );
  }
}

/** Whether a URI, as a string, is a place or below it. */
export function isAt(name: string, place: Uri): boolean {
  const whole = place.toString();
  return name === whole || name.startsWith(whole.endsWith('/') ? whole : `${whole}/`);
}

async function typeOf(place: Uri): Promise<FileType> {
  try {
    return (await workspace.fs.stat(place)).type;
  } catch {
    return FileType.Unknown;
  }
}

/** Whether there is no such file any more. */
export async function isMissing(uri: Uri): Promise<boolean> {
  try {
    await workspace.fs.stat(uri);
    return false;
  } catch (error) {
    return error instanceof FileSystemError && error.code === 'FileNotFound';
  }
}

/** A pattern for exactly one path below a folder. */
export function exactly(folder: Uri, path: string): RelativePattern {
  return new RelativePattern(folder, path.replaceAll(/[[\]{}*?]/g, '[$&]'));
}
