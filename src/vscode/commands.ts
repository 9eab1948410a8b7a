import { commands, window, type LogOutputChannel, type Uri } from 'vscode';
import { DisposableStore, type Disposable } from '../base/lifecycle.ts';
import { explainFinding } from './explainFinding.ts';
import { commandIds } from './names.ts';
import type { PreviewCommands } from './previewCommands.ts';

/** Registers every command. What they need is loaded when the first of them runs. */
export function registerCommands(
  load: () => Promise<PreviewCommands>,
  log: LogOutputChannel,
  extension: Uri,
): Disposable {
  const store = new DisposableStore();
  const register = (id: string, handler: (args: readonly unknown[]) => Promise<void>) => {
    const run = async (...args: unknown[]) => {
      try {
        await handler(args);
      } catch (error) {
        log.error(`${id}:`, error);
        const choice = await window.showErrorMessage(
          'Karmada could not do that: a fault of the extension.',
          'Show Log',
        );
        if (choice) log.show();
      }
    };
    store.add(commands.registerCommand(id, run));
  };
  const { showLog, explainFinding: explain, ...others } = commandIds;
  register(showLog, async () => log.show());
  register(explain, (args) => explainFinding(extension, args));
  for (const name of Object.keys(others) as (keyof typeof others)[]) {
    register(others[name], async (args) => (await load())[name](args));
  }
  return store;
}
