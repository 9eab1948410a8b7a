import { Uri, workspace, type ExtensionContext, type LogOutputChannel } from 'vscode';
import { DisposableStore, type Disposable } from '../../base/lifecycle.ts';
import {
  accountOf,
  checkPush,
  dropPush,
  expectationsOf,
  preparePush,
  prepareUndo,
  readJournal,
  resumePush,
  runPush,
} from '../../push/index.ts';
import { affectsSettings } from '../settings.ts';
import { registerInterruptedPushes } from './interruptedPush.ts';
import { createJournalFiles } from './journalFiles.ts';
import { pushClock } from './pushClock.ts';
import type { PushEngine } from './pushEngine.ts';
import { registerPushCommands } from './pushCommands.ts';
import { registerPushDocuments } from './pushDocuments.ts';
import { Pushes, type PushParts } from './pushes.ts';
import { registerPushView } from './pushView.ts';
import { registerServerFindings } from './serverFindings.ts';
import { createStorageFolder } from './storageFolder.ts';

const engine: PushEngine = {
  accountOf,
  checkPush,
  dropPush,
  expectationsOf,
  preparePush,
  prepareUndo,
  readJournal,
  resumePush,
  runPush,
};

/** Registers everything about pushes. Reads its own storage after a control plane is connected, and nothing before. */
export function registerPushes(
  context: ExtensionContext,
  parts: Omit<PushParts, 'engine' | 'journals'>,
  log: LogOutputChannel,
): Disposable & { readonly pushes: Pushes } {
  const store = new DisposableStore();
  const folder = createStorageFolder(Uri.joinPath(context.globalStorageUri, 'pushes'));
  const journals = store.add(
    createJournalFiles(folder, {
      owner: crypto.randomUUID(),
      now: () => pushClock.now(),
      sleep: (ms) => pushClock.sleep(ms),
      every(ms, work) {
        const timer = setInterval(work, ms);
        return { dispose: () => clearInterval(timer) };
      },
    }),
  );
  const pushes = store.add(new Pushes({ ...parts, engine, journals }));
  store.add(registerPushCommands(pushes, log));
  store.add(registerPushDocuments(pushes));
  store.add(registerPushView(pushes));
  store.add(registerServerFindings(pushes));
  store.add(registerInterruptedPushes(pushes, log));
  store.add(
    workspace.onDidChangeConfiguration((event) => {
      if (affectsSettings(event)) pushes.redraw();
    }),
  );
  return { pushes, dispose: () => store.dispose() };
}
