import { commands, EventEmitter, Uri, window, workspace, type Tab } from 'vscode';
import { DisposableStore, type Disposable } from '../../base/lifecycle.ts';
import type { Effect, ObjectChange, PushReview } from '../../push/index.ts';
import { showInformation } from '../messages.ts';
import { pushScheme } from '../names.ts';
import { accountText } from './accountText.ts';
import { idOf } from './changeLines.ts';
import type { Pushes } from './pushes.ts';
import { headline, nameOf, templateName } from './pushTexts.ts';
import { changeTexts, manifestTexts, type Sides } from './reviewTexts.ts';

type Side = keyof Sides;
type Kind = 'change' | 'effect' | 'account';

interface Query {
  readonly kind: Kind;
  /** Of a change: its object; of an effect: its template, clusters and kind; of an account: the journal. */
  readonly id: string;
  readonly side: Side;
}

/** Serves both sides of what a review compares, masked, and accounts of pushes. */
export function registerPushDocuments(pushes: Pushes): Disposable {
  const store = new DisposableStore();
  const didChange = store.add(new EventEmitter<Uri>());
  const given = new Map<string, Uri>();
  store.add(
    workspace.registerTextDocumentContentProvider(pushScheme, {
      onDidChange: didChange.event,
      async provideTextDocumentContent(uri) {
        given.set(uri.toString(), uri);
        return textOf(pushes, uri);
      },
    }),
  );
  store.add(
    pushes.onDidChange(({ type }) => {
      if (type === 'review') for (const uri of given.values()) didChange.fire(uri);
      if (type === 'none') void closeComparisons();
    }),
  );
  store.add(workspace.onDidCloseTextDocument(({ uri }) => given.delete(uri.toString())));
  return store;
}

/** A review that is over has nothing to compare any more; accounts stay. */
async function closeComparisons(): Promise<void> {
  const tabs = window.tabGroups.all
    .flatMap((group) => group.tabs)
    .filter((tab) => urisOf(tab).some(isOfReview));
  if (tabs.length > 0) await window.tabGroups.close(tabs, true);
}

/** What a tab shows; of a diff of what is new or goes one side only. */
function urisOf({ input }: Tab): readonly unknown[] {
  if (typeof input !== 'object' || input === null) return [];
  const diffs = 'textDiffs' in input && Array.isArray(input.textDiffs) ? input.textDiffs : [];
  return [input, ...diffs].flatMap((one: object) => Object.values(one));
}

function isOfReview(uri: unknown): boolean {
  if (!(uri instanceof Uri) || uri.scheme !== pushScheme) return false;
  return readQuery(uri.query)?.kind !== 'account';
}

/** Opens what is on the server beside what will be. */
export async function compareChange(change: ObjectChange): Promise<void> {
  const { reference, type } = change;
  const sides = { create: 'new', delete: 'deleted', change: 'live ↔ new', unchanged: 'unchanged' };
  const [left, right] = changeUris(change);
  // One side alone is no comparison.
  if (!left || !right) {
    await commands.executeCommand('vscode.open', left ?? right, { preview: true });
    return;
  }
  await commands.executeCommand('vscode.diff', left, right, `${nameOf(reference)}: ${sides[type]}`);
}

/** Opens what members have beside what they will get. */
export async function compareEffect(effect: Effect): Promise<void> {
  const [left, right] = effectUris(effect);
  if (!left || !right) {
    await commands.executeCommand('vscode.open', left ?? right, { preview: true });
    return;
  }
  const [first = '', ...more] = effect.clusters;
  const clusters = more.length === 0 ? first : `${first} and ${more.length} more`;
  const title = `${templateName(effect.template)} on ${clusters}: now ↔ then`;
  await commands.executeCommand('vscode.diff', left, right, title);
}

