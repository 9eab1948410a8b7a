// What the suites do with pushes: documents to push, the review, its confirmation, and the journals on the disk.
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { journalText, readJournal, type Journal } from '../../../src/push/index.ts';
import { createJournalFiles } from '../../../src/vscode/push/journalFiles.ts';
import { createStorageFolder } from '../../../src/vscode/push/storageFolder.ts';
import { click, domText, hover, press, waitFor } from './driver.ts';
import { fileUri } from './previews.ts';
import { run, shown, treeLines } from './window.ts';

export const helm = 'helm.toolkit.fluxcd.io/v2';
const policyVersion = 'policy.karmada.io/v1alpha1';

/** A folder of documents in the workspace. */
export interface Documents {
  readonly uri: vscode.Uri;
  write(name: string, ...objects: readonly object[]): Promise<void>;
  file(name: string): vscode.Uri;
  remove(): Promise<void>;
}

export function documentsIn(folder: string): Documents {
  const uri = fileUri(folder);
  const file = (name: string) => vscode.Uri.joinPath(uri, name);
  return {
    uri,
    file,
    async write(name, ...objects) {
      const text = objects.map((one) => `${JSON.stringify(one, undefined, 2)}\n`).join('---\n');
      await vscode.workspace.fs.writeFile(file(name), new TextEncoder().encode(text));
    },
    remove: async () => vscode.workspace.fs.delete(uri, { recursive: true }),
  };
}

export function namespaceObject(name: string): object {
  return { apiVersion: 'v1', kind: 'Namespace', metadata: { name } };
}

export function sourceObject(namespace: string, name: string): object {
  return {
    ...{ apiVersion: 'source.toolkit.fluxcd.io/v1', kind: 'HelmRepository' },
    metadata: { name, namespace },
    spec: { url: 'https://example.com/charts', interval: '10m' },
  };
}

export function releaseObject(namespace: string, name: string, values: object): object {
  const sourceRef = { kind: 'HelmRepository', name };
  return {
    ...{ apiVersion: helm, kind: 'HelmRelease', metadata: { name, namespace } },
    spec: {
      interval: '10m',
      chart: { spec: { chart: name, version: '1.0.0', sourceRef } },
      values,
    },
  };
}

export function propagationObject(
  namespace: string,
  name: string,
  { kind, clusters }: { readonly kind: string; readonly clusters: readonly string[] },
): object {
  const apiVersion = kind === 'HelmRelease' ? helm : 'source.toolkit.fluxcd.io/v1';
  return {
    ...{ apiVersion: policyVersion, kind: 'PropagationPolicy' },
    metadata: { name: `${name}-${kind.toLowerCase()}`, namespace },
    spec: {
      resourceSelectors: [{ apiVersion, kind, name }],
      placement: { clusterAffinity: { clusterNames: clusters } },
    },
  };
}

/** Asks for a review until its lines are as wanted: the analysis reads a file a moment after it is written. */
export async function reviewed(
  uris: readonly vscode.Uri[],
  what: RegExp,
  command = 'karmada.push',
): Promise<void> {
  await vscode.extensions.getExtension('karmada-flux.karmada-flux')?.activate();
  const asked: { command?: Promise<unknown>; since: number } = { since: 0 };
  await waitFor(`a review with ${String(what)}`, async () => {
    if (!asked.command) {
      asked.since = Date.now();
      const ended = () => void delete asked.command;
      asked.command = Promise.resolve(run(command, { uris })).finally(ended);
    }
    await Promise.race([asked.command, new Promise((go) => setTimeout(go, 500))]);
    // One review at a time. A command that has something to say ends when that is gone.
    const isBusy = asked.command !== undefined;
    if (isBusy && Date.now() - asked.since > 5000) await run('notifications.clearAll');
    if (isBusy) return false;
    return (await treeLines()).some((text) => what.test(text));
  }).catch(async (error: unknown) => {
    throw new Error(`${String(error)}; there is\n${(await treeLines()).join('\n')}`);
  });
}

/** Waits for a modal question that names something, and answers it with its first button. */
export async function confirm(what: RegExp): Promise<string> {
  const text = await waitFor(`a question ${String(what)}`, async () =>
    (await domText('.monaco-dialog-box')).find((one) => what.test(one)),
  ).catch(async (error: unknown) => {
    await run('notifications.showList');
    const now = await domText('.monaco-dialog-box, .notifications-center');
    throw new Error(`${String(error)}; there is\n${[...now, ...(await treeLines())].join('\n')}`);
  });
  await click('.monaco-dialog-box .dialog-buttons .monaco-button:not(.secondary)');
  await waitFor('the question to go', async () =>
    (await domText('.monaco-dialog-box')).every((one) => one !== text),
  );
  return text;
}

/** When the last review was confirmed: pushes before it are of no interest. */
let confirmedAt = 0;

