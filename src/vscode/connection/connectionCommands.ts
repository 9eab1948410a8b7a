import { commands, Uri, window, workspace, type LogOutputChannel } from 'vscode';
import type { Disposable } from '../../base/lifecycle.ts';
import { isKubeError } from '../../live/index.ts';
import { registerHandlers } from '../commands.ts';
import { showError, showInformation, showWarning } from '../messages.ts';
import { liveCommandIds, settingKeys, viewIds } from '../names.ts';
import { plainLabel } from '../plainLabel.ts';
import { readKubeconfigPaths } from '../settings.ts';
import type { ConnectionParts } from './connectionParts.ts';
import type { ConnectionState } from './connectionState.ts';
import { connectionDetails, problemOf, stateText } from './connectionText.ts';
import { obstacle } from './obstacle.ts';
import { pickContext } from './pickContext.ts';

/** Registers what the user can do with the connection. */
export function registerConnectionCommands(
  parts: ConnectionParts,
  log: LogOutputChannel,
): Disposable {
  const { connection, last } = parts;
  return registerHandlers(
    liveCommandIds,
    {
      connect: ([context]) => connect(parts, log, context),
      switchContext: () => connect(parts, log),
      reconnect: () => connect(parts, log, last.context || undefined),
      disconnect: () => connection.disconnect(),
      retryConnection: async () => {
        if (connection.context === '') await connect(parts, log);
        else await tell(parts, log, await connection.retry());
      },
      showConnectionDetails: () => showDetails(parts, log),
      showConnectionMenu: () => showMenu(parts),
      openKubeconfig: () => openKubeconfig(parts, log),
    },
    log,
  );
}

/** Connects to the given context, or to the one that the user picks. */
async function connect(
  parts: ConnectionParts,
  log: LogOutputChannel,
  given?: unknown,
): Promise<void> {
  if (await isHindered()) return;
  const context = typeof given === 'string' ? given : await choose(parts, log);
  if (context === undefined) return;
  await commands.executeCommand(`${viewIds.clusters}.focus`);
  await tell(parts, log, await parts.connection.connect(context));
}

async function isHindered(): Promise<boolean> {
  const sentence = obstacle();
  if (sentence === undefined) return false;
  const actions = workspace.isTrusted ? [] : ['Manage Workspace Trust'];
  const choice = await showWarning(sentence, ...actions);
  if (choice) await commands.executeCommand('workbench.trust.manage');
  return true;
}

async function choose(parts: ConnectionParts, log: LogOutputChannel): Promise<string | undefined> {
  const { connection, last } = parts;
  try {
    const kube = await parts.load();
    const kubeconfig = await connection.readKubeconfig(kube);
    const known = { connected: connection.context, last: last.context };
    return await pickContext(kube, kubeconfig, known, () => void openKubeconfig(parts, log));
  } catch (error) {
    if (!isKubeError(error)) throw error;
    // A connection that works does not need the kubeconfig.
    if (connection.session === undefined) connection.fail('', error);
    const choice = await showError(error.message, 'Set Path', 'Open Kubeconfig');
    if (choice === 'Set Path') await setPath();
    if (choice === 'Open Kubeconfig') await openKubeconfig(parts, log);
    return undefined;
  }
}

/** Says what came of an attempt that the user made; nothing when it went well or was given up. */
async function tell(
  parts: ConnectionParts,
  log: LogOutputChannel,
  state: ConnectionState,
): Promise<void> {
  const problem = problemOf(state);
  if (problem === '' || state.type === 'stale') return;
  const actions =
    state.type === 'failed'
      ? ['Retry', 'Connect to Another…', 'Show Log']
      : ['Connect to Another…', 'Show Log'];
  const choice = await showError(problem, ...actions);
  if (choice === 'Connect to Another…') await connect(parts, log);
  if (choice === 'Retry') await tell(parts, log, await parts.connection.retry());
  if (choice === 'Show Log') log.show();
}

async function showDetails(parts: ConnectionParts, log: LogOutputChannel): Promise<void> {
  const { state, session, readOnlyReason } = parts.connection;
  const [first = '', ...lines] = connectionDetails(state, session, readOnlyReason, Date.now());
  const more = 'error' in state && state.error ? state.error.detail : '';
  const detail = [...lines, ...(more ? ['', more] : [])].join('\n');
  const title = parts.connection.context ? `${parts.connection.context}: ${first}` : first;
  const choice = await showInformation(title, { modal: true, detail }, 'Show Log');
  if (choice) log.show();
}

/** What can be done about the connection, from the status bar. */
async function showMenu({ connection }: ConnectionParts): Promise<void> {
  const { state, context } = connection;
  const isBroken = state.type === 'stale' || state.type === 'failed';
  const items = [
    ...(isBroken
      ? [{ label: '$(refresh) Retry Connection', command: liveCommandIds.retryConnection }]
      : []),
    { label: '$(arrow-swap) Switch Context…', command: liveCommandIds.switchContext },
    { label: '$(debug-disconnect) Disconnect', command: liveCommandIds.disconnect },
    { label: '$(info) Show Details', command: liveCommandIds.showConnectionDetails },
    { label: '$(go-to-file) Open Kubeconfig', command: liveCommandIds.openKubeconfig },
  ];
  const title = [context, stateText(state, Date.now())].filter(Boolean).join(': ');
  const choice = await window.showQuickPick(items, { title, placeHolder: problemOf(state) });
  if (choice) await commands.executeCommand(choice.command);
}

async function openKubeconfig(parts: ConnectionParts, log: LogOutputChannel): Promise<void> {
  if (await isHindered()) return;
  const kube = await parts.load();
  const files = kube.kubeconfigFiles({ paths: readKubeconfigPaths() });
  const [only, another] = files;
  const items = files.map((path) => ({ label: plainLabel(path), path }));
  const file = another === undefined ? only : (await window.showQuickPick(items))?.path;
  if (file === undefined) return;
  try {
    await window.showTextDocument(Uri.file(file));
  } catch (error) {
    log.warn(`${file} cannot be opened: ${String(error)}`);
    const choice = await showWarning(`${file} cannot be opened.`, 'Set Path');
    if (choice) await setPath();
  }
}

async function setPath(): Promise<void> {
  await commands.executeCommand(
    'workbench.action.openSettings',
    `karmada.${settingKeys.kubeconfig}`,
  );
}