/** Opens all changes and effects of a review as one diff over many files. */
export async function compareAll(review: PushReview): Promise<void> {
  const pairs = [
    ...review.changes.filter(({ type }) => type !== 'unchanged').map(changeUris),
    ...review.effects.filter(({ type }) => type !== 'unchanged').map(effectUris),
  ].slice(0, mostRows);
  if (pairs.length === 0) {
    void showInformation('Nothing changes.');
    return;
  }
  const resources = pairs.map(([left, right]) => [right ?? left, left, right]);
  await commands.executeCommand('vscode.changes', headline(review), resources);
  await commands.executeCommand('workbench.action.keepEditor');
}

/** VS Code opens two documents for every row at once. */
const mostRows = 250;

/** Opens the account of a push. */
export async function openAccount(id: string): Promise<void> {
  const uri = toUri('account of the push', { kind: 'account', id, side: 'after' }, '.txt');
  await commands.executeCommand('vscode.open', uri);
}

type UriSides = readonly [Uri | undefined, Uri | undefined];

function changeUris(change: ObjectChange): UriSides {
  const { namespace, kind, name } = change.reference;
  const path = [namespace, `${name} (${kind})`].filter(Boolean).join('/');
  return sidesOf(path, { kind: 'change', id: idOf(change) }, change);
}

function effectUris(effect: Effect): UriSides {
  const [kind = '', namespace = '', name = ''] = effect.template.split('/').slice(-3);
  const [first = '', ...more] = effect.clusters;
  const clusters = more.length === 0 ? first : `${first} + ${more.length} more`;
  const path = [namespace, `${name} (${kind})`, `on ${clusters}`].filter(Boolean).join('/');
  return sidesOf(path, { kind: 'effect', id: effectId(effect) }, effect);
}

function effectId({ template, clusters, type, isPassing = false }: Effect): string {
  return JSON.stringify([template, clusters, type, isPassing]);
}

/** A side that does not exist has no document. */
function sidesOf(
  path: string,
  query: Omit<Query, 'side'>,
  { before, after }: { readonly before?: unknown; readonly after?: unknown },
): UriSides {
  const uriOf = (side: Side) => toUri(path, { ...query, side }, '.yaml');
  return [
    before === undefined ? undefined : uriOf('before'),
    after === undefined ? undefined : uriOf('after'),
  ];
}

function toUri(path: string, query: Query, ending: string): Uri {
  return Uri.from({
    scheme: pushScheme,
    // A name that no server takes may be in a document all the same; two slashes would begin a host.
    path: `/${path.replaceAll('\\', '-').replace(/^\/+/, '')}${ending}`,
    query: JSON.stringify(query),
  });
}

async function textOf(pushes: Pushes, uri: Uri): Promise<string> {
  const query = readQuery(uri.query);
  if (!query) return '# This document was made by another version and cannot be shown.\n';
  if (query.kind === 'account') return accountOf(pushes, query.id);
  const { stage } = pushes;
  const gone = '# This review is over.\n';
  if (stage.type === 'none') return gone;
  if (query.kind === 'change') {
    const change = stage.review.changes.find((one) => idOf(one) === query.id);
    return change ? changeTexts(change)[query.side] : gone;
  }
  const effect = stage.review.effects.find((one) => effectId(one) === query.id);
  return effect ? manifestTexts(effect)[query.side] : gone;
}

async function accountOf({ parts }: Pushes, id: string): Promise<string> {
  const text = await parts.journals.read(id);
  const journal = text === undefined ? undefined : parts.engine.readJournal(text);
  if (!journal) return '# There is no account of this push any more.\n';
  return accountText(journal, parts.engine.accountOf(journal));
}

/** A URI of ours may come from anywhere. */
function readQuery(text: string): Query | undefined {
  try {
    const { kind, id, side } = JSON.parse(text) as Partial<Query>;
    if (kind !== 'change' && kind !== 'effect' && kind !== 'account') return undefined;
    if (typeof id !== 'string' || (side !== 'before' && side !== 'after')) return undefined;
    return { kind, id, side };
  } catch {
    return undefined;
  }
}
