import {
  EventEmitter,
  extensions,
  workspace,
  type LogOutputChannel,
  type TextDocument,
  type TextDocumentChangeEvent,
  type Uri,
} from 'vscode';
import {
  createWorkspace,
  type LiveControlPlane,
  type Workspace,
  type WorkspaceOptions,
} from '../analysis/index.ts';
import { DisposableStore, type Disposable } from '../base/lifecycle.ts';
import { isAnalysed, isOfUse } from './analysed.ts';
import { FleetFiles } from './fleetFiles.ts';
import { createLiveGround, type Ground, type LiveGround } from './liveGround.ts';
import { previewScheme } from './names.ts';
import { affectsSettings, readSettings } from './settings.ts';
import { createThrottle, inSlices } from './timing.ts';
import { isAt, isMissing, WorkspaceFiles, type FileSink } from './workspaceFiles.ts';

/** How long an edit waits for company before views follow it. */
const pace = 30;
/** Longer than laying the documents over a control plane takes whose lists are read, in ms. */
const patience = 5000;

/** Open editors and workspace files as one analysed workspace; open buffers win over files on disk. */
export class Documents implements Disposable {
  readonly #store = new DisposableStore();
  readonly #didChange = this.#store.add(new EventEmitter<void>());
  readonly #changes = this.#store.add(
    createThrottle(pace, () => this.#isReady && this.#didChange.fire()),
  );
  readonly #texts = new Map<string, string>();
  readonly #open = new Map<string, TextDocument>();
  readonly #edited = new Set<TextDocument>();
  /** Open documents whose files are deleted: they say nothing until somebody edits them, which makes them the user's own. */
  readonly #deleted = new Set<string>();
  readonly #log: LogOutputChannel;
  readonly #files: WorkspaceFiles;
  readonly #fleet: FleetFiles;
  readonly #ground: LiveGround;
  #analysis = createWorkspace(readSettings().options);
  #live: LiveControlPlane | undefined;
  #isReady = false;
  #holders = 0;
  #generation = 0;

  /** Fires soon after texts or settings changed, once for many changes. */
  readonly onDidChange = this.#didChange.event;
  /** When the workspace's files are read; answers before that are incomplete. */
  readonly whenReady: Promise<void>;

