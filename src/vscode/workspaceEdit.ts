import { Uri, WorkspaceEdit } from 'vscode';
import type { UriEdit } from '../analysis/index.ts';
import { toRange } from './convert.ts';

/** Edits of the analysis as one step that the user can undo. */
export function toWorkspaceEdit(edits: readonly UriEdit[]): WorkspaceEdit {
  const result = new WorkspaceEdit();
  for (const { uri, range, newText } of edits) {
    result.replace(Uri.parse(uri), toRange(range), newText);
  }
  return result;
}
