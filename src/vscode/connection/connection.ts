import { EventEmitter, type LogOutputChannel } from 'vscode';
import { DisposableStore, MutableDisposable, type Disposable } from '../../base/lifecycle.ts';
import type { ControlPlaneSession, Interest, Kubeconfig } from '../../kube/index.ts';
import { isKubeError, KubeError, type FleetChange } from '../../live/index.ts';
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
  /** Why nothing may be contacted here, a sentence; undefined when it may. */
  readonly obstacle: () => string | undefined;
  readonly log: LogOutputChannel;
}

/** The one control plane that the window is connected to, or none. Sessions come and go; this stays. */
export class Connection implements Disposable {
  readonly #store = new DisposableStore();
  readonly #didChangeState = this.#store.add(new EventEmitter<ConnectionState>());
  readonly #didChangeRows = this.#store.add(new EventEmitter<readonly FleetChange[]>());
  readonly #current = this.#store.add(new MutableDisposable<RunningSession>());
  readonly #files: FileFollower;
  readonly #interests = new Map<Interest, number>();
  readonly #options: ConnectionOptions;
  #state: ConnectionState = { type: 'disconnected' };
  #attempt = 0;
  /** What the context of the session looked like in the kubeconfig; '' before it was found there. */
  #fingerprint = '';

  /** Fires when `state` is another one, or what the session says of its streams. */
  readonly onDidChangeState = this.#didChangeState.event;
  /** Batches of rows of the session, in order. A session begins with resets. */
  readonly onDidChangeRows = this.#didChangeRows.event;

  /** Contacts nothing, loads nothing and reads nothing before `connect`. */
  constructor(options: ConnectionOptions) {
    this.#options = options;
    this.#files = this.#store.add(new FileFollower(() => void this.checkKubeconfig()));
  }

  get state(): ConnectionState {
    return this.#state;
  }

  /** The session in use, also while it is connecting or stale. */
  get session(): ControlPlaneSession | undefined {
    return this.#current.value?.session;
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

  /** Leaves what there is and connects to a context. Resolves when it is connected or has failed; never rejects. */
  async connect(context: string): Promise<ConnectionState> {
    const obstacle = this.#options.obstacle();
    const mine = ++this.#attempt;
    this.#current.value = undefined;
    this.#fingerprint = '';
    if (obstacle !== undefined) {
      this.fail(context, new KubeError('kubeconfig', obstacle));
      return this.#state;
    }
    this.#setState({ type: 'connecting', context });
    try {
      const kube = await this.#options.load();
      const kubeconfig = await this.readKubeconfig(kube);
      if (mine !== this.#attempt) return this.#state;
      this.#files.follow(kube.watchedPaths(kubeconfig, context));
      this.#use(kube, kubeconfig, context);
      await this.#settled();
    } catch (error) {
      if (mine === this.#attempt) this.fail(context, error);
    }
    return this.#state;
  }

  disconnect(): void {
    this.#attempt += 1;
    this.#fingerprint = '';
    this.#files.follow([]);
    this.#current.value = undefined;
    this.#setState({ type: 'disconnected' });
  }

  /** Tries at once: the session's streams, or the whole way from the kubeconfig when there is no session. */
  async retry(): Promise<ConnectionState> {
    const { session } = this;
    if (!session) return this.context === '' ? this.#state : this.connect(this.context);
    await this.checkKubeconfig();
    if (this.session === session) session.retry();
    await this.#settled();
    return this.#state;
  }

  /** Reads the kubeconfig of the user's choice. Rejects with a `KubeError`, also when no context is in it. */
  async readKubeconfig(kube: KubeClient): Promise<Kubeconfig> {
    const kubeconfig = await kube.loadKubeconfig({ paths: this.#options.kubeconfigPaths() });
    if (kubeconfig.contexts.size === 0) kube.resolveContext(kubeconfig, '');
    return kubeconfig;
  }

  /** Reads the kubeconfig again and follows what has changed of the context in use. */
  async checkKubeconfig(): Promise<void> {
    const { context } = this;
    if (context === '' || this.#options.obstacle() !== undefined) return;
    const mine = this.#attempt;
    const kube = await this.#options.load();
    let kubeconfig: Kubeconfig;
    try {
      kubeconfig = await this.readKubeconfig(kube);
    } catch (error) {
      // It may be written just now. A connection that works needs no kubeconfig.
      this.#options.log.warn(toKubeError(error).message);
      return;
    }
    if (mine !== this.#attempt) return;
    this.#files.follow(kube.watchedPaths(kubeconfig, context));
    await this.#take(kube, kubeconfig, context);
  }

  /** Gives up: nothing of the context can be shown. */
  fail(context: string, error: unknown): void {
    this.#attempt += 1;
    this.#current.value = undefined;
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
    const { session } = this;
    if (session && fingerprint === '') {
      const sentence = `The kubeconfig has no context "${context}" any more.`;
      this.#fingerprint = '';
      this.fail(context, new KubeError('kubeconfig', sentence));
    } else if (session && fingerprint === this.#fingerprint) {
      if (this.#state.type !== 'live') session.retry();
    } else if (fingerprint !== this.#fingerprint) {
      const server = kube.listContexts(kubeconfig).find(({ name }) => name === context)?.server;
      const isSame = session && server === this.#current.value?.server;
      if (!isSame) {
        await this.connect(context);
        return;
      }
      this.#options.log.info(`The kubeconfig changed how to reach ${context}; connecting anew.`);
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
    const session = kube.createSession(kube.resolveContext(kubeconfig, context), {
      log: (message: string) => this.#options.log.info(message),
    });
    const server = kube.listContexts(kubeconfig).find(({ name }) => name === context)?.server;
    const running = new RunningSession(session, server ?? '');
    this.#current.value = running;
    running.store.add(session.onDidChangeRows((changes) => this.#didChangeRows.fire(changes)));
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
    if (this.#state.type === 'notKarmada') this.#current.value = undefined;
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

  #setState(state: ConnectionState): void {
    this.#state = state;
    this.#didChangeState.fire(state);
  }
}

function toKubeError(error: unknown): KubeError {
  if (isKubeError(error)) return error;
  return new KubeError('malformed', error instanceof Error ? error.message : String(error));
}
