import {
  QuickPickItemKind,
  ThemeIcon,
  window,
  workspace,
  type QuickPickItem,
  type Uri,
} from 'vscode';
import type { OverrideEdits } from '../../analysis/index.ts';
import { DisposableStore } from '../../base/lifecycle.ts';
import type { JsonValue } from '../../engine/index.ts';
import { printFlow, readGoYaml } from '../../yaml/index.ts';
import type { Documents } from '../documents.ts';
import { showInformation, showWarning } from '../messages.ts';
import { namesOf } from '../previewViews.ts';
import { plainLabel } from '../plainLabel.ts';
import type { Draft, OverrideDrafts } from './overrideDrafts.ts';
import { overridePaths } from './overridePaths.ts';
import { pickClusters } from './pickClusters.ts';
import { whereText } from './pickedText.ts';
import { planned } from './planned.ts';
import type { Plans } from './plans.ts';

/** What the override commands work with. */
export interface OverrideParts {
  readonly documents: Documents;
  readonly plans: Plans;
  readonly drafts: OverrideDrafts;
}

/** Asks for clusters, then for one value or for an edited manifest, and shows the policy that would be written. */
export async function overrideForClusters(parts: OverrideParts, template: string): Promise<void> {
  const { workspace: analysis } = parts.documents;
  const name = namesOf([template]);
  const title = `Override ${name}`;
  const clusters = await pickClusters({
    title: `${title} for clusters`,
    choices: analysis.clusterChoices([template]),
    picked: new Set(),
    hasTraits: true,
  });
  if (!clusters) return;
  const manifest = analysis.manifestToEdit({ template, clusters });
  const draft: Draft = { template, clusters, where: whereText(clusters), manifest };
  const what = await pickPath(`${title} for ${draft.where}`, manifest);
  if (!what) return;
  if (what.type === 'manifest') {
    await openDraft(parts.drafts, draft);
    return;
  }
  const edits = what.type === 'remove' ? removing(what.path) : await askValue(draft, what);
  if (edits) await showOverride(parts, draft, edits);
}

/** Plans the override that the manifest in an editor asks for. */
export async function createOverride(parts: OverrideParts, given: unknown): Promise<void> {
  const active = window.activeTextEditor?.document.uri;
  const uri = [given, active].find((one): one is Uri => isUri(one) && !!parts.drafts.draftOf(one));
  const draft = uri && parts.drafts.draftOf(uri);
  const document =
    uri && workspace.textDocuments.find((one) => one.uri.toString() === uri.toString());
  if (!draft || !document) {
    void showInformation('Run Override for Clusters first, and edit the manifest that it opens.');
    return;
  }
  if (!(await isStillMeant(parts, draft))) return;
  const text = document.getText();
  await showOverride(parts, draft, { type: 'manifest', text }, async () => {
    if (document.isDirty) await document.save();
    await closeTabs(document.uri);
    parts.drafts.close(document.uri);
  });
}

/** A text that was begun with another manifest would take back what has changed since. */
async function isStillMeant({ documents }: OverrideParts, draft: Draft): Promise<boolean> {
  if (documents.workspace.manifestToEdit(draft) === draft.manifest) return true;
  const name = namesOf([draft.template]);
  const choice = await showWarning(
    `${name} has changed on ${draft.where} since you began: what your text lacks of that would be taken back there.`,
    planLabel,
  );
  return choice === planLabel;
}

const planLabel = 'Plan Anyway';

function isUri(value: unknown): value is Uri {
  return typeof value === 'object' && value !== null && 'scheme' in value && 'path' in value;
}

async function closeTabs(uri: Uri): Promise<void> {
  const tabs = window.tabGroups.all
    .flatMap((group) => group.tabs)
    .filter(({ input }) => {
      const shown = typeof input === 'object' && input !== null && 'uri' in input && input.uri;
      return isUri(shown) && shown.toString() === uri.toString();
    });
  if (tabs.length > 0) await window.tabGroups.close(tabs, true);
}

async function showOverride(
  { documents, plans }: OverrideParts,
  { template, clusters, where }: Draft,
  edits: OverrideEdits,
  saved?: () => Promise<void>,
): Promise<void> {
  const title = `Override ${namesOf([template])} for ${where}`;
  const request = { template, clusters, edits };
  await plans.show({
    title,
    templates: [template],
    make: () => planned(title, documents.workspace.overrideInSteps(request)),
    sources: () => [],
    ...(saved ? { saved: () => void saved() } : {}),
  });
}

async function openDraft(drafts: OverrideDrafts, draft: Draft): Promise<void> {
  const name = namesOf([draft.template]);
  const head = `# Edit this as ${draft.where} should get ${name}, then choose Create Override above.\n`;
  const uri = drafts.open(draft, head + draft.manifest);
  await window.showTextDocument(await workspace.openTextDocument(uri), { preview: false });
}

