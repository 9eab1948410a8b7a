import { commands, window, type LogOutputChannel, type Memento } from 'vscode';
import { DisposableStore, type Disposable } from '../../base/lifecycle.ts';
import { createRolloutTree, rolloutSummary } from '../../live/index.ts';
import { showConnection } from '../connection/connectionView.ts';
import { createTreeView } from '../fleet/createTreeView.ts';
import type { FleetParts } from '../fleet/fleetViews.ts';
import { FleetTree } from '../fleet/fleetTree.ts';
import { ViewChoices } from '../fleet/viewChoices.ts';
import { showWarning } from '../messages.ts';
import { contextKeys, viewIds } from '../names.ts';
import { plainLabel } from '../plainLabel.ts';
import { registerRolloutCommands } from './rolloutCommands.ts';
import { Rollouts } from './rollouts.ts';

/** Registers the view of the rollout that is followed. It shows nothing and holds nothing while there is none. */
export function createRolloutView(
  memento: Memento,
  parts: FleetParts,
  log: LogOutputChannel,
): Disposable & { readonly rollouts: Rollouts } {
  const store = new DisposableStore();
  const { connection, access } = parts;
  const rollouts = store.add(new Rollouts(connection, memento));
  const choices = store.add(
    new ViewChoices(memento, viewIds.rollout, {
      isProblemsOnly: contextKeys.rolloutProblemsOnly,
    }),
  );
  const source = {
    connection: {
      onDidChange: rollouts.onDidChange,
      onDidChangeState: connection.onDidChangeState,
      onDidChangeModel: connection.onDidChangeModel,
      get model() {
        return connection.model;
      },
      get session() {
        return connection.session;
      },
    },
    access,
  };
  const make = () => createRolloutTree(rollouts.rollout, choices.options.problemsOnly);
  const tree = store.add(new FleetTree(source, make, choices));
  const view = createTreeView(viewIds.rollout, tree, store);
  const message = () => headline(rollouts, choices.options.problemsOnly);
  const shown = store.add(
    showConnection(view, { id: viewIds.rollout, interest: 'releases', message }, parts),
  );
  store.add(choices.onDidChange(() => shown.refresh()));
  store.add(
    rollouts.onDidChange(() => {
      tellMenus(rollouts);
      shown.refresh();
    }),
  );
  store.add(rollouts.onDidSettle(() => void tellEnd(rollouts, choices)));
  tellMenus(rollouts);
  store.add(registerRolloutCommands({ rollouts, choices }, parts, log));
  return { rollouts, dispose: () => store.dispose() };
}

function tellMenus(rollouts: Rollouts): void {
  void commands.executeCommand('setContext', contextKeys.hasRollout, rollouts.isHere);
}

function headline({ followed, rollout }: Rollouts, problemsOnly: boolean): string {
  if (!followed) return '';
  const summary = rollout ? rolloutSummary(rollout.lines) : '';
  const choice = problemsOnly ? 'Only failed ones are shown.' : '';
  return [[followed.title, summary].filter(Boolean).join(': '), choice].filter(Boolean).join('\n');
}

/** How long the status bar says a good end, in milliseconds. */
const shownFor = 15_000;

/** Said once, when nothing is on its way any more. */
async function tellEnd({ followed, rollout }: Rollouts, choices: ViewChoices): Promise<void> {
  if (!followed || !rollout) return;
  const text = `${followed.title} on ${followed.context}: ${rolloutSummary(rollout.lines)}.`;
  if (rollout.counts.failed === 0) {
    // The push has its own notification: one more about the same would cover the editor.
    window.setStatusBarMessage(`$(pass) ${plainLabel(text)}`, shownFor);
    return;
  }
  const choice = await showWarning(text, 'Show Problems');
  if (!choice) return;
  choices.change({ problemsOnly: true });
  await commands.executeCommand(`${viewIds.rollout}.focus`);
}
