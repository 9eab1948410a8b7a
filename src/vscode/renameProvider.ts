import { languages } from 'vscode';
import type { Disposable } from '../base/lifecycle.ts';
import { isAnalysed } from './analysed.ts';
import { toPosition, toRange } from './convert.ts';
import type { Documents } from './documents.ts';
import { toWorkspaceEdit } from './workspaceEdit.ts';

/** Renames an object in all documents that name it. A refusal is an error whose message VS Code shows. */
export function registerRename(documents: Documents): Disposable {
  return languages.registerRenameProvider(
    { language: 'yaml' },
    {
      async prepareRename(document, position) {
        if (!isAnalysed(document)) return undefined;
        await documents.whenReady;
        const place = documents.workspace.renamePlace(
          document.uri.toString(),
          toPosition(position),
        );
        if ('reason' in place) throw new Error(place.reason);
        return { range: toRange(place.range), placeholder: place.name };
      },
      async provideRenameEdits(document, position, newName) {
        if (!isAnalysed(document)) return undefined;
        await documents.whenReady;
        const answer = documents.workspace.rename(
          document.uri.toString(),
          toPosition(position),
          newName,
        );
        if ('reason' in answer) throw new Error(answer.reason);
        return toWorkspaceEdit(answer.edits);
      },
    },
  );
}
