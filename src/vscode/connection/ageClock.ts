import { EventEmitter, type Event } from 'vscode';
import { DisposableStore, type Disposable } from '../../base/lifecycle.ts';
import type { Connection } from './connection.ts';

/** Ages are told in minutes. */
const pace = 60_000;

/** Fires when the state of the connection changes and, only while it is out of date, once a minute. */
export interface AgeClock extends Disposable {
  readonly onDidTick: Event<void>;
}

/** No timer runs but while what is shown is out of date. */
export function createAgeClock(connection: Connection): AgeClock {
  const store = new DisposableStore();
  const didTick = store.add(new EventEmitter<void>());
  let timer: ReturnType<typeof setTimeout> | undefined;
  const stop = () => {
    clearTimeout(timer);
    timer = undefined;
  };
  const tick = () => {
    stop();
    if (connection.state.type === 'stale') timer = setTimeout(tick, pace);
    didTick.fire();
  };
  store.add(connection.onDidChangeState(tick));
  store.add({ dispose: stop });
  return { onDidTick: didTick.event, dispose: () => store.dispose() };
}
