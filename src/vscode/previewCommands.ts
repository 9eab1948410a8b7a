import { commands, ProgressLocation, Uri, window, workspace, type Position } from 'vscode';
import { isAnalysedUri } from './analysed.ts';
import { compareClusters } from './compare.ts';
import { toPosition } from './convert.ts';
import { diffsOf } from './diffTabs.ts';
import type { Documents } from './documents.ts';
import { showInformation } from './messages.ts';
import type { commandIds } from './names.ts';
import { pickTemplates } from './pickTemplates.ts';
import {
  openComparison,
  openPreview,
  viewOf,
  visibleViews,
  type PreviewView,
} from './previewViews.ts';
import { fromLinkArguments } from './provenance.ts';
import { readSettings } from './settings.ts';

/** What the commands over documents do. They throw only on faults of our own. */
export type PreviewCommands = {
  readonly [
    name in Exclude<keyof typeof commandIds, 'showLog' | 'explainFinding' | 'openSample'>
  ]: (args: readonly unknown[]) => Promise<void>;
};

/** The commands over the documents. */
export function createPreviewCommands(documents: Documents): PreviewCommands {
  return {
    openPreview: (args) => preview(documents, args),
    compareClusters: (args) => compare(documents, args),
    refreshPreview: async (args) => {
      await documents.catchUp((workspace.workspaceFolders ?? []).map(({ uri }) => uri));
      await reopen(documents, args);
    },
    showBookkeeping: (args) => reopen(documents, args, true),
    hideBookkeeping: (args) => reopen(documents, args, false),
    widenPreview: widen,
    revealPlace: reveal,
  };
}

async function preview(documents: Documents, args: readonly unknown[]): Promise<void> {
  const templates = await templatesOf(documents, args, {
    title: 'Preview on clusters',
    withAll: true,
  });
  if (!templates) return;
  const bookkeeping = readSettings().showsBookkeeping;
  await openPreview(documents.workspace, { templates, bookkeeping });
}

async function compare(documents: Documents, args: readonly unknown[]): Promise<void> {
  const view = viewFor(args);
  const given = view ? [{ templates: view.templates }] : args;
  const picked = await templatesOf(documents, given, { title: 'Compare clusters', withAll: false });
  const [template] = picked ?? [];
  if (template === undefined) return;
  const bookkeeping = view?.hasBookkeeping ?? readSettings().showsBookkeeping;
  await compareClusters(documents.workspace, template, bookkeeping);
}

/** Opens a view anew: with the groups as they are now, and with or without bookkeeping when that is said. */
async function reopen(
  documents: Documents,
  args: readonly unknown[],
  wanted?: boolean,
): Promise<void> {
  const view = viewFor(args);
  if (!view) {
    await showInformation('Open a preview on clusters first.');
    return;
  }
  await ready(documents);
  const bookkeeping = wanted ?? view.hasBookkeeping;
  const [pair] = view.pairs;
  if (view.type === 'comparison' && pair) {
    const clusters = [pair.left.cluster, pair.right.cluster] as const;
    await openComparison(pair.right.template, clusters, bookkeeping);
    return;
  }
  const templates = view.templates.filter(
    (template) => documents.workspace.entries(template).length > 0,
  );
  if (templates.length > 0) {
    await openPreview(documents.workspace, { templates, bookkeeping }, view.templates);
  } else await showInformation('The template of this preview is gone.');
}

/** Gives the diff the window's whole width: below about 900 px VS Code draws both sides in one column. */
async function widen(): Promise<void> {
  await commands.executeCommand('workbench.action.maximizeEditorHideSidebar');
}

async function reveal(args: readonly unknown[]): Promise<void> {
  const place = fromLinkArguments(args);
  if (!place || !isAnalysedUri(place.uri)) return;
  await window.showTextDocument(place.uri, { selection: place.range });
}

/** The view that a command in an editor's title means, else the one in sight. */
function viewFor([uri]: readonly unknown[]): PreviewView | undefined {
  const views = visibleViews();
  const active = viewOf(window.tabGroups.activeTabGroup.activeTab);
  if (!(uri instanceof Uri)) return active ?? views[0];
  const shows = ({ tab }: PreviewView) =>
    diffsOf(tab).some(({ modified }) => modified.toString() === uri.toString());
  return views.find(shows) ?? active ?? (uri.scheme === 'multi-diff-editor' ? views[0] : undefined);
}

/** The templates that a command is about: given by a lens, below the files chosen, or in the active editor. */
async function templatesOf(
  documents: Documents,
  args: readonly unknown[],
  options: { readonly title: string; readonly withAll: boolean },
): Promise<readonly string[] | undefined> {
  await ready(documents);
  const given = lensTemplates(args[0]);
  const uris = given ? [] : chosenUris(args);
  const templates = given ?? templatesBelow(documents, uris);
  if (templates.length > 0) return pickTemplates(documents.workspace, templates, options);
  await showInformation(nothingToPreview(uris));
  return undefined;
}

function lensTemplates(argument: unknown): readonly string[] | undefined {
  if (typeof argument !== 'object' || argument === null || !('templates' in argument)) return;
  const { templates } = argument;
  if (!Array.isArray(templates)) return undefined;
  return templates.filter((template) => typeof template === 'string');
}

/** The explorer hands over the file clicked and all files selected; the palette nothing. */
function chosenUris([first, all]: readonly unknown[]): readonly Uri[] {
  const selected = Array.isArray(all) ? all.filter((uri) => uri instanceof Uri) : [];
  if (selected.length > 0) return selected;
  if (first instanceof Uri) return [first];
  const active = window.activeTextEditor?.document.uri;
  return active ? [active] : [];
}

function templatesBelow(documents: Documents, uris: readonly Uri[]): readonly string[] {
  const names = [...documents.texts.keys()];
  const files = uris.flatMap((uri) => {
    const name = uri.toString();
    if (documents.texts.has(name)) return [name];
    const prefix = name.endsWith('/') ? name : `${name}/`;
    return names.filter((other) => other.startsWith(prefix)).sort();
  });
  const [file] = files;
  const position = files.length === 1 && file !== undefined ? cursorIn(file) : undefined;
  if (file !== undefined && position) {
    const here = documents.workspace.templatesFor(file, toPosition(position));
    if (here.length > 0) return here;
  }
  return [...new Set(files.flatMap((name) => documents.workspace.templatesFor(name)))];
}

function cursorIn(name: string): Position | undefined {
  const editor = window.activeTextEditor;
  return editor?.document.uri.toString() === name ? editor.selection.active : undefined;
}

function nothingToPreview(uris: readonly Uri[]): string {
  const [uri] = uris;
  if (!uri) return 'Open a HelmRelease, another template or a policy first.';
  const name = uris.length === 1 ? workspace.asRelativePath(uri) : 'The selection';
  return `${name} holds no template that Karmada could propagate, and no policy that selects one.`;
}

async function ready(documents: Documents): Promise<void> {
  if (documents.isReady) return;
  await window.withProgress(
    { location: ProgressLocation.Window, title: 'Reading manifests' },
    () => documents.whenReady,
  );
}
