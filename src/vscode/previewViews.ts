import { commands, window, type Tab, type Uri, type ViewColumn } from 'vscode';
import type { EntryState, PreviewEntry, PreviewRequest, Workspace } from '../analysis/index.ts';
import { diffsOf, isMultiDiff } from './diffTabs.ts';
import { showInformation } from './messages.ts';
import { fromPreviewUri, toPreviewUri } from './previewDocuments.ts';

/** One row of a view: what is left and what is right. */
interface Pair {
  readonly left: PreviewRequest;
  readonly right: PreviewRequest;
}

/** A tab that shows a preview or a comparison of two clusters, read back from the URIs that it shows. */
export interface PreviewView {
  readonly tab: Tab;
  readonly pairs: readonly Pair[];
  readonly type: 'preview' | 'comparison';
  /** Whether it is VS Code's diff over many files. */
  readonly isMulti: boolean;
  /** Keys of the templates, in the order of the rows. */
  readonly templates: readonly string[];
  readonly hasBookkeeping: boolean;
}

/** What is to be shown. */
export interface PreviewOptions {
  readonly templates: readonly string[];
  readonly bookkeeping: boolean;
}

/** The view in a tab, `undefined` when the tab shows something else. */
export function viewOf(tab: Tab | undefined): PreviewView | undefined {
  if (!tab) return undefined;
  const pairs = diffsOf(tab).map(({ original, modified }) => {
    const left = fromPreviewUri(original);
    const right = fromPreviewUri(modified);
    return left && right && { left, right };
  });
  if (pairs.length === 0 || !pairs.every((pair) => pair !== undefined)) return undefined;
  return {
    tab,
    pairs,
    type: pairs.every(({ left }) => left.side === 'cluster') ? 'comparison' : 'preview',
    isMulti: isMultiDiff(tab),
    templates: [...new Set(pairs.map(({ right }) => right.template))],
    hasBookkeeping: pairs.some(({ right }) => right.bookkeeping),
  };
}

/** All views that can be seen now, one per editor group at most; that of the active group first. */
export function visibleViews(): readonly PreviewView[] {
  const { all, activeTabGroup } = window.tabGroups;
  return [activeTabGroup, ...all.filter((group) => group !== activeTabGroup)]
    .map((group) => viewOf(group.activeTab))
    .filter((view) => view !== undefined);
}

/**
 * Opens a preview: VS Code's diff for one entry, its multi-file diff for several. A view of the same templates that
 * is open already, in whatever editor group, is where the new one appears; so is one of the templates `instead`.
 */
export async function openPreview(
  workspace: Workspace,
  options: PreviewOptions,
  instead: readonly string[] = options.templates,
): Promise<void> {
  const { rows, templates } = rowsOf(workspace, options);
  const replaced = new Set([sortedText(templates), sortedText(instead)]);
  const isOld = (view: PreviewView) =>
    view.type === 'preview' && replaced.has(sortedText(view.templates));
  const [only] = rows;
  if (!only) return;
  const names = namesOf(templates);
  if (rows.length === 1) {
    const { cluster, label } = only.entry;
    const title = `${names}: ${cluster === '' ? label : `template ↔ ${label}`}`;
    await openDiff([only.left, only.right], title, isOld);
    return;
  }
  const resources = rows.map(({ left, right }) => [right, left, right]);
  await replacing(isOld, async () => {
    await commands.executeCommand('vscode.changes', titleOf(names, rows), resources);
    // Or the next file that is opened with one click takes the place of the preview.
    await commands.executeCommand('workbench.action.keepEditor');
  });
  if (templates.length < options.templates.length) {
    const sentence = `The preview shows ${templates.length} of ${options.templates.length} templates: choose fewer to see the others.`;
    void showInformation(sentence);
  }
}

/** Opens what two clusters get of one template side by side. */
export async function openComparison(
  template: string,
  clusters: readonly [string, string],
  bookkeeping: boolean,
): Promise<void> {
  const [left, right] = clusters;
  const toUri = (cluster: string) =>
    toPreviewUri({ template, side: 'cluster', cluster, bookkeeping }, cluster);
  await openDiff(
    [toUri(left), toUri(right)],
    `${namesOf([template])}: ${left} ↔ ${right}`,
    ({ type, pairs: [pair] }) =>
      type === 'comparison' &&
      pair?.right.template === template &&
      pair.left.cluster === left &&
      pair.right.cluster === right,
  );
}

