import { commands, type LogOutputChannel, type Uri } from 'vscode';
import { DisposableStore, type Disposable } from '../base/lifecycle.ts';
import { explainFinding } from './explainFinding.ts';
import { showError } from './messages.ts';
import { commandIds } from './names.ts';
import { openSample } from './openSample.ts';
import type { PreviewCommands } from './previewCommands.ts';

/** What commands do, by the name of their id in `names.ts`. They throw only on faults of our own. */
export type CommandHandlers<Name extends string> = {
  readonly [name in Name]: (args: readonly unknown[]) => Promise<void> | void;
};

/** Registers every command over documents. What they need is loaded when the first of them runs. */
export function registerCommands(
  load: () => Promise<PreviewCommands>,
  log: LogOutputChannel,
  extension: Uri,
): Disposable {
  const lazily = (name: keyof PreviewCommands) => async (args: readonly unknown[]) =>
    (await load())[name](args);
  return registerHandlers(
    commandIds,
    {
      showLog: () => log.show(),
      explainFinding: (args) => explainFinding(extension, args),
      openSample: () => openSample(extension),
      openPreview: lazily('openPreview'),
      compareClusters: lazily('compareClusters'),
      refreshPreview: lazily('refreshPreview'),
      showBookkeeping: lazily('showBookkeeping'),
      hideBookkeeping: lazily('hideBookkeeping'),
      widenPreview: lazily('widenPreview'),
      revealPlace: lazily('revealPlace'),
    },
    log,
  );
}

/** Registers commands. A handler that throws has a fault, which is said to the user and logged. */
export function registerHandlers<Name extends string>(
  ids: { readonly [name in NoInfer<Name>]: string },
  handlers: CommandHandlers<Name>,
  log: LogOutputChannel,
): Disposable {
  const store = new DisposableStore();
  for (const name of Object.keys(handlers) as Name[]) {
    const run = async (...args: unknown[]) => {
      try {
        await handlers[name](args);
      } catch (error) {
        log.error(`${ids[name]}:`, error);
        const choice = await showError(
          'Karmada could not do that: a fault of the extension.',
          'Show Log',
        );
        if (choice) log.show();
      }
    };
    store.add(commands.registerCommand(ids[name], run));
  }
  return store;
}
