import type { ExtensionContext, LogOutputChannel } from 'vscode';
import { DisposableStore, type Disposable } from '../base/lifecycle.ts';
import { Connection } from './connection/connection.ts';
import { loadKubeClient } from './connection/kubeClient.ts';
import { readKubeconfigPath } from './settings.ts';

/** Everything about the live control plane, waiting for the user to connect. */
export interface Live extends Disposable {
  readonly connection: Connection;
}

/** Registers the views and commands of the live control plane; reads and contacts nothing. */
export function createLive(_context: ExtensionContext, log: LogOutputChannel): Live {
  const store = new DisposableStore();
  const connection = store.add(new Connection(loadKubeClient, readKubeconfigPath, log));
  return { connection, dispose: () => store.dispose() };
}
