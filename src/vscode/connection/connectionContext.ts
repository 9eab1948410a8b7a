import { commands } from 'vscode';
import { DisposableStore, type Disposable } from '../../base/lifecycle.ts';
import { contextKeys } from '../names.ts';
import type { Connection } from './connection.ts';
import type { LastContext } from './lastContext.ts';
import { isWeb } from './obstacle.ts';

/** Keeps the keys of the welcome views and menus as the connection is. */
export function registerConnectionContext(connection: Connection, last: LastContext): Disposable {
  const store = new DisposableStore();
  const set = new Map<string, unknown>();
  const setContext = (key: string, value: unknown) => {
    if (set.get(key) === value) return;
    set.set(key, value);
    void commands.executeCommand('setContext', key, value);
  };
  const update = () => {
    const { state } = connection;
    setContext(contextKeys.connection, isWeb() ? 'web' : state.type);
    setContext(contextKeys.connectionProblem, state.type === 'failed' ? state.error.reason : '');
    setContext(contextKeys.hasLastContext, last.context !== '');
  };
  store.add(connection.onDidChangeState(update));
  update();
  return store;
}
