import { EventEmitter, type LogOutputChannel } from 'vscode';
import { DisposableStore, MutableDisposable, type Disposable } from '../../base/lifecycle.ts';
import type { ControlPlaneSession, Interest, Kubeconfig } from '../../kube/index.ts';
import {
  createFleetModel,
  isKubeError,
  KubeError,
  type FleetDelta,
  type FleetModel,
} from '../../live/index.ts';
import { contextOf, toConnectionState, type ConnectionState } from './connectionState.ts';
import { matchesContext } from './contextGlobs.ts';
import { FileFollower } from './fileFollower.ts';
import type { KubeClient } from './kubeClient.ts';
import { RunningSession } from './runningSession.ts';

/** What the connection needs of its surroundings. */
export interface ConnectionOptions {
  readonly load: () => Promise<KubeClient>;
  /** The paths of kubeconfigs that the user set; none for kubectl's own choice. */
  readonly kubeconfigPaths: () => readonly string[];
  /** Globs of contexts that nothing is written to. */
  readonly readOnlyContexts: () => readonly string[];
  /** Globs of contexts that ask once more before anything is pushed to them. */
  readonly protectedContexts: () => readonly string[];
  /** Why nothing may be contacted here, a sentence; undefined when it may. */
  readonly obstacle: () => string | undefined;
  readonly log: LogOutputChannel;
}

/** The one control plane that the window is connected to, or none. Sessions come and go; this stays. */
export class Connection implements Disposable {
  readonly #store = new DisposableStore();
  readonly #didChangeState = this.#store.add(new EventEmitter<ConnectionState>());
  readonly #didChange = this.#store.add(new EventEmitter<FleetDelta>());
  readonly #didChangeModel = this.#store.add(new EventEmitter<FleetModel>());
  readonly #current = this.#store.add(new MutableDisposable<RunningSession>());
  readonly #files: FileFollower;
  readonly #interests = new Map<Interest, number>();
  readonly #options: ConnectionOptions;
  #state: ConnectionState = { type: 'disconnected' };
  #model = createFleetModel();
  #login = '';
  #attempt = 0;
  /** What the context of the session looked like in the kubeconfig; '' before it was found there. */
  #fingerprint = '';
  /** Of all of the kubeconfig when it was read last. */
  #seen = '';

  /** Fires when `state` is another one, or what the session says of its streams. */
  readonly onDidChangeState = this.#didChangeState.event;
  /** What batches of changes touched in the model. */
  readonly onDidChange = this.#didChange.event;
  /** Fires when `model` is another one, an empty one: what was shown is of another control plane or gone. */
  readonly onDidChangeModel = this.#didChangeModel.event;

  /** Contacts nothing, loads nothing and reads nothing before `connect`. */
  constructor(options: ConnectionOptions) {
    this.#options = options;
    this.#files = this.#store.add(new FileFollower((isHint) => void this.checkKubeconfig(isHint)));
  }

  get state(): ConnectionState {
    return this.#state;
  }

  /** What a login program that is waited for says, such as where to sign in; '' for none. */
  get login(): string {
    return this.#login;
  }

  /** The session in use, also while it is connecting or stale. */
  get session(): ControlPlaneSession | undefined {
    return this.#current.value?.session;
  }

  /** What the control plane holds, as far as it is read. Another object after another control plane. */
  get model(): FleetModel {
    return this.#model;
  }

