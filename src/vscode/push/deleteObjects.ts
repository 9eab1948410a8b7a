import { window, type QuickPickItem } from 'vscode';
import type { ObjectReference } from '../../live/index.ts';
import { isDeletable } from '../../push/index.ts';
import { treeTargets } from '../acting/treeTargets.ts';
import { toPosition } from '../convert.ts';
import type { Documents } from '../documents.ts';
import { showInformation } from '../messages.ts';
import { plainLabel } from '../plainLabel.ts';
import { chosenUris, deletionSubject, filesBelow, titleOf } from './documentSubject.ts';
import type { Pushes } from './pushes.ts';
import { nameOf } from './pushTexts.ts';
import { reviewSubject } from './reviewSubject.ts';

/**
 * Reviews taking objects off the control plane: those of lines of a view, all of files and folders chosen in the explorer,
 * the one at the cursor. The documents stay as they are.
 */
export async function deleteObjects(pushes: Pushes, args: readonly unknown[]): Promise<void> {
  const objects = treeObjects(args) ?? (await writtenObjects(pushes, args));
  if (!objects || objects.length === 0) return;
  const [first] = objects;
  const title = objects.length === 1 && first ? nameOf(first) : `${objects.length} objects`;
  await reviewSubject(pushes, deletionSubject(pushes.parts.engine, objects, title));
}

/** `undefined` when the command was not called on a view. Lines of single clusters stand for no object of their own. */
function treeObjects(args: readonly unknown[]): readonly ObjectReference[] | undefined {
  const targets = treeTargets(args);
  if (targets.length === 0) return undefined;
  return targets
    .filter(({ cluster }) => cluster === undefined)
    .map(({ reference }) => reference)
    .filter((reference) => isDeletable({ reference, object: {} }));
}

async function writtenObjects(
  { parts }: Pushes,
  args: readonly unknown[],
): Promise<readonly ObjectReference[] | undefined> {
  const uris = chosenUris(args);
  const documents = await parts.documents();
  await documents.whenReady;
  await documents.catchUp(uris);
  const files = filesBelow(documents, uris);
  const found = documents.workspace.pushSources(files).filter(isDeletable);
  const objects = found.map(({ reference }) => reference);
  if (objects.length === 0) {
    const what = uris.length === 0 ? 'Open or select a file with Kubernetes objects first.' : '';
    void showInformation(what || `${titleOf(uris)} holds no object that could be deleted.`);
    return undefined;
  }
  // In the explorer whole files are meant.
  if (Array.isArray(args[1])) return objects;
  const here = objectAtCursor(documents, files);
  if (here) return [here];
  return objects.length === 1 ? objects : pick(objects, titleOf(uris));
}

function objectAtCursor(
  { workspace: analysis }: Documents,
  [file, ...others]: readonly string[],
): ObjectReference | undefined {
  const editor = window.activeTextEditor;
  if (!file || others.length > 0 || editor?.document.uri.toString() !== file) return undefined;
  const source = analysis.pushSourceAt(file, toPosition(editor.selection.active));
  return source && isDeletable(source) ? source.reference : undefined;
}

interface ObjectItem extends QuickPickItem {
  readonly reference: ObjectReference;
}

async function pick(
  objects: readonly ObjectReference[],
  place: string,
): Promise<readonly ObjectReference[] | undefined> {
  const items = objects.map((reference): ObjectItem => {
    const { kind, namespace, name } = reference;
    const description = [kind, namespace].filter(Boolean).join(' · ');
    return { label: plainLabel(name), description: plainLabel(description), reference };
  });
  const chosen = await window.showQuickPick(items, {
    title: plainLabel(`Delete from Karmada: ${place}`),
    placeHolder: 'Which objects?',
    canPickMany: true,
    matchOnDescription: true,
  });
  return chosen?.map(({ reference }) => reference);
}
