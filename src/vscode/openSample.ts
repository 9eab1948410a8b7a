import { commands, FileSystemError, Uri, window, workspace } from 'vscode';
import { showError } from './messages.ts';

const folderName = 'karmada-podinfo';

/**
 * Copies the sample that comes with the extension – podinfo with its policies and three clusters – into a new folder
 * below one that the user picks, and opens it: in this window where it is empty, else in another. Nothing that is there
 * is overwritten.
 */
export async function openSample(extension: Uri): Promise<void> {
  const [parent] =
    (await window.showOpenDialog({
      title: 'Where to put the sample',
      openLabel: 'Put Sample Here',
      canSelectFiles: false,
      canSelectFolders: true,
    })) ?? [];
  if (!parent) return;
  try {
    const folder = await copySample(extension, parent);
    const forceNewWindow = workspace.workspaceFolders !== undefined;
    await commands.executeCommand('vscode.openFolder', folder, { forceNewWindow });
  } catch (error) {
    if (!(error instanceof FileSystemError)) throw error;
    void showError(
      `The sample could not be put into ${parent.path}: ${error.message} Choose another folder.`,
    );
  }
}

/** Copies the sample into a new folder, and gives it. Rejects with `FileSystemError` where that cannot be written. */
export async function copySample(extension: Uri, parent: Uri): Promise<Uri> {
  const folder = await freeFolder(parent);
  const sample = Uri.joinPath(extension, 'examples', 'podinfo');
  for (const [name] of await workspace.fs.readDirectory(sample)) {
    const content = await workspace.fs.readFile(Uri.joinPath(sample, name));
    await workspace.fs.writeFile(Uri.joinPath(folder, name), content);
  }
  return folder;
}

/** A folder of the sample's name, or of that name with a number, which is not there yet. */
async function freeFolder(parent: Uri): Promise<Uri> {
  for (let number = 1; ; number++) {
    const name = number === 1 ? folderName : `${folderName}-${number}`;
    const folder = Uri.joinPath(parent, name);
    const isThere = await workspace.fs.stat(folder).then(
      () => true,
      () => false,
    );
    if (!isThere) return folder;
  }
}
