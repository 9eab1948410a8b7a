import type { ExtensionContext, LogOutputChannel } from 'vscode';
import { DisposableStore } from '../base/lifecycle.ts';
import { registerConnectionCommands } from './connection/connectionCommands.ts';
import { createConnectionParts, type ConnectionParts } from './connection/connectionParts.ts';
import { registerIncidents } from './connection/incidents.ts';
import { createFleetViews } from './fleet/fleetViews.ts';
import { MemberAccess } from './memberAccess.ts';
import type { Rollouts } from './rollout/rollouts.ts';
import { createRolloutView } from './rollout/rolloutView.ts';

/** Everything about the live control plane, waiting for the user to connect. */
export interface Live extends ConnectionParts {
  /** Which members could not be read. */
  readonly access: MemberAccess;
  /** What is followed after a push. */
  readonly rollouts: Rollouts;
}

/** Registers the views and commands of the live control plane; reads and contacts nothing. */
export function createLive(context: ExtensionContext, log: LogOutputChannel): Live {
  const store = new DisposableStore();
  const parts = store.add(createConnectionParts(context.workspaceState, log));
  store.add(registerConnectionCommands(parts, log));
  const access = store.add(new MemberAccess(parts.connection));
  store.add(createFleetViews(context.workspaceState, { ...parts, access }, log));
  const { rollouts } = store.add(
    createRolloutView(context.workspaceState, { ...parts, access }, log),
  );
  const retry = () => void parts.connection.retry();
  store.add(registerIncidents(parts.connection, { retry, showLog: () => log.show() }));
  return { ...parts, access, rollouts, dispose: () => store.dispose() };
}
