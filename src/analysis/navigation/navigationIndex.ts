import type { Position } from '../../base/position.ts';
import {
  arrayMember,
  compileResourceSelector,
  member,
  memberAt,
  stringMember,
} from '../../engine/index.ts';
import { pathAt } from '../../yaml/index.ts';
import type { SourcePath } from '../../yaml/index.ts';
import type { Item, Snapshot } from '../snapshot.ts';
import type { Mention } from './mention.ts';
import { mentionsOf } from './mentions.ts';
import { isSameNamespace, namedBy, namedKey } from './named.ts';
import type { Named } from './named.ts';

/** A mention and the object that it stands in. */
export interface PlacedMention {
  readonly item: Item;
  readonly mention: Mention;
}

/** A selector that chooses by labels or by kind alone. */
export interface OpenSelector {
  readonly item: Item;
  /** The selector, and the field that decides. */
  readonly scope: SourcePath;
  readonly path: SourcePath;
  readonly matches: (template: Item) => boolean;
}

/** Who is called what, and who speaks of whom, in one snapshot. */
export interface NavigationIndex {
  readonly items: ReadonlyMap<string, readonly Item[]>;
  readonly mentions: ReadonlyMap<string, readonly PlacedMention[]>;
  readonly openSelectors: readonly OpenSelector[];
  readonly ofFile: ReadonlyMap<string, readonly Item[]>;
}

const known = new WeakMap<Snapshot, NavigationIndex>();

/** Made when somebody first asks something about a snapshot. */
export function navigationIndex(snapshot: Snapshot): NavigationIndex {
  const answered = known.get(snapshot);
  if (answered) return answered;
  const items = new Map<string, Item[]>();
  const mentions = new Map<string, PlacedMention[]>();
  const ofFile = new Map<string, Item[]>();
  for (const item of snapshot.objects) {
    addTo(items, namedKey(namedBy(item)), item);
    if (item.context === undefined) addTo(ofFile, item.file.uri, item);
    for (const mention of mentionsOf(item)) addTo(mentions, namedKey(mention), { item, mention });
  }
  const index = {
    items,
    mentions,
    ofFile,
    openSelectors: snapshot.objects.flatMap(openSelectorsOf),
  };
  known.set(snapshot, index);
  return index;
}

function addTo<T>(map: Map<string, T[]>, key: string, value: T): void {
  const list = map.get(key);
  if (list) list.push(value);
  else map.set(key, [value]);
}

function openSelectorsOf(item: Item): readonly OpenSelector[] {
  if (item.role !== 'propagation' && item.role !== 'override') return [];
  const selectors = arrayMember(member(item.source, 'spec'), 'resourceSelectors');
  return selectors.flatMap((selector, i) => {
    if (stringMember(selector, 'name') !== '') return [];
    const scope = ['spec', 'resourceSelectors', i];
    const hasLabels = memberAt(selector, 'labelSelector') !== undefined;
    // The stored form has the namespace that the webhook fills in.
    const stored = arrayMember(member(item.stored, 'spec'), 'resourceSelectors')[i];
    const matches = compileResourceSelector(stored ?? null);
    return {
      item,
      scope,
      path: [...scope, hasLabels ? 'labelSelector' : 'kind'],
      matches: ({ role, stored: template }: Item) =>
        role === 'template' && template !== undefined && matches(template) > 0,
    };
  });
}

/** The objects that a name can mean, in the order of documents. */
export function itemsNamed({ items }: NavigationIndex, named: Named): readonly Item[] {
  return (items.get(namedKey(named)) ?? []).filter((item) => isSameNamespace(namedBy(item), named));
}

/** The places that name an object. */
export function mentionsNaming(
  { mentions }: NavigationIndex,
  named: Named,
): readonly PlacedMention[] {
  return (mentions.get(namedKey(named)) ?? []).filter(({ mention }) =>
    isSameNamespace(mention, named),
  );
}

/** What stands at a position: the object, the path in it, and what is meant there. */
export interface Spot {
  readonly item: Item;
  readonly path: SourcePath;
  readonly mention?: Mention;
  readonly openSelector?: OpenSelector;
  /** The name of the object itself. */
  readonly isOwnName: boolean;
}

/** `undefined` where no object of the workspace is. */
export function spotAt(snapshot: Snapshot, uri: string, position: Position): Spot | undefined {
  const index = navigationIndex(snapshot);
  const items = index.ofFile.get(uri) ?? [];
  const offset = items[0]?.file.lines.offsetAt(position) ?? -1;
  const inDocument = items.filter(
    ({ document }) => offset >= document.start && offset <= document.end,
  );
  const first = inDocument.find(({ document }) => offset < document.end) ?? inDocument[0];
  const found = first && pathAt(first.document, offset);
  if (!found || (found.part !== 'key' && found.part !== 'value')) return undefined;
  const item = inDocument.find(
    (candidate) => candidate.document === first.document && startsWith(found.path, candidate.path),
  );
  if (!item) return undefined;
  const path = found.path.slice(item.path.length);
  const mention = mentionsOf(item)
    .filter(({ scope }) => startsWith(path, scope))
    .toSorted((a, b) => b.scope.length - a.scope.length)[0];
  const openSelector = index.openSelectors.find(
    (selector) => selector.item === item && startsWith(path, selector.scope),
  );
  return {
    item,
    path,
    ...(mention ? { mention } : {}),
    ...(openSelector ? { openSelector } : {}),
    isOwnName: isSamePath(path, ['metadata', 'name']),
  };
}

function startsWith(path: SourcePath, start: SourcePath): boolean {
  return start.every((step, i) => path[i] === step);
}

/** Whether two paths are the same. */
export function isSamePath(a: SourcePath, b: SourcePath): boolean {
  return a.length === b.length && startsWith(a, b);
}
