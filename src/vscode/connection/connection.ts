import { EventEmitter, type LogOutputChannel } from 'vscode';
import { DisposableStore, MutableDisposable, type Disposable } from '../../base/lifecycle.ts';
import type { ControlPlaneSession, Interest } from '../../kube/index.ts';
import { isKubeError, KubeError, type FleetChange } from '../../live/index.ts';
import { contextOf, toConnectionState, type ConnectionState } from './connectionState.ts';
import type { KubeClient } from './kubeClient.ts';

/** The one control plane that the window is connected to, or none. Sessions come and go; this stays. */
export class Connection implements Disposable {
  readonly #store = new DisposableStore();
  readonly #didChangeState = this.#store.add(new EventEmitter<ConnectionState>());
  readonly #didChangeRows = this.#store.add(new EventEmitter<readonly FleetChange[]>());
  readonly #current = this.#store.add(new MutableDisposable<Running>());
  readonly #interests = new Map<Interest, number>();
  readonly #load: () => Promise<KubeClient>;
  readonly #kubeconfig: () => string;
  readonly #log: LogOutputChannel;
  #state: ConnectionState = { type: 'disconnected' };
  #attempt = 0;

  /** Fires when `state` is another one. */
  readonly onDidChangeState = this.#didChangeState.event;
  /** Batches of rows of the session, in order. A session begins with resets. */
  readonly onDidChangeRows = this.#didChangeRows.event;

  /** Contacts nothing and loads nothing before `connect`. */
  constructor(load: () => Promise<KubeClient>, kubeconfig: () => string, log: LogOutputChannel) {
    this.#load = load;
    this.#kubeconfig = kubeconfig;
    this.#log = log;
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

  /** Leaves what there is and connects to a context. Resolves when it is connected or has failed; never rejects. */
  async connect(context: string): Promise<ConnectionState> {
    const mine = ++this.#attempt;
    this.#current.value = undefined;
    this.#setState({ type: 'connecting', context });
    try {
      const kube = await this.#load();
      const kubeconfig = await kube.loadKubeconfig({ path: this.#kubeconfig() });
      if (mine !== this.#attempt) return this.#state;
      const log = (message: string) => this.#log.info(message);
      this.#use(kube.createSession(kubeconfig.target(context), { log }), context);
      await this.#settled();
    } catch (error) {
      if (mine !== this.#attempt) return this.#state;
      this.#setState({ type: 'failed', context, error: toKubeError(error) });
    }
    return this.#state;
  }

  disconnect(): void {
    this.#attempt += 1;
    this.#current.value = undefined;
    this.#setState({ type: 'disconnected' });
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

  #use(session: ControlPlaneSession, context: string): void {
    const running = new Running(session);
    this.#current.value = running;
    running.store.add(session.onDidChangeRows((changes) => this.#didChangeRows.fire(changes)));
    const take = () => {
      const state = toConnectionState(context, session.state, session.info, Date.now());
      if (state.type === 'notKarmada') this.#current.value = undefined;
      this.#setState(state);
    };
    running.store.add(session.onDidChangeState(take));
    running.follow(this.#interests);
    // Also when no view is open: the answer of one list tells whether the connection works.
    const first = running.store.add(session.hold('clusters'));
    void this.#settled().then(() => first.dispose());
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

/** A session with what hangs on it. */
class Running implements Disposable {
  readonly session: ControlPlaneSession;
  readonly store = new DisposableStore();
  readonly #held = new Map<Interest, Disposable>();

  constructor(session: ControlPlaneSession) {
    this.session = this.store.add(session);
  }

  follow(wanted: ReadonlyMap<Interest, number>): void {
    for (const [interest, count] of wanted) {
      const held = this.#held.get(interest);
      if (count > 0 && !held) this.#held.set(interest, this.session.hold(interest));
      if (count > 0 || !held) continue;
      this.#held.delete(interest);
      held.dispose();
    }
  }

  dispose(): void {
    for (const held of this.#held.values()) held.dispose();
    this.store.dispose();
  }
}

function toKubeError(error: unknown): KubeError {
  if (isKubeError(error)) return error;
  return new KubeError('kubeconfig', error instanceof Error ? error.message : String(error));
}
