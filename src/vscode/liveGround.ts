import type { LiveControlPlane } from '../analysis/index.ts';
import { DisposableStore, type Disposable } from '../base/lifecycle.ts';
import { readPlane } from '../live/index.ts';
import type { Connection } from './connection/connection.ts';
import { createDebouncer, createThrottle } from './timing.ts';

/** What the documents are laid over is made anew at most this often, in ms. */
const pace = 1000;
/** How long streams run on after the last document that needed them, in ms: people close one and open the next. */
const patience = 30_000;

/** The part of the connection that is needed here. */
export type Ground = Pick<
  Connection,
  | 'context'
  | 'hold'
  | 'model'
  | 'onDidChange'
  | 'onDidChangeModel'
  | 'onDidChangeState'
  | 'session'
  | 'state'
>;

/** The control plane under the documents, while one is connected and somebody needs it. */
export interface LiveGround extends Disposable {
  /** To be called whenever it may have changed whether documents are open that are laid over the control plane. */
  need(isNeeded: boolean): void;
  /** Whether something is connected that has yet to be handed over. */
  readonly isComing: boolean;
}

/**
 * Follows the connection and hands over what it has, `undefined` when it has nothing. Streams run only while they are
 * needed. A broken connection keeps what was read last; nothing is handed over before every list is read or refused,
 * for half of a control plane says that the other half is missing.
 */
export function createLiveGround(
  connection: Ground,
  set: (plane: LiveControlPlane | undefined) => void,
): LiveGround {
  const store = new DisposableStore();
  let held: Disposable | undefined;
  let plane: LiveControlPlane | undefined;

  const give = (next: LiveControlPlane | undefined) => {
    if (next === plane) return;
    plane = next;
    set(next);
  };
  const take = () => {
    const { session } = connection;
    if (!held || !session?.info?.isKarmada) return;
    const next = readPlane(connection, session, plane);
    if (next) give(next);
  };
  const later = store.add(createThrottle(pace, take));
  const release = () => {
    held?.dispose();
    held = undefined;
    later.cancel();
    give(undefined);
  };
  const releaseLater = store.add(createDebouncer(patience, release));

  store.add(connection.onDidChange(later.request));
  store.add(connection.onDidChangeModel(() => give(undefined)));
  store.add(
    connection.onDidChangeState(({ type }) => {
      if (type === 'live' || type === 'stale') later.request();
      else if (type !== 'connecting') give(undefined);
    }),
  );
  store.add({ dispose: () => held?.dispose() });
  return {
    need(isNeeded) {
      if (!isNeeded) {
        if (held) releaseLater.request();
        return;
      }
      releaseLater.cancel();
      held ??= connection.hold('objects');
      if (!plane) later.request();
    },
    get isComing() {
      return plane === undefined && connection.session !== undefined;
    },
    dispose: () => store.dispose(),
  };
}
