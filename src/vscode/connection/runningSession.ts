import { DisposableStore, type Disposable } from '../../base/lifecycle.ts';
import type { ControlPlaneSession, Interest } from '../../kube/index.ts';

/** A session with everything that hangs on it. */
export class RunningSession implements Disposable {
  readonly session: ControlPlaneSession;
  /** As the kubeconfig has it. */
  readonly server: string;
  readonly store = new DisposableStore();
  readonly #held = new Map<Interest, Disposable>();

  constructor(session: ControlPlaneSession, server: string) {
    this.session = this.store.add(session);
    this.server = server;
  }

  /** Holds exactly the interests that somebody has. */
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
    this.#held.clear();
    this.store.dispose();
  }
}