type Wish =
  | { readonly type: 'manifest' }
  | { readonly type: 'value'; readonly path: string; readonly valueText: string }
  | { readonly type: 'remove'; readonly path: string };

interface PathItem extends QuickPickItem {
  /** `typed` is the path in the box. */
  readonly wish?: Wish | typeof typedPath;
}

const removeButton = { iconPath: new ThemeIcon('trash'), tooltip: 'Remove on these clusters' };

/** Asks for a place in a manifest; a typed path that is not there yet is one, too. */
function pickPath(title: string, manifest: string): Promise<Wish | undefined> {
  const places = placesOf(manifest);
  return new Promise((resolve) => {
    const store = new DisposableStore();
    const pick = store.add(window.createQuickPick<PathItem>());
    pick.title = title;
    pick.placeholder = 'Pick a value, or type a path such as /spec/values/replicaCount';
    pick.items = places.items;
    pick.matchOnDescription = true;
    let answer: Wish | undefined;
    const end = (wish: Wish | undefined) => {
      if (!wish) return;
      answer = wish;
      pick.hide();
    };
    store.add(pick.onDidChangeValue((typed) => void (pick.items = places.itemsFor(typed.trim()))));
    store.add(
      pick.onDidTriggerItemButton(({ item: { wish } }) => {
        if (wish?.type === 'value') end({ type: 'remove', path: wish.path });
      }),
    );
    store.add(
      pick.onDidAccept(() => {
        end(places.chosen(pick.selectedItems[0], pick.value.trim()));
      }),
    );
    store.add(
      pick.onDidHide(() => {
        store.dispose();
        resolve(answer);
      }),
    );
    pick.show();
  });
}

/** The lines of the places of a manifest. */
function placesOf(manifest: string) {
  const read = readGoYaml(manifest);
  const known = overridePaths('value' in read ? read.value : {}, (value) =>
    printFlow(value as JsonValue),
  );
  const values = known.map(({ path, valueText }) => ({
    label: plainLabel(path),
    description: plainLabel(valueText.slice(0, 100)),
    buttons: [removeButton],
    wish: { type: 'value' as const, path, valueText },
  }));
  const edit: PathItem = {
    label: '$(edit) Edit the manifest',
    alwaysShow: true,
    wish: { type: 'manifest' },
  };
  const valueAt = (path: string): Wish | undefined => {
    const { valueText = '' } = known.find((one) => one.path === path) ?? {};
    return isPath(path) ? { type: 'value', path, valueText } : undefined;
  };
  const items: readonly PathItem[] = [
    edit,
    { label: 'Or one value', kind: QuickPickItemKind.Separator },
    ...values,
  ];
  return {
    items,
    /** Places that fit what was typed go first, then the path as it was typed. */
    itemsFor(typed: string): readonly PathItem[] {
      if (typed === '') return items;
      const isNew = isPath(typed) && known.every(({ path }) => path !== typed);
      return [...values, ...(isNew ? [newPath(typed)] : []), edit];
    },
    /** What Enter is for. The line may be of what was typed a moment ago: one that does not fit is not meant. */
    chosen(item: PathItem | undefined, typed: string): Wish | undefined {
      const { wish = typedPath } = item ?? {};
      const fits = (text: string) => text.toLowerCase().includes(typed.toLowerCase());
      const isMeant =
        wish.type === 'manifest' ||
        (wish.type === 'value' && (!isPath(typed) || fits(wish.path) || fits(wish.valueText)));
      const isThere = known.some(({ path }) => path === typed);
      return isMeant && !isThere ? wish : valueAt(typed);
    },
  };
}

function isPath(text: string): boolean {
  return text.startsWith('/') && text.length > 1;
}

const typedPath = { type: 'typed' } as const;

function newPath(path: string): PathItem {
  return {
    label: plainLabel(path),
    description: 'new',
    alwaysShow: true,
    wish: typedPath,
  };
}

function removing(path: string): OverrideEdits {
  return { type: 'pointers', values: [{ path }] };
}

async function askValue(
  { template, where }: Draft,
  { path, valueText }: { readonly path: string; readonly valueText: string },
): Promise<OverrideEdits | undefined> {
  const typed = await window.showInputBox({
    title: plainLabel(`Override ${namesOf([template])} for ${where}`),
    prompt: plainLabel(`${path} on ${where}, as YAML`),
    value: valueText,
    validateInput(text) {
      const read = readGoYaml(text);
      return 'error' in read ? `This is no YAML: ${read.error.replace(/^yaml: /, '')}` : undefined;
    },
  });
  if (typed === undefined) return undefined;
  return { type: 'pointers', values: [{ path, valueText: typed }] };
}
