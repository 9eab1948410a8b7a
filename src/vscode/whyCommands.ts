import { commands, window, type LogOutputChannel } from 'vscode';
import type { LiveObjectName } from '../analysis/index.ts';
import { DisposableStore, type Disposable } from '../base/lifecycle.ts';
import { isHelmRelease, type ObjectReference } from '../live/index.ts';
import { act, type ActingParts } from './acting/acting.ts';
import { isCluster, treeTargets, type TreeTarget } from './acting/treeTargets.ts';
import { isAnalysed } from './analysed.ts';
import { registerHandlers } from './commands.ts';
import { openDrift, registerDriftDocuments, type Against } from './drift.ts';
import { registerLiveDocuments } from './liveDocuments.ts';
import type { MemberAccess } from './memberAccess.ts';
import { showInformation } from './messages.ts';
import { objectCommandIds } from './names.ts';
import { plainLabel } from './plainLabel.ts';
import { whyInterests, WhyDocuments } from './whyDocuments.ts';
import { objectAt, toObjectUri, toWhyUri } from './whyTarget.ts';

/**
 * Registers the documents of live objects and explanations, and the commands that open them; contacts nothing by itself.
 */
export function registerObjectViews(
  parts: ActingParts,
  access: MemberAccess,
  log: LogOutputChannel,
): Disposable {
  const store = new DisposableStore();
  store.add(registerLiveDocuments(parts.connection, access));
  store.add(registerDriftDocuments(parts, access));
  store.add(new WhyDocuments({ ...parts, access, log }));
  const drift = (against: Against) => (args: readonly unknown[]) =>
    onMember(parts, args, comparisons[against], (object) => openDrift(object, against));
  store.add(
    registerHandlers(
      objectCommandIds,
      {
        explain: (args) => explain(parts, args),
        openObject: (args) => openObject(parts, args),
        openTemplate: (args) => openObject(parts, args),
        openMemberObject: (args) => onMember(parts, args, "Open member's object", open),
        compareWithWork: drift('work'),
        compareWithWorkspace: drift('workspace'),
      },
      log,
    ),
  );
  return store;
}

const comparisons: Readonly<Record<Against, string>> = {
  work: 'Compare with Work',
  workspace: 'Compare with workspace',
};

/** Explains the line of a tree, or the object at the cursor; asks for a release where there is neither. */
async function explain(parts: ActingParts, args: readonly unknown[]): Promise<void> {
  await act(parts, { interests: whyInterests, writes: false }, async () => {
    const target = await targetOf(parts, args, 'Why is it so?');
    if (target) await show(toWhyUri(named(parts, target)));
  });
}

async function openObject(parts: ActingParts, args: readonly unknown[]): Promise<void> {
  await act(parts, { interests: ['releases'], writes: false }, async () => {
    const target = await targetOf(parts, args, 'Open live object');
    if (target) await open(named(parts, { reference: target.reference }));
  });
}

async function onMember(
  parts: ActingParts,
  args: readonly unknown[],
  title: string,
  run: (object: LiveObjectName) => Promise<void>,
): Promise<void> {
  await act(parts, { interests: ['clusters', 'releases'], writes: false }, async () => {
    const target = await targetOf(parts, args, title);
    if (!target) return;
    const cluster = target.cluster ?? (await pickCluster(parts, target.reference, title));
    if (cluster !== undefined) await run(named(parts, { ...target, cluster }));
  });
}

function named({ connection }: ActingParts, { reference, cluster }: TreeTarget): LiveObjectName {
  const { context } = connection;
  const member = cluster === undefined || isCluster(reference) ? {} : { cluster };
  return { context, ...reference, ...member };
}

async function open(object: LiveObjectName): Promise<void> {
  await show(toObjectUri(object));
}

async function show(uri: ReturnType<typeof toObjectUri>): Promise<void> {
  await commands.executeCommand('vscode.open', uri);
}

async function targetOf(
  parts: ActingParts,
  args: readonly unknown[],
  title: string,
): Promise<TreeTarget | undefined> {
  const [target] = treeTargets(args);
  if (target) return target;
  const reference = (await atCursor(parts)) ?? (await pickRelease(parts, title));
  return reference && { reference };
}

async function atCursor({
  connection,
  documents,
}: ActingParts): Promise<ObjectReference | undefined> {
  const editor = window.activeTextEditor;
  if (!editor || !isAnalysed(editor.document)) return undefined;
  const found = await documents();
  await found.whenReady;
  const { document, selection } = editor;
  return objectAt(found.workspace, connection.model, document, selection.active);
}

async function pickRelease(
  { connection }: ActingParts,
  title: string,
): Promise<ObjectReference | undefined> {
  const releases = [...connection.model.releases.values()];
  if (releases.length === 0) {
    await showInformation('The control plane has no releases.');
    return undefined;
  }
  const items = releases
    .map(({ reference }) => ({
      label: plainLabel(reference.name),
      description: plainLabel(`${reference.kind} ${reference.namespace}`),
      reference,
    }))
    .sort((a, b) => Number(isHelmRelease(b.reference)) - Number(isHelmRelease(a.reference)));
  const picked = await window.showQuickPick(items, {
    title,
    placeHolder: 'Which object?',
    matchOnDescription: true,
  });
  return picked?.reference;
}

async function pickCluster(
  { connection }: ActingParts,
  reference: ObjectReference,
  title: string,
): Promise<string | undefined> {
  const binding = connection.model.bindingOf(reference);
  const names = binding?.clusters.map(({ name }) => name) ?? [];
  if (names.length === 0) {
    await showInformation(`${reference.name} is on no cluster.`);
    return undefined;
  }
  if (names.length === 1) return names[0];
  const items = names.map((name) => ({ label: plainLabel(name), name }));
  const picked = await window.showQuickPick(items, { title, placeHolder: 'On which cluster?' });
  return picked?.name;
}
