import { StatusBarAlignment, ThemeColor, window } from 'vscode';
import { DisposableStore, type Disposable } from '../../base/lifecycle.ts';
import { liveCommandIds } from '../names.ts';
import { plainLabel } from '../plainLabel.ts';
import type { AgeClock } from './ageClock.ts';
import type { Connection } from './connection.ts';
import { connectionDetails, stateText, statusText } from './connectionText.ts';

/** Shows in the status bar what the window is connected to, and how well. Without a connection there is no item. */
export function registerStatusBar(connection: Connection, clock: AgeClock): Disposable {
  const store = new DisposableStore();
  const item = store.add(window.createStatusBarItem('connection', StatusBarAlignment.Left, 10));
  item.name = 'Karmada Connection';
  item.command = liveCommandIds.showConnectionMenu;
  const show = () => {
    const { state, session } = connection;
    const now = Date.now();
    const status = statusText(state, now);
    if (!status) {
      item.hide();
      return;
    }
    const { readOnlyReason, isProtected } = connection;
    const lock = readOnlyReason === undefined ? '' : ' $(lock)';
    const shield = isProtected ? ' $(shield)' : '';
    item.text = `$(${status.icon}) ${plainLabel(status.text)}${lock}${shield}`;
    const details = connectionDetails(state, session, readOnlyReason, now);
    const guard = isProtected ? 'Protected: pushes ask once more.' : '';
    item.tooltip = [connection.login, ...details, guard].filter(Boolean).join('\n');
    item.accessibilityInformation = {
      label: `Karmada, ${state.type === 'disconnected' ? '' : state.context}: ${stateText(state, now)}`,
    };
    item.backgroundColor = colours[state.type] ?? (isProtected ? warning : undefined);
    item.show();
  };
  store.add(clock.onDidTick(show));
  show();
  return store;
}

const warning = new ThemeColor('statusBarItem.warningBackground');
const colours: { readonly [type: string]: ThemeColor | undefined } = {
  stale: warning,
  failed: new ThemeColor('statusBarItem.errorBackground'),
};