async function openDiff(
  [left, right]: readonly [Uri, Uri],
  title: string,
  isOld: (view: PreviewView) => boolean,
): Promise<void> {
  await replacing(isOld, () =>
    commands.executeCommand('vscode.diff', left, right, title, { preview: false }),
  );
}

/** Opens a view in the editor group of the one that it replaces, and closes that one after. */
async function replacing(
  isOld: (view: PreviewView) => boolean,
  open: () => Thenable<unknown>,
): Promise<void> {
  const oldTabs = () => {
    const tabs = window.tabGroups.all.flatMap((group) => group.tabs);
    return tabs.filter((tab) => {
      const view = viewOf(tab);
      return view !== undefined && isOld(view);
    });
  };
  const [old] = oldTabs();
  if (old && !old.group.isActive) await focusGroup(old.group.viewColumn);
  await open();
  // The new tab is the active one by now. A diff of the same documents is the same tab, and stays.
  const surplus = oldTabs().filter((tab) => !(tab.isActive && tab.group.isActive));
  if (surplus.length > 0) await window.tabGroups.close(surplus, true);
}

async function focusGroup(column: ViewColumn): Promise<void> {
  const ordinals = ['First', 'Second', 'Third', 'Fourth', 'Fifth', 'Sixth', 'Seventh', 'Eighth'];
  const ordinal = ordinals[column - 1];
  if (ordinal) await commands.executeCommand(`workbench.action.focus${ordinal}EditorGroup`);
}

/** Whether the groups that a view shows are not the groups of the workspace any more. */
export function isStale(workspace: Workspace, view: PreviewView): boolean {
  if (view.type === 'comparison') return false;
  const shown = view.pairs.map(({ right }) => rowKey(right.template, right.cluster, right.group));
  const current = view.templates.flatMap((template) =>
    workspace.entries(template).map(({ cluster, group }) => rowKey(template, cluster, group)),
  );
  return sortedText(shown) !== sortedText(current);
}

/** The name of one template as titles show it, or how many there are. */
export function namesOf(templates: readonly string[]): string {
  const names = templates.map((template) => template.split('/').at(-1) ?? '');
  return names.length > 3 ? `${names.length} templates` : [...new Set(names)].join(', ');
}

/** Counts the clusters that get something. */
function titleOf(names: string, rows: readonly { readonly entry: PreviewEntry }[]): string {
  const receiving = rows.filter(({ entry }) => receivingStates.has(entry.state));
  const count = new Set(receiving.flatMap(({ entry }) => entry.clusters)).size;
  if (count === 0) return names;
  return `${names} on ${count} ${count === 1 ? 'cluster' : 'clusters'}`;
}

const receivingStates: ReadonlySet<EntryState> = new Set(['changed', 'unchanged']);

function rowKey(template: string, cluster: string, group = ''): string {
  return JSON.stringify([template, cluster, group]);
}

/** The rows of whole templates, as many as one view can hold. */
function rowsOf(workspace: Workspace, options: PreviewOptions) {
  const rows: { readonly entry: PreviewEntry; readonly left: Uri; readonly right: Uri }[] = [];
  const templates: string[] = [];
  for (const template of options.templates) {
    const entries = workspace.entries(template);
    if (rows.length > 0 && rows.length + entries.length > mostRows) break;
    rows.push(...entries.map((entry) => ({ entry, ...urisFor(template, entry, options) })));
    templates.push(template);
  }
  return { rows, templates };
}

/** VS Code opens two documents for every row at once. */
const mostRows = 250;

function urisFor(template: string, entry: PreviewEntry, { bookkeeping }: PreviewOptions) {
  const { cluster, group, label } = entry;
  const request = { template, cluster, group, bookkeeping };
  return {
    left: toPreviewUri({ ...request, side: 'template' }, label),
    right: toPreviewUri({ ...request, side: 'cluster' }, label),
  };
}

function sortedText(texts: readonly string[]): string {
  return texts.toSorted().join('\n');
}
