import { Range, Uri, window, workspace, WorkspaceEdit, type TextDocument } from 'vscode';

/** A file as it is to be; an empty text removes one that is there. */
export interface PlannedFile {
  readonly uri: Uri;
  readonly text: string;
}

/**
 * Writes a file after the user has seen the change in VS Code's refactor preview. Answers whether the user agreed; a file
 * that is already so is not shown.
 */
export async function writePreviewed(
  { uri, text }: PlannedFile,
  label: string,
): Promise<'written' | 'unchanged' | 'declined'> {
  const before = await openText(uri);
  if (before?.getText() === text) return 'unchanged';
  const edit = new WorkspaceEdit();
  const metadata = { needsConfirmation: true, label };
  if (!before) {
    edit.createFile(uri, { contents: new TextEncoder().encode(text) }, metadata);
  } else if (text === '') {
    edit.deleteFile(uri, {}, metadata);
  } else {
    const { start, end, newText } = changedPart(before.getText(), text);
    const range = new Range(before.positionAt(start), before.positionAt(end));
    edit.replace(uri, range, newText, metadata);
  }
  return (await workspace.applyEdit(edit)) ? 'written' : 'declined';
}

/** The text of a file as editors have it; `undefined` when there is no such file or it cannot be read as text. */
export async function openText(uri: Uri): Promise<TextDocument | undefined> {
  const open = workspace.textDocuments.find(
    (document) => document.uri.toString() === uri.toString(),
  );
  if (open) return open;
  try {
    await workspace.fs.stat(uri);
  } catch {
    return undefined;
  }
  return workspace.openTextDocument(uri);
}

/** Asks where to write; without a folder the system's dialog begins where it likes. */
export async function askWhere(folder: Uri | undefined, name: string): Promise<Uri | undefined> {
  return window.showSaveDialog({
    ...(folder ? { defaultUri: Uri.joinPath(folder, name) } : {}),
    filters: { YAML: ['yaml', 'yml'] },
  });
}

/** The one stretch in which two texts differ, so that a preview shows no more than that. */
function changedPart(before: string, after: string) {
  const shorter = Math.min(before.length, after.length);
  let start = 0;
  while (start < shorter && before[start] === after[start]) start += 1;
  let tail = 0;
  while (tail < shorter - start && before.at(-1 - tail) === after.at(-1 - tail)) tail += 1;
  return { start, end: before.length - tail, newText: after.slice(start, after.length - tail) };
}
