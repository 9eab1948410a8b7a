import { commands, Uri, window, workspace, type LogOutputChannel } from 'vscode';
import { commandIds } from './names.ts';

/** Opens a file and its preview at once when `npm start` asks for it by an environment variable; nobody else sets it. */
export function previewOnStart(log: LogOutputChannel): void {
  const path = globalThis.process?.env['KARMADA_PREVIEW_ON_START'];
  const folder = workspace.workspaceFolders?.[0];
  if (!path || !folder) return;
  const uri = Uri.joinPath(folder.uri, path);
  const open = async () => {
    await window.showTextDocument(uri, { preview: false });
    await commands.executeCommand(commandIds.openPreview, uri);
  };
  open().catch((error) => log.error('The preview at the start could not be opened:', error));
}
