import { commands, env, Uri, workspace, WorkspaceEdit } from 'vscode';
import { listClusters, type Workspace } from '../../analysis/index.ts';
import { DisposableStore } from '../../base/lifecycle.ts';
import { memberAt } from '../../engine/index.ts';
import {
  hasSuspendPolicy,
  isReleaseKind,
  objectKey,
  suspendedBy,
  suspendEdit,
  suspendPolicy,
  suspendPolicyName,
  type FleetModel,
  type ObjectReference,
  type ObjectRow,
} from '../../live/index.ts';
import { printYaml } from '../../yaml/index.ts';
import type { Documents } from '../documents.ts';
import { showWarning } from '../messages.ts';
import { commandIds } from '../names.ts';
import { act, type ActingParts } from './acting.ts';
import { freePlace, openText, proposeText, showProposed } from './proposedText.ts';
import { releaseTargets, type OnCluster } from './releaseTargets.ts';
import { suspendRefusal, type SuspendAction } from './suspendRefusal.ts';
import { treeTargets } from './treeTargets.ts';

/** One release, the clusters that were chosen and what is to become of it there. */
interface Wish {
  readonly release: ObjectReference;
  readonly clusters: readonly string[];
  readonly action: SuspendAction;
}

/**
 * Suspends or resumes releases on the clusters chosen, by an override policy in a file: nothing is written to the control
 * plane, and Karmada would take back a change on the member. The file is not saved; what each cluster would get of it is
 * shown.
 */
export async function suspendReleases(
  parts: ActingParts,
  action: SuspendAction,
  args: readonly unknown[],
): Promise<void> {
  const interests = ['clusters', 'releases', 'objects'] as const;
  const title = action === 'suspend' ? 'Suspend a release' : 'Resume a release';
  // Nothing is written to the control plane, so a read-only context is as good as any.
  await act(parts, { interests, writes: false }, async ({ model }) => {
    const refusal = (target: OnCluster) => suspendRefusal(model, target, action);
    const isMeant = ({ reference }: { readonly reference: ObjectReference }) =>
      isReleaseKind(reference);
    const targets = await releaseTargets(model, treeTargets(args), { title, isMeant, refusal });
    if (!targets) return;
    const reasons = targets.flatMap((target) => {
      const reason = refusal(target);
      return reason === undefined ? [] : [`${target.cluster}: ${reason}`];
    });
    if (reasons.length > 0) void showWarning(reasons.join(' '));
    const possible = targets.filter((target) => refusal(target) === undefined);
    const documents = await parts.documents();
    await documents.whenReady;
    for (const wish of wishesOf(possible, action)) {
      if (!(await fulfil(parts, { model, documents }, wish))) return;
    }
  });
}

function wishesOf(targets: readonly OnCluster[], action: SuspendAction): readonly Wish[] {
  const byRelease = new Map<string, { release: ObjectReference; clusters: string[] }>();
  for (const { reference, cluster } of targets) {
    const key = objectKey(reference);
    const wish = byRelease.get(key) ?? { release: reference, clusters: [] };
    byRelease.set(key, wish);
    wish.clusters.push(cluster);
  }
  return [...byRelease.values()].map((wish) => ({ ...wish, action }));
}

interface Sources {
  readonly model: FleetModel;
  readonly documents: Documents;
}

/** Proposes one change; answers whether to go on with the next release. */
async function fulfil(parts: ActingParts, sources: Sources, wish: Wish): Promise<boolean> {
  const planned = await plan(sources, wish);
  if ('reason' in planned) {
    void sayWhyNot(parts, planned);
    return true;
  }
  const { uri, text } = planned;
  if (text === '') {
    if (!(await deleteFile(uri))) return false;
  } else if (uri) {
    await showProposed(await proposeText(uri, text));
  } else {
    const document = await workspace.openTextDocument({ language: 'yaml', content: text });
    await showProposed(document);
  }
  const left = leftBehind(sources.model, wish, text);
  if (left) void sayWhyNot(parts, left);
  else await showEffect(sources.documents, wish, text !== '');
  return true;
}

/** The policy that goes out of a file with its last cluster, and is on the control plane until it is deleted there. */
function leftBehind(
  model: FleetModel,
  { release, action }: Wish,
  text: string,
): Hindrance | undefined {
  if (action === 'suspend' || hasSuspendPolicy(text, release)) return undefined;
  const policy = livePolicy(model, release);
  if (!policy) return undefined;
  const reason = `OverridePolicy ${policy.name} is out of the files, and still on the control plane.`;
  return { reason, policy };
}

async function deleteFile(uri: Uri | undefined): Promise<boolean> {
  if (!uri) return true;
  const question = `Delete ${workspace.asRelativePath(uri)}?`;
  const detail = 'Nothing but the policy that suspends the release is in it.';
  if (!(await showWarning(question, { modal: true, detail }, 'Delete'))) return false;
  const edit = new WorkspaceEdit();
  edit.deleteFile(uri);
  return workspace.applyEdit(edit);
}

/** A file as it is to be; without a place a new document, without a text none at all. */
interface PlannedFile {
  readonly uri: Uri | undefined;
  readonly text: string;
}

interface Hindrance {
  readonly reason: string;
  /** A policy on the control plane that has no file. */
  readonly policy?: ObjectRow;
}

