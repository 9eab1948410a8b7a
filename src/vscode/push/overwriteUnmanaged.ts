import { Range, Uri, window, workspace, WorkspaceEdit } from 'vscode';
import { memberAt } from '../../engine/index.ts';
import type { ObjectReference } from '../../live/index.ts';
import { parseSource, setValue } from '../../yaml/index.ts';
import { showInformation } from '../messages.ts';
import type { PushTarget } from './pushLine.ts';
import type { Pushes } from './pushes.ts';
import { nameOf } from './pushTexts.ts';

/**
 * Lets Karmada take over what exists on a member: writes `conflictResolution: Overwrite` into the policy's document, not
 * saved, and reviews the push anew. A policy that is in no document of the workspace is left to the user.
 */
export async function overwrite(pushes: Pushes, target: PushTarget | undefined): Promise<void> {
  const reference = target?.type === 'question' ? target.question.reference : undefined;
  if (!reference) return;
  const documents = await pushes.parts.documents();
  const known = documents.workspace.pushSources([...documents.texts.keys()]);
  const found = known.find((one) => isSame(one.reference, reference));
  const edited = found && (await setOverwrite(Uri.parse(found.uri), reference));
  if (!edited) {
    const sentence = `${nameOf(reference)} is in no file that could be edited here. Set its spec.conflictResolution to Overwrite, and push it as well.`;
    void showInformation(sentence);
    return;
  }
  await window.showTextDocument(edited.uri, { selection: edited.range, preview: false });
  await pushes.refresh();
}

async function setOverwrite(uri: Uri, reference: ObjectReference) {
  const document = await workspace.openTextDocument(uri);
  const written = parseSource(document.getText()).documents.find(
    ({ value }) =>
      memberAt(value, 'kind') === reference.kind &&
      memberAt(value, 'metadata', 'name') === reference.name &&
      (memberAt(value, 'metadata', 'namespace') ?? reference.namespace) === reference.namespace,
  );
  const answer = written && setValue(written, ['spec', 'conflictResolution'], 'Overwrite');
  if (!answer || 'reason' in answer) return undefined;
  const edit = new WorkspaceEdit();
  for (const { start, end, newText } of answer.edits) {
    const range = new Range(document.positionAt(start), document.positionAt(end));
    edit.replace(uri, range, newText);
  }
  await workspace.applyEdit(edit);
  const [first] = answer.edits;
  const place = document.positionAt(first?.start ?? 0);
  return { uri, range: new Range(place, place) };
}

function isSame(a: ObjectReference, b: ObjectReference): boolean {
  return a.kind === b.kind && a.namespace === b.namespace && a.name === b.name;
}