  /** The kubeconfig context; '' while disconnected. */
  get context(): string {
    return contextOf(this.#state);
  }

  /** Why nothing may be written to this control plane, a sentence; undefined when it may. */
  get readOnlyReason(): string | undefined {
    const { context } = this;
    if (context === '' || !matchesContext(this.#options.readOnlyContexts(), context)) {
      return undefined;
    }
    return `${context} is read-only by the setting karmada.readOnlyContexts.`;
  }

  /** Whether the user wants to be asked once more before anything is pushed to this control plane. */
  get isProtected(): boolean {
    return this.context !== '' && matchesContext(this.#options.protectedContexts(), this.context);
  }

  /** Leaves what there is and connects to a context. Resolves when it is connected or has failed; never rejects. */
  async connect(context: string): Promise<ConnectionState> {
    if (this.#options.obstacle() !== undefined) return this.#state;
    const mine = ++this.#attempt;
    this.#leave();
    this.#setState({ type: 'connecting', context });
    try {
      const kube = await this.#options.load();
      if (mine !== this.#attempt) return this.#state;
      this.#files.follow(kube.kubeconfigFiles({ paths: this.#options.kubeconfigPaths() }));
      const kubeconfig = await this.readKubeconfig(kube);
      if (mine !== this.#attempt) return this.#state;
      this.#files.follow(kube.watchedPaths(kubeconfig, context));
      this.#seen = kubeconfig.fingerprint;
      this.#use(kube, kubeconfig, context);
      await this.#settled();
    } catch (error) {
      if (mine === this.#attempt) this.fail(context, error);
    }
    return this.#state;
  }

  disconnect(): void {
    this.#attempt += 1;
    this.#files.follow([]);
    this.#leave();
    this.#setState({ type: 'disconnected' });
  }

  /** Tries at once: what is out of date is read again; where nothing could be read, the whole way is gone again. */
  async retry(): Promise<ConnectionState> {
    const { session, context } = this;
    if (context === '') return this.#state;
    if (!session || this.#state.type === 'failed') return this.connect(context);
    await this.checkKubeconfig();
    if (this.session === session) session.retry();
    return this.#state;
  }

  /** Reads the kubeconfig of the user's choice. Rejects with a `KubeError`, also when no context is in it. */
  async readKubeconfig(kube: KubeClient): Promise<Kubeconfig> {
    const kubeconfig = await kube.loadKubeconfig({ paths: this.#options.kubeconfigPaths() });
    if (kubeconfig.contexts.size === 0) kube.resolveContext(kubeconfig, '');
    return kubeconfig;
  }

  /** Reads the kubeconfig again and follows what has changed of the context in use; a hint is no change by itself. */
  async checkKubeconfig(isHint = false): Promise<void> {
    const { context } = this;
    if (context === '' || this.#options.obstacle() !== undefined) return;
    const mine = this.#attempt;
    try {
      const kube = await this.#options.load();
      const kubeconfig = await kube.loadKubeconfig({ paths: this.#options.kubeconfigPaths() });
      if (mine !== this.#attempt || (isHint && kubeconfig.fingerprint === this.#seen)) return;
      this.#files.follow(kube.watchedPaths(kubeconfig, context));
      this.#seen = kubeconfig.fingerprint;
      await this.#take(kube, kubeconfig, context);
    } catch (error) {
      // It may be written just now. A connection that works needs no kubeconfig.
      this.#options.log.warn(toKubeError(error).message);
    }
  }

  /** Gives up: nothing of the context can be shown. */
  fail(context: string, error: unknown): void {
    this.#attempt += 1;
    this.#leave();
    this.#setState({ type: 'failed', context, error: toKubeError(error) });
  }

  /** Keeps the streams of an interest running, over sessions, until it is disposed. */
  hold(interest: Interest): Disposable {
    const change = (by: number) => {
      this.#interests.set(interest, (this.#interests.get(interest) ?? 0) + by);
      this.#current.value?.follow(this.#interests);
    };
    change(1);
    let isHeld = true;
    return {
      dispose: () => {
        if (isHeld) change(-1);
        isHeld = false;
      },
    };
  }

  dispose(): void {
    this.#attempt += 1;
    this.#store.dispose();
  }

  async #take(kube: KubeClient, kubeconfig: Kubeconfig, context: string): Promise<void> {
    const fingerprint = kube.contextFingerprint(kubeconfig, context);
    const running = this.#current.value;
    if (fingerprint === this.#fingerprint) {
      // A certificate beside the kubeconfig may be another one.
      if (this.#state.type !== 'live') running?.session.retry();
    } else if (fingerprint === '') {
      const sentence = `The kubeconfig has no context “${context}” any more.`;
      this.fail(context, new KubeError('kubeconfig', sentence));
    } else if (running?.server !== serverOf(kube, kubeconfig, context)) {
      await this.connect(context);
    } else {
      this.#options.log.info(`The kubeconfig has another way to ${context}; connecting anew.`);
      try {
        this.#use(kube, kubeconfig, context);
      } catch (error) {
        this.fail(context, error);
      }
    }
  }

  /** Throws a `KubeError` when the context cannot be used. */
  #use(kube: KubeClient, kubeconfig: Kubeconfig, context: string): void {
    this.#fingerprint = kube.contextFingerprint(kubeconfig, context);
    const onWaiting = (line: string): void => {
      if (this.session === session) this.#setLogin(line);
    };
    const session = kube.createSession(kube.resolveContext(kubeconfig, context, { onWaiting }), {
      log: (message: string) => this.#options.log.info(message),
    });
    const running = new RunningSession(session, serverOf(kube, kubeconfig, context));
    this.#current.value = running;
    this.#login = '';
    running.store.add(
      session.onDidChangeRows((changes) => this.#didChange.fire(this.#model.apply(changes))),
    );
    running.store.add(session.onDidChangeState(() => this.#follow(session, context)));
    running.follow(this.#interests);
    // Also when no view is open: the answer of one list tells whether the connection works.
    const first = running.store.add(session.hold('clusters'));
    void this.#settled().then(() => first.dispose());
    this.#follow(session, context);
  }

  #follow(session: ControlPlaneSession, context: string): void {
    if (this.session !== session) return;
    const { state, info } = session;
    this.#setState(toConnectionState(this.#state, { context, state, info, now: Date.now() }));
    if (this.#state.type === 'notKarmada') this.#leave();
  }

  /** Ends the session and forgets what it read. */
  #leave(): void {
    this.#current.value = undefined;
    this.#fingerprint = '';
    this.#login = '';
    this.#model = createFleetModel();
    this.#didChangeModel.fire(this.#model);
  }

  #settled(): Promise<void> {
    if (this.#state.type !== 'connecting') return Promise.resolve();
    return new Promise((resolve) => {
      const listener = this.#didChangeState.event(({ type }) => {
        if (type === 'connecting') return;
        listener.dispose();
        resolve();
      });
    });
  }

  #setLogin(line: string): void {
    if (line === this.#login) return;
    this.#login = line;
    if (line !== '') this.#options.log.info(`The login program says: ${line}`);
    this.#didChangeState.fire(this.#state);
  }

  #setState(state: ConnectionState): void {
    this.#state = state;
    this.#didChangeState.fire(state);
  }
}

/** The context's server as the kubeconfig has it: another one is another control plane. */
function serverOf(kube: KubeClient, kubeconfig: Kubeconfig, context: string): string {
  return kube.listContexts(kubeconfig).find(({ name }) => name === context)?.server ?? '';
}

function toKubeError(error: unknown): KubeError {
  if (isKubeError(error)) return error;
  return new KubeError('malformed', error instanceof Error ? error.message : String(error));
}