/** The file that says it already, as it is to be; else a new one beside the release. */
async function plan(
  { model, documents }: Sources,
  { release, clusters, action }: Wish,
): Promise<PlannedFile | Hindrance> {
  const request = { release, clusters, action };
  for (const [name, known] of documents.texts) {
    if (!hasSuspendPolicy(known, release)) continue;
    const uri = Uri.parse(name);
    const text = (await openText(uri))?.getText() ?? known;
    const edit = suspendEdit(request, text);
    if ('after' in edit) return { uri, text: edit.after };
    if (action === 'suspend') return edit;
  }
  const live = livePolicy(model, release);
  const named = { ...request, name: live?.name ?? freeName(model, documents.workspace, release) };
  const start = live
    ? printYaml(suspendPolicy({ ...named, clusters: liveClusters(live, release) }))
    : '';
  const edit = suspendEdit(named, start);
  if ('reason' in edit) return edit;
  if (edit.after === '' && live) {
    const reason = `OverridePolicy ${live.name} on the control plane suspends it there, and is in no file of the workspace.`;
    return { reason, policy: live };
  }
  const folder = folderFor(documents.workspace, release);
  const uri = folder && (await freePlace(folder, named.name, '.yaml'));
  return { uri, text: edit.after };
}

function livePolicy(model: FleetModel, release: ObjectReference): ObjectRow | undefined {
  for (const row of model.objects.values()) {
    if (row.kind === 'OverridePolicy' && suspendedBy(row.object, release)) return row;
  }
  return undefined;
}

function liveClusters(policy: ObjectRow, release: ObjectReference): readonly string[] {
  return suspendedBy(policy.object, release) ?? [];
}

/** A name that no other policy has. */
function freeName(model: FleetModel, analysis: Workspace, release: ObjectReference): string {
  const { namespace } = release;
  const isTaken = (name: string): boolean =>
    model.objects.has(objectKey({ kind: 'OverridePolicy', namespace, name })) ||
    analysis
      .workspaceSymbols(name)
      .some((symbol) => symbol.name === name && symbol.container.startsWith('OverridePolicy'));
  const base = suspendPolicyName(release);
  for (let number = 1; number < 100; number++) {
    const name = number === 1 ? base : `${base}-${number}`;
    if (!isTaken(name)) return name;
  }
  return base;
}

/** Beside the release where a file has it, else the first folder. */
function folderFor(analysis: Workspace, release: ObjectReference): Uri | undefined {
  const template = templateOf(analysis, release);
  const uri = template && Uri.parse(template.uri);
  if (uri && workspace.getWorkspaceFolder(uri)) return Uri.joinPath(uri, '..');
  return workspace.workspaceFolders?.[0]?.uri;
}

/** Longer than laying the documents over a control plane takes whose lists are read. */
const longestWait = 5000;

/**
 * The release among the templates. One that only the control plane has is among them as soon as the policy's document,
 * which may be the first one open, is laid over the control plane.
 */
async function templateIn(documents: Documents, release: ObjectReference, isInFile: boolean) {
  const find = () => templateOf(documents.workspace, release);
  const found = find();
  if (found || !isInFile) return found;
  const store = new DisposableStore();
  await new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, longestWait);
    store.add({ dispose: () => clearTimeout(timer) });
    store.add(documents.onDidChange(() => find() && resolve()));
  });
  store.dispose();
  return find();
}

function templateOf(analysis: Workspace, { kind, namespace, name }: ObjectReference) {
  return analysis
    .templates()
    .find((info) => info.kind === kind && info.namespace === namespace && info.name === name);
}

/** The preview of what each cluster gets, and a warning where another override has the last word. */
async function showEffect(
  documents: Documents,
  { release, clusters, action }: Wish,
  isInFile: boolean,
): Promise<void> {
  const template = await templateIn(documents, release, isInFile);
  if (!template) return;
  const analysis = documents.workspace;
  const isWanted = action === 'suspend';
  const others = clusters.filter((cluster) => {
    const manifest = analysis.manifest({ template: template.key, side: 'cluster', cluster });
    return manifest && (memberAt(manifest, 'spec', 'suspend') === true) !== isWanted;
  });
  if (others.length > 0) {
    const still = isWanted ? 'would still not be suspended' : 'would still be suspended';
    void showWarning(
      `${release.name} ${still} on ${listClusters(others)}: another override of /spec/suspend applies later, or this one fails. The preview tells which.`,
    );
  }
  await commands.executeCommand(commandIds.openPreview, { templates: [template.key] });
}

async function sayWhyNot(parts: ActingParts, { reason, policy }: Hindrance): Promise<void> {
  if (!policy) {
    void showWarning(reason);
    return;
  }
  const choice = await showWarning(`${reason} Delete it to resume.`, 'Copy kubectl Command');
  if (!choice) return;
  const words = ['--context', parts.connection.context, '-n', policy.namespace];
  const command = ['kubectl', ...words, 'delete', 'overridepolicy', policy.name]
    .map(quoted)
    .join(' ');
  await env.clipboard.writeText(command);
}

/** For a shell. What would act on a terminal while it is pasted is left out. */
function quoted(text: string): string {
  const word = text.replaceAll(/[\u0000-\u001f\u007f-\u009f]/g, '');
  return /^[\w./:@-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
