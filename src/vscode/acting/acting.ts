import { commands, ProgressLocation, window } from 'vscode';
import { DisposableStore } from '../../base/lifecycle.ts';
import type { ControlPlaneSession, Interest } from '../../kube/index.ts';
import type { FleetModel } from '../../live/index.ts';
import type { Connection } from '../connection/connection.ts';
import type { Documents } from '../documents.ts';
import { showError, showInformation, showWarning } from '../messages.ts';
import { liveCommandIds } from '../names.ts';

/** What commands that act on the control plane or a member work with. */
export interface ActingParts {
  readonly connection: Connection;
  /** Everything that reads documents; started when a command needs it. */
  readonly documents: () => Promise<Documents>;
}

/** A session whose rows are read as far as they can be. */
export interface Acting {
  readonly session: ControlPlaneSession;
  readonly model: FleetModel;
}

/**
 * Runs a command on the rows of some interests, which are read first where no view shows them. Says to the user why
 * nothing can be done: not connected, read-only, nothing to be had; the answer is undefined then. What is to be said of
 * the outcome is said after it: a notification may stay for long, and the streams run until this is over.
 */
export async function act<T>(
  { connection }: Pick<ActingParts, 'connection'>,
  options: { readonly interests: readonly Interest[]; readonly writes: boolean },
  run: (acting: Acting) => Promise<T>,
): Promise<T | undefined> {
  const { session, readOnlyReason } = connection;
  if (!session) {
    void offerToConnect();
    return undefined;
  }
  if (options.writes && readOnlyReason !== undefined) {
    void showWarning(readOnlyReason);
    return undefined;
  }
  const store = new DisposableStore();
  try {
    for (const interest of options.interests) store.add(connection.hold(interest));
    await whenRead(connection, session);
    const { error, type } = session.state;
    if (type === 'failed' && error) void showError(error.message);
    else if (connection.session === session) return await run({ session, model: connection.model });
    return undefined;
  } finally {
    store.dispose();
  }
}

async function offerToConnect(): Promise<void> {
  const choice = await showInformation('Connect to a Karmada control plane first.', 'Connect…');
  if (choice) await commands.executeCommand(liveCommandIds.connect);
}

/** Longer than a list of a large fleet takes; a server that does not answer fails before. */
const longestRead = 60_000;

/** Until the lists are there, or nobody waits for them any more: of a session that was left nothing comes. */
async function whenRead(connection: Connection, session: ControlPlaneSession): Promise<void> {
  if (session.state.type !== 'connecting') return;
  const store = new DisposableStore();
  const read = new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, longestRead);
    store.add({ dispose: () => clearTimeout(timer) });
    store.add(
      session.onDidChangeState(({ type }) => {
        if (type !== 'connecting') resolve();
      }),
    );
    store.add(
      connection.onDidChangeState(() => {
        if (connection.session !== session) resolve();
      }),
    );
  });
  const options = { location: ProgressLocation.Window, title: 'Reading the control plane' };
  await window.withProgress(options, () => read);
  store.dispose();
}
