import { commands, Range, Uri, window, workspace, WorkspaceEdit, type TextDocument } from 'vscode';

/**
 * Puts a text into an editor and does not save it, so that the user sees what would be written, can go on writing, undo
 * or save. A file that is not there yet becomes an untitled document with its path, which saves without a question.
 */
export async function proposeText(uri: Uri, text: string): Promise<TextDocument> {
  const document =
    (await openText(uri)) ?? (await workspace.openTextDocument(uri.with({ scheme: 'untitled' })));
  const { start, end, newText } = changedPart(document.getText(), text);
  const edit = new WorkspaceEdit();
  const range = new Range(document.positionAt(start), document.positionAt(end));
  edit.replace(document.uri, range, newText);
  if (start < end || newText !== '') await workspace.applyEdit(edit);
  return document;
}

/** Shows a proposed text: what is new as a whole, else the difference to the file on disk. */
export async function showProposed(document: TextDocument): Promise<void> {
  await window.showTextDocument(document, { preview: false });
  if (document.isUntitled || !document.isDirty) return;
  await commands.executeCommand('workbench.files.action.compareWithSaved', document.uri);
}

/** The text of a file as editors have it; `undefined` when there is no such file. */
export async function openText(uri: Uri): Promise<TextDocument | undefined> {
  const untitled = uri.with({ scheme: 'untitled' }).toString();
  const names = new Set([uri.toString(), untitled]);
  const open = workspace.textDocuments.find((document) => names.has(document.uri.toString()));
  if (open) return open;
  return (await exists(uri)) ? workspace.openTextDocument(uri) : undefined;
}

/** A place in a folder where nothing is: the name, or the name with a number. A name never leads out of the folder. */
export async function freePlace(folder: Uri, wanted: string, ending: string): Promise<Uri> {
  const name = wanted.replaceAll(/[/\\]/g, '-');
  for (let number = 1; ; number++) {
    const uri = Uri.joinPath(folder, `${name}${number === 1 ? '' : `-${number}`}${ending}`);
    const untitled = uri.with({ scheme: 'untitled' }).toString();
    const isOpen = workspace.textDocuments.some((document) => document.uri.toString() === untitled);
    if (number >= 100 || !(isOpen || (await exists(uri)))) return uri;
  }
}

async function exists(uri: Uri): Promise<boolean> {
  try {
    await workspace.fs.stat(uri);
    return true;
  } catch {
    return false;
  }
}

/** The one stretch in which two texts differ: what surrounds it keeps its place, its folding and its breakpoints. */
function changedPart(before: string, after: string) {
  const shorter = Math.min(before.length, after.length);
  let start = 0;
  while (start < shorter && before[start] === after[start]) start += 1;
  let tail = 0;
  while (tail < shorter - start && before.at(-1 - tail) === after.at(-1 - tail)) tail += 1;
  return { start, end: before.length - tail, newText: after.slice(start, after.length - tail) };
}
