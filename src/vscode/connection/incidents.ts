import { DisposableStore, type Disposable } from '../../base/lifecycle.ts';
import type { KubeErrorReason } from '../../live/index.ts';
import { showWarning } from '../messages.ts';
import type { Connection } from './connection.ts';
import { contextOf, type ConnectionState } from './connectionState.ts';

/** Troubles that do not end by waiting. */
const needUser: ReadonlySet<KubeErrorReason> = new Set([
  'kubeconfig',
  'credentials',
  'certificate',
  'unauthorized',
  'forbidden',
]);

/**
 * Tells the user when a connection that worked breaks for a reason that needs them: once, until it works again. All
 * else is in the status bar and above the trees.
 */
export function registerIncidents(
  connection: Connection,
  actions: { readonly retry: () => void; readonly showLog: () => void },
): Disposable {
  const store = new DisposableStore();
  let worked = '';
  const follow = (state: ConnectionState) => {
    if (state.type === 'live') worked = state.context;
    if (worked !== contextOf(state)) worked = '';
    if (worked === '' || (state.type !== 'stale' && state.type !== 'failed')) return;
    const { error } = state;
    if (!error || !needUser.has(error.reason)) return;
    worked = '';
    const isNamed = error.message.includes(state.context);
    const sentence = isNamed ? error.message : `${state.context}: ${error.message}`;
    void showWarning(sentence, 'Retry', 'Show Log').then((choice) => {
      if (choice === 'Retry') actions.retry();
      if (choice === 'Show Log') actions.showLog();
    });
  };
  store.add(connection.onDidChangeState(follow));
  return store;
}
