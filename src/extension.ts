import { window, type ExtensionContext } from 'vscode';
import { DisposableStore } from './base/lifecycle.ts';
import { registerActingCommands } from './vscode/acting/actingCommands.ts';
import { whenNeeded } from './vscode/activation.ts';
import { registerCommands } from './vscode/commands.ts';
import type { Core } from './vscode/core.ts';
import { previewOnStart } from './vscode/development.ts';
import { createLive } from './vscode/live.ts';
import { registerPushes } from './vscode/push/registerPushes.ts';
import { registerPlanCommands } from './vscode/propagate/registerPlanCommands.ts';
import { registerWaveCommands } from './vscode/rollout/waveCommands.ts';
import { registerObjectViews } from './vscode/whyCommands.ts';

/** Registers the commands and waits for a document that concerns us; until then nothing is loaded or read. */
export async function activate(context: ExtensionContext): Promise<void> {
  const store = new DisposableStore();
  context.subscriptions.push(store);
  const log = store.add(window.createOutputChannel('Karmada', { log: true }));
  const { connection, access, rollouts } = store.add(createLive(context, log));
  let core: Promise<Core> | undefined;
  const start = () =>
    (core ??= import('./vscode/core.ts').then(({ createCore }) =>
      store.add(createCore(log, connection)),
    ));
  store.add(registerCommands(async () => (await start()).commands, log, context.extensionUri));
  const documents = async () => (await start()).documents;
  store.add(registerPlanCommands(async () => (await start()).planning, log));
  store.add(registerActingCommands({ connection, documents }, log));
  store.add(registerObjectViews({ connection, documents }, access, log));
  const { pushes } = store.add(registerPushes(context, { connection, documents, rollouts }, log));
  store.add(registerWaveCommands(pushes, log));
  store.add(whenNeeded(() => void start().catch((error) => log.error(error))));
  previewOnStart(log);
  // A preview left open in the last session asks for its texts as soon as this is done.
  await core;
}