/** Runs what is reviewed; gives what was asked. A review that is out of date by a late event of a file is made anew first. */
export async function runReviewed(what = /\bfleet\b/): Promise<string> {
  confirmedAt = Date.now();
  await run('notifications.clearAll');
  await waitFor('a question', async () => {
    void run('karmada.push.run');
    return (await domText('.monaco-dialog-box')).length > 0;
  });
  return confirm(what);
}

/** Goes on with the push that stopped. */
export async function resumeStopped(): Promise<void> {
  void run('karmada.push.resume');
  await confirm(/\bfleet\b/);
}

/** What a wave takes and how it is taken apart: clusters by hand, the first of two first. */
export async function chooseWaves(second: string): Promise<void> {
  await shown('.quick-input-list-row', /by hand/i);
  await press('Enter');
  // The first one is ticked already.
  await shown('.quick-input-list-row', new RegExp(second));
  await waitFor('the tick', async () =>
    (await domText('.quick-input-count')).some((text) => /1/.test(text)),
  );
  await press('Enter');
}

/** Clicks the action of a line until the line's text is another. */
export async function actOn(text: string, action: string): Promise<void> {
  const row = `.pane-body .monaco-list-row:has-text("${text}")`;
  await waitFor(`${action} of ${text}`, async () => {
    if ((await domText(row)).length === 0) return true;
    await hover(row).catch(() => undefined);
    await click(`${row} .action-label[aria-label^="${action}"]`).catch(() => undefined);
    return false;
  });
}

/** Leaves no push in the window; what stopped is given up. */
export async function leavePush(): Promise<void> {
  const button = '.monaco-dialog-box .dialog-buttons .monaco-button:not(.secondary)';
  void run('karmada.push.discard');
  await waitFor('the push to go', async () => {
    if ((await domText(button)).length > 0) await click(button).catch(() => undefined);
    return (await treeLines()).every((text) => !/^(Steps|Changes)/.test(text));
  });
}

/** Where the extension keeps its journals. */
export function journalFolder(): string {
  const window = join(fileUri('.').fsPath, '..');
  const own = join('User', 'globalStorage', 'karmada-flux.karmada-flux', 'pushes');
  const found = [join(window, 'server', 'data'), join(window, 'user')].filter(existsSync);
  const [data] = found;
  assert.ok(data, `no data of VS Code below ${window}`);
  return join(data, own);
}

/** Everything in that folder as text. */
export function journalTexts(): readonly string[] {
  const folder = journalFolder();
  if (!existsSync(folder)) return [];
  return readdirSync(folder).map((name) => readFileSync(join(folder, name), 'utf8'));
}

/** The extension's own store, as another window has it. */
function store() {
  const folder = createStorageFolder(vscode.Uri.file(journalFolder()));
  return createJournalFiles(folder, {
    owner: 'the test',
    now: () => Date.now(),
    sleep: () => Promise.resolve(),
    every: () => ({ dispose: () => undefined }),
  });
}

/** What is kept of pushes, the latest first. */
export async function journals(): Promise<readonly Journal[]> {
  const files = store();
  const texts = await Promise.all((await files.list()).map((id) => files.read(id)));
  return texts
    .flatMap((text) => (text === undefined ? [] : (readJournal(text) ?? [])))
    .toSorted((a, b) => b.startedAt - a.startedAt);
}

/** Keeps a journal as a window does that is then gone: its claim stays, and beats no more. */
export async function leaveJournal(journal: Journal): Promise<void> {
  await store().write(journal.id, journalText(journal));
  const lock = { owner: 'a window that is gone', at: Date.now() - 60_000 };
  writeFileSync(join(journalFolder(), `${journal.id}.lock`), JSON.stringify(lock));
}

/** Forgets all pushes. */
export function forgetJournals(): void {
  rmSync(journalFolder(), { recursive: true, force: true });
}

/** Waits until the latest push is in a state, one that is done also out of sight, and gives its journal. */
export async function latest(state: Journal['state'], timeout = 30_000): Promise<Journal> {
  return waitFor(
    `the latest push to be ${state}`,
    async () => {
      const [journal] = await journals();
      if (journal?.state !== state || journal.startedAt < confirmedAt) return undefined;
      // The journal is told of before the view goes.
      const isShown = (await treeLines()).some((text) => text.startsWith('Steps'));
      return state === 'done' && isShown ? undefined : journal;
    },
    timeout,
  ).catch(async (error: unknown) => {
    const [journal] = await journals();
    const steps = journal?.states.map(
      (one, at) => `${journal.review.steps[at]?.type}: ${JSON.stringify(one).slice(0, 200)}`,
    );
    const now = [journal?.state ?? 'not there', ...(steps ?? []), ...(await treeLines())];
    throw new Error(`${String(error)}; it is ${now.join('\n')}`);
  });
}

/** Hides or shows the views of clusters and releases: only lines that can be seen are in the window. */
export async function toggleOthers(): Promise<void> {
  for (const view of ['clusters', 'releases']) await run(`karmada.${view}.toggleVisibility`);
}