  /** Reads everything there is and follows it; a control plane is followed while documents are open over it. */
  constructor(log: LogOutputChannel, connection: Ground) {
    this.#log = log;
    const exclude = () => readSettings().exclude;
    this.#files = this.#store.add(new WorkspaceFiles(this.#sink(), exclude, log));
    this.#fleet = this.#store.add(new FleetFiles(() => void this.#settle(this.#rebuild()), log));
    this.#ground = this.#store.add(createLiveGround(connection, (plane) => this.#setLive(plane)));
    this.#follow();
    this.whenReady = this.#settle(this.#reload()).then(() => {
      this.#isReady = true;
      this.#ask();
      log.info(`${this.#texts.size} documents with manifests are read.`);
      this.#changes.request();
    });
  }

  /** The analysis, up to date with the last keystroke. Another object after a change of settings: do not keep it. */
  get workspace(): Workspace {
    for (const document of this.#edited) this.#readBuffer(document);
    this.#edited.clear();
    return this.#analysis;
  }

  get isReady(): boolean {
    return this.#isReady;
  }

  /** The texts that are analysed now, by URI string. */
  get texts(): ReadonlyMap<string, string> {
    return this.#texts;
  }

  /** Whether a document is only kept by the editor: its file is deleted. */
  isDeleted(uri: Uri): boolean {
    return this.#deleted.has(uri.toString());
  }

  /** Reads files that were just written at once: the editor tells of new ones a while later. */
  async readWritten(uris: readonly Uri[]): Promise<void> {
    await this.#files.readWritten(uris);
  }

  /**
   * Catches up with what other programs did to files at some places, or below them, before the editor tells of it. What
   * the user has edited and not saved stays.
   */
  async catchUp(places: readonly Uri[]): Promise<void> {
    await this.#files.readAgain(places);
    await this.#forgetDeleted(places);
    await this.#readClean(places);
  }

  /** Lays the documents over the control plane while it is held, whether one is open or not. */
  holdControlPlane(): Disposable & { readonly whenRead: Promise<void> } {
    this.#holders += 1;
    this.#ask();
    const store = new DisposableStore();
    const whenRead = new Promise<void>((resolve) => {
      if (this.#live || !this.#ground.isComing) return resolve();
      const timer = setTimeout(resolve, patience);
      store.add({ dispose: () => clearTimeout(timer) });
      store.add(this.onDidChange(() => this.#live && resolve()));
    });
    let isHeld = true;
    const dispose = () => {
      store.dispose();
      if (isHeld) this.#holders -= 1;
      isHeld = false;
      this.#ask();
    };
    return { whenRead, dispose };
  }

  dispose(): void {
    this.#store.dispose();
  }

  #sink(): FileSink {
    const set = (uri: Uri, text?: string) => {
      const name = uri.toString();
      const document = this.#open.get(name);
      if (!document) this.#set(name, text);
      // A file that is there again.
      else if (text !== undefined && this.#deleted.delete(name)) this.#readBuffer(document);
    };
    return {
      read: set,
      gone: set,
      deleted: (uri) => void this.#settle(this.#forgetDeleted([uri])),
    };
  }

  /**
   * Leaves out open documents at some places, or below them, whose files are deleted: VS Code keeps their text. What the
   * user has edited stays.
   */
  async #forgetDeleted(places: readonly Uri[]): Promise<void> {
    await Promise.all(
      this.#cleanAt(places).map(async ([name, document]) => {
        if (!(await isMissing(document.uri)) || document.isDirty || !this.#open.has(name)) return;
        this.#deleted.add(name);
        this.#set(name, undefined);
      }),
    );
  }

  /**
   * Has documents without edits say what their files say: the editor reads those a while after another program wrote
   * them, and keeps documents that no tab shows any more.
   */
  async #readClean(places: readonly Uri[]): Promise<void> {
    await Promise.all(
      this.#cleanAt(places).map(async ([name, document]) => {
        const { uri, version } = document;
        const text = await fileText(document);
        const isSame = !document.isDirty && document.version === version && this.#open.has(name);
        if (text === undefined || !isSame) return;
        if (unixLines(text) === unixLines(document.getText())) return;
        this.#set(name, isOfUse(uri, text) ? text : undefined);
      }),
    );
  }

  #cleanAt(places: readonly Uri[]): readonly (readonly [string, TextDocument])[] {
    return [...this.#open].filter(
      ([name, { uri, isDirty }]) =>
        !isDirty && uri.scheme !== 'untitled' && places.some((place) => isAt(name, place)),
    );
  }

  #set(name: string, text: string | undefined): void {
    const before = this.#texts.get(name);
    if (before === text) return;
    if (text === undefined) {
      this.#texts.delete(name);
      this.#analysis.remove(name);
    } else {
      this.#texts.set(name, text);
      this.#analysis.update(name, text);
    }
    if (this.#isReady && (before === undefined) !== (text === undefined)) this.#ask();
    this.#changes.request();
  }

  #setLive(plane: LiveControlPlane | undefined): void {
    this.#live = plane;
    this.#analysis.setLive(plane);
    this.#changes.request();
  }

  /** Asks for the control plane as long as something is open that is laid over it. */
  #ask(): void {
    const isOpen = [...this.#open.keys()].some((name) => this.#texts.has(name));
    const isShown = () =>
      workspace.textDocuments.some(
        ({ uri, isClosed }) => uri.scheme === previewScheme && !isClosed,
      );
    this.#ground.need(this.#holders > 0 || isOpen || isShown());
  }

  #readBuffer(document: TextDocument): void {
    const text = document.getText();
    this.#set(document.uri.toString(), isOfUse(document.uri, text) ? text : undefined);
  }

  /** Settings are part of the analysis from its start, so that a change of them means a new one. */
  async #rebuild(): Promise<void> {
    const mine = ++this.#generation;
    const isCurrent = () => mine === this.#generation && !this.#store.isDisposed;
    const fleet = await this.#fleet.read();
    if (!isCurrent()) return;
    const next = createWorkspace({ ...readSettings().options, ...surroundings(), ...fleet });
    const given = new Map(this.#texts);
    if (!(await inSlices(given, ([name, text]) => next.update(name, text), isCurrent))) return;
    for (const name of given.keys()) if (!this.#texts.has(name)) next.remove(name);
    for (const [name, text] of this.#texts) if (given.get(name) !== text) next.update(name, text);
    next.setLive(this.#live);
    this.#analysis = next;
    this.#changes.request();
  }

  async #reload(): Promise<void> {
    await this.#rebuild();
    await this.#files.scan();
  }

  #follow(): void {
    for (const document of workspace.textDocuments) this.#opened(document);
    this.#store.add(workspace.onDidOpenTextDocument((document) => this.#opened(document)));
    this.#store.add(workspace.onDidCloseTextDocument((document) => this.#closed(document)));
    this.#store.add(workspace.onDidChangeTextDocument((event) => this.#changed(event)));
    this.#store.add(
      workspace.onDidChangeConfiguration((event) => {
        if (affectsSettings(event)) void this.#settle(this.#reload());
      }),
    );
    const rebuild = () => void this.#settle(this.#rebuild());
    this.#store.add(workspace.onDidChangeWorkspaceFolders(rebuild));
    this.#store.add(extensions.onDidChange(rebuild));
  }

  #opened(document: TextDocument): void {
    if (isAnalysed(document)) {
      this.#open.set(document.uri.toString(), document);
      this.#readBuffer(document);
    } else if (document.uri.scheme !== previewScheme) return;
    if (this.#isReady) this.#ask();
  }

  #closed(document: TextDocument): void {
    const name = document.uri.toString();
    this.#edited.delete(document);
    this.#deleted.delete(name);
    const wasOpen = this.#open.delete(name);
    if (this.#isReady && (wasOpen || document.uri.scheme === previewScheme)) this.#ask();
    if (!wasOpen) return;
    const reread = this.#files.reread(document.uri).then((isFile) => {
      if (!isFile && !this.#open.has(name)) this.#set(name, undefined);
    });
    void this.#settle(reread);
  }

  #changed({ document, contentChanges }: TextDocumentChangeEvent): void {
    if (contentChanges.length === 0 || !this.#open.has(document.uri.toString())) return;
    this.#deleted.delete(document.uri.toString());
    this.#edited.add(document);
    this.#changes.request();
  }

  #settle(work: Promise<void>): Promise<void> {
    return work.catch((error) => this.#log.error(error));
  }
}

/** What the file of a document says; `undefined` where there is none that can be read. */
async function fileText({ uri, encoding }: TextDocument): Promise<string | undefined> {
  try {
    return await workspace.decode(await workspace.fs.readFile(uri), { encoding });
  } catch {
    return undefined;
  }
}

/** The editor gives all lines of a document the same ending. */
function unixLines(text: string): string {
  return text.replaceAll(/\r\n?/g, '\n');
}

/** What the analysis has to know of this window beside the settings. */
function surroundings(): Pick<WorkspaceOptions, 'roots' | 'yamlSyntax'> {
  return {
    roots: (workspace.workspaceFolders ?? []).map(({ uri }) => uri.toString()),
    yamlSyntax: extensions.getExtension('redhat.vscode-yaml') ? 'others' : 'own',
  };
}
