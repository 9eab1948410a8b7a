import { Range, Uri, workspace, WorkspaceEdit, type TextDocument } from 'vscode';
import { listClusters } from '../../analysis/index.ts';
import type { FilePlan, PlannedFile } from '../../analysis/index.ts';

/** Saved; or a sentence on the file that is not as it was when the plan was made, or could not be saved. */
export type SaveAnswer =
  | { readonly saved: readonly Uri[] }
  | {
      readonly reason: string;
      /** Whether the files are edited all the same. */
      readonly isWritten: boolean;
    };

/**
 * Writes the files of a plan as one step that can be undone, and saves them. Nothing is written when one of them has
 * changed since the plan was made.
 */
export async function savePlan({ files }: FilePlan): Promise<SaveAnswer> {
  const edit = new WorkspaceEdit();
  const changed: TextDocument[] = [];
  for (const file of files) {
    const uri = Uri.parse(file.uri);
    const document = await openIfThere(uri);
    const text = document?.getText();
    if (text !== file.before) {
      return { reason: changedSentence(uri, file, text), isWritten: false };
    }
    if (file.after === undefined) edit.deleteFile(uri);
    else if (document) {
      replaceChanged(edit, document, file.after);
      changed.push(document);
    } else edit.createFile(uri, { contents: new TextEncoder().encode(file.after) });
  }
  if (!(await workspace.applyEdit(edit))) {
    return { reason: 'The files could not be written.', isWritten: false };
  }
  const unsaved: string[] = [];
  for (const document of changed) {
    if (document.isUntitled || (await document.save())) continue;
    unsaved.push(workspace.asRelativePath(document.uri));
  }
  if (unsaved.length > 0) {
    const [verb, them] = unsaved.length === 1 ? ['is', 'it'] : ['are', 'them'];
    const reason = `${listClusters(unsaved)} ${verb} edited and could not be saved: save ${them} yourself, or undo.`;
    return { reason, isWritten: true };
  }
  return { saved: files.map(({ uri }) => Uri.parse(uri)) };
}

function changedSentence(uri: Uri, file: PlannedFile, text: string | undefined): string {
  const name = workspace.asRelativePath(uri);
  if (file.before === undefined) return `${name} is there by now.`;
  return text === undefined ? `${name} is gone.` : `${name} has changed.`;
}

async function openIfThere(uri: Uri): Promise<TextDocument | undefined> {
  const open = workspace.textDocuments.find(
    (document) => document.uri.toString() === uri.toString() && !document.isClosed,
  );
  if (open) return open;
  try {
    await workspace.fs.stat(uri);
  } catch {
    return undefined;
  }
  return workspace.openTextDocument(uri);
}

/** Replaces the one stretch that differs, so that cursors and folding elsewhere stay. */
function replaceChanged(edit: WorkspaceEdit, document: TextDocument, after: string): void {
  const before = document.getText();
  const shorter = Math.min(before.length, after.length);
  let start = 0;
  while (start < shorter && before[start] === after[start]) start += 1;
  let tail = 0;
  while (tail < shorter - start && before.at(-1 - tail) === after.at(-1 - tail)) tail += 1;
  const range = new Range(document.positionAt(start), document.positionAt(before.length - tail));
  edit.replace(document.uri, range, after.slice(start, after.length - tail));
}

/** What is saved besides: what the user has edited in the files of a plan and not saved yet. '' for nothing. */
export function unsavedSentence({ files }: FilePlan): string {
  const planned = new Set(files.map(({ uri }) => Uri.parse(uri).toString()));
  const names = workspace.textDocuments
    .filter(({ uri, isDirty, isUntitled }) => isDirty && !isUntitled && planned.has(uri.toString()))
    .map(({ uri }) => workspace.asRelativePath(uri));
  return names.length === 0
    ? ''
    : `Your unsaved edits of ${listClusters(names)} are saved with it.`;
}
