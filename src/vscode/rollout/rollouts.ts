import { EventEmitter, type Memento } from 'vscode';
import { DisposableStore, type Disposable } from '../../base/lifecycle.ts';
import {
  rolloutBaseline,
  rolloutOf,
  type Expectation,
  type FleetModel,
  type Rollout,
  type RolloutRequest,
} from '../../live/index.ts';
import type { Connection } from '../connection/connection.ts';
import { holdWhile } from '../holdWhile.ts';
import { readFollowed, type Followed } from './followed.ts';

/** As often as a view is drawn. */
const pause = 250;
/** Times pass also while nothing changes. */
const pace = 1000;

const memory = 'rollout';
/** More lines than this are not kept over the end of the window. */
const mostKept = 20_000;

/** The one rollout that the window follows, or none. */
export class Rollouts implements Disposable {
  readonly #store = new DisposableStore();
  readonly #didChange = this.#store.add(new EventEmitter<void>());
  readonly #didSettle = this.#store.add(new EventEmitter<Rollout>());
  readonly #connection: Connection;
  readonly #memento: Memento;
  readonly #held: Disposable & { follow(): void };
  #followed: Followed | undefined;
  #rollout: Rollout | undefined;
  /** A push that writes still: what is at rest now may move again. */
  #isPushing = false;
  #isTold = false;
  /** Something was on its way since it is followed. */
  #hasMoved = false;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #lookedAt = 0;

  /** Fires when the rollout is another one, at most four times a second. */
  readonly onDidChange = this.#didChange.event;
  /** Fires once for each rollout, when nothing is on its way any more. */
  readonly onDidSettle = this.#didSettle.event;

  constructor(connection: Connection, memento: Memento) {
    this.#connection = connection;
    this.#memento = memento;
    const kept = readFollowed(memento.get(memory));
    this.#followed = kept;
    this.#isTold = kept?.isTold ?? false;
    const hold = () => {
      const held = new DisposableStore();
      held.add(connection.hold('clusters'));
      held.add(connection.hold('releases'));
      return held;
    };
    this.#held = this.#store.add(holdWhile(() => this.isHere && !this.#isTold, hold));
    const soon = () => this.#lookSoon(pause);
    this.#store.add(connection.onDidChange(soon));
    this.#store.add(connection.onDidChangeModel(soon));
    this.#store.add(
      connection.onDidChangeState(() => {
        this.#held.follow();
        soon();
      }),
    );
    this.#store.add({ dispose: () => clearTimeout(this.#timer) });
  }

  /** What is followed; also while the window is connected to another control plane. */
  get followed(): Followed | undefined {
    return this.#followed;
  }

  /** Whether the rollout is of the control plane that the window is connected to. */
  get isHere(): boolean {
    return (
      this.#followed !== undefined &&
      this.#followed.server === this.#connection.session?.target.server
    );
  }

  get rollout(): Rollout | undefined {
    return this.isHere ? this.#rollout : undefined;
  }

  /**
   * Follows something from now on, in the place of what was followed. To be called before anything is written: what there
   * is now is what it is compared with.
   */
  follow(title: string, expectations: readonly Expectation[]): void {
    const { session, model, context } = this.#connection;
    if (!session) return;
    const request: RolloutRequest = {
      expectations,
      since: Date.now(),
      baseline: rolloutBaseline(
        model,
        expectations.map(({ template }) => template),
      ),
    };
    this.#take({ title, context, server: session.target.server, request, isTold: false });
  }

  /** Whether the push that is followed is still writing. */
  setPushing(isPushing: boolean): void {
    this.#isPushing = isPushing;
    this.#lookSoon(pause);
  }

  /** Follows nothing any more. */
  stop(): void {
    this.#isPushing = false;
    this.#take(undefined);
  }

  dispose(): void {
    this.#store.dispose();
  }

  #take(followed: Followed | undefined): void {
    this.#followed = followed;
    this.#rollout = undefined;
    this.#isTold = followed?.isTold ?? false;
    this.#hasMoved = false;
    void this.#memento.update(memory, followed && isKept(followed) ? followed : undefined);
    this.#held.follow();
    this.#look();
  }

  #lookSoon(within: number): void {
    if (!this.isHere) return;
    const wait = Math.max(0, Math.min(within, this.#lookedAt + within - Date.now()));
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#look(), wait);
  }

  #look(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const now = Date.now();
    this.#lookedAt = now;
    if (this.#followed && this.isHere && this.#connection.state.type === 'live') {
      this.#rollout = rolloutOf(this.#model, this.#followed.request, now, this.#rollout);
      this.#tellEnd(this.#followed, this.#rollout);
      if (!this.#isTold) this.#timer = setTimeout(() => this.#look(), pace);
    }
    this.#didChange.fire();
  }

  get #model(): FleetModel {
    return this.#connection.model;
  }

  #tellEnd(followed: Followed, rollout: Rollout): void {
    if (this.#isTold || this.#isPushing || !rollout.isSettled) {
      this.#hasMoved ||= !rollout.isSettled || this.#isPushing;
      return;
    }
    this.#isTold = true;
    this.#held.follow();
    const told = { ...followed, isTold: true };
    this.#followed = told;
    void this.#memento.update(memory, isKept(told) ? told : undefined);
    // What was at rest when it was looked at first is no news.
    if (this.#hasMoved) this.#didSettle.fire(rollout);
  }
}

function isKept({ request }: Followed): boolean {
  let count = 0;
  for (const { clusters } of request.expectations) count += clusters.length;
  return count <= mostKept;
}
