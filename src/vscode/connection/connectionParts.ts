import { workspace, type LogOutputChannel, type Memento } from 'vscode';
import { DisposableStore, type Disposable } from '../../base/lifecycle.ts';
import {
  affectsKubeconfig,
  connectsOnStartup,
  protectedContexts,
  readKubeconfigPaths,
  readOnlyContexts,
} from '../settings.ts';
import { createAgeClock, type AgeClock } from './ageClock.ts';
import { Connection } from './connection.ts';
import { registerConnectionContext } from './connectionContext.ts';
import { loadKubeClient, type KubeClient } from './kubeClient.ts';
import { LastContext } from './lastContext.ts';
import { obstacle } from './obstacle.ts';
import { createStartUp } from './startUp.ts';
import { registerStatusBar } from './statusBar.ts';

/** The connection with what is around it. */
export interface ConnectionParts extends Disposable {
  readonly connection: Connection;
  readonly clock: AgeClock;
  readonly last: LastContext;
  readonly load: () => Promise<KubeClient>;
  /** To be called when a view of the control plane is seen; connects once if the user has it so. */
  readonly startUp: () => void;
}

/** Makes the connection and shows it. Reads no kubeconfig and contacts nothing. */
export function createConnectionParts(memento: Memento, log: LogOutputChannel): ConnectionParts {
  const store = new DisposableStore();
  const connection = store.add(
    new Connection({
      load: loadKubeClient,
      kubeconfigPaths: readKubeconfigPaths,
      readOnlyContexts,
      protectedContexts,
      obstacle,
      log,
    }),
  );
  const last = new LastContext(memento);
  store.add(last.follow(connection));
  const clock = store.add(createAgeClock(connection));
  store.add(registerConnectionContext(connection, last));
  store.add(registerStatusBar(connection, clock));
  store.add(
    workspace.onDidChangeConfiguration((event) => {
      if (affectsKubeconfig(event)) void connection.checkKubeconfig();
    }),
  );
  const isPossible = () => obstacle() === undefined;
  const startUp = createStartUp(connection, last, isPossible, connectsOnStartup);
  return { connection, clock, last, load: loadKubeClient, startUp, dispose: () => store.dispose() };
}
