// What the suites read of a window with previews: tabs, entries, texts.
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { waitFor } from './driver.ts';

/** One row of the preview in the active tab. */
export interface Entry {
  /** The file name shown, without its ending. */
  readonly label: string;
  readonly left: vscode.Uri;
  readonly right: vscode.Uri;
}

/** The address of a file of the example workspace. */
export function fileUri(name: string): vscode.Uri {
  const folder = vscode.workspace.workspaceFolders?.[0];
  assert.ok(folder, 'no folder is open');
  return vscode.Uri.joinPath(folder.uri, name);
}

/** Opens a file of the example workspace in an editor. */
export async function openFile(name: string): Promise<vscode.TextEditor> {
  return vscode.window.showTextDocument(fileUri(name), { preview: false });
}

/** Replaces one text in an open editor's buffer, which stays unsaved. */
export async function replace(
  editor: vscode.TextEditor | vscode.TextDocument,
  from: string,
  to: string,
): Promise<void> {
  const document = 'document' in editor ? editor.document : editor;
  const start = document.getText().indexOf(from);
  assert.ok(start >= 0, `${from} is not in ${document.uri.path}`);
  const range = new vscode.Range(
    document.positionAt(start),
    document.positionAt(start + from.length),
  );
  const edit = new vscode.WorkspaceEdit();
  edit.replace(document.uri, range, to);
  assert.ok(await vscode.workspace.applyEdit(edit));
}

/** The rows of the active tab; empty when it shows no preview. */
export function entries(): readonly Entry[] {
  const input: unknown = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
  const diffs =
    input instanceof vscode.TabInputTextDiff
      ? [input]
      : ((input as { textDiffs?: readonly vscode.TabInputTextDiff[] } | undefined)?.textDiffs ??
        []);
  return diffs
    .filter(({ modified }) => modified.scheme === 'karmada-preview')
    .map(({ original, modified }) => ({
      label: decodeURIComponent(modified.path.split('/').at(-1) ?? '').replace(/\.yaml$/, ''),
      left: original,
      right: modified,
    }));
}

/** Waits for a preview in the active tab whose rows satisfy a condition, such as their labels. */
export async function previewWith(
  what: string,
  isWanted: (entries: readonly Entry[]) => boolean = (found) => found.length > 0,
): Promise<readonly Entry[]> {
  return waitFor(what, () => {
    const found = entries();
    return found.length > 0 && isWanted(found) ? found : undefined;
  });
}

/** Waits until the text of a preview document satisfies a condition, and gives it. */
export async function textWith(
  uri: vscode.Uri,
  what: string,
  isWanted: (text: string) => boolean,
): Promise<string> {
  const document = await vscode.workspace.openTextDocument(uri);
  return waitFor(what, () => (isWanted(document.getText()) ? document.getText() : undefined));
}

/** The text of a preview document now. */
export async function textOf(uri: vscode.Uri): Promise<string> {
  return (await vscode.workspace.openTextDocument(uri)).getText();
}

/** Keeps edits in their buffers: a VS Code in a browser saves them after a second. */
export async function keepUnsaved(): Promise<void> {
  const settings = vscode.workspace.getConfiguration('files');
  await settings.update('autoSave', 'off', vscode.ConfigurationTarget.Global);
}

/** Undoes every unsaved edit and closes all editors; one that is not saved and has no tab is gone already. */
export async function closeEverything(): Promise<void> {
  const tabs = vscode.window.tabGroups.all.flatMap((group) => group.tabs);
  for (const { isDirty, input } of tabs) {
    if (!isDirty || !(input instanceof vscode.TabInputText)) continue;
    await vscode.window.showTextDocument(input.uri);
    await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
  }
  for (const document of vscode.workspace.textDocuments) {
    if (!document.isDirty || document.isUntitled) continue;
    await vscode.window.showTextDocument(document);
    await vscode.commands.executeCommand('workbench.action.files.revert');
  }
  await vscode.commands.executeCommand('workbench.action.closeAllEditors');
}
