import type { Position } from '../../base/position.ts';
import { setValue } from '../../yaml/index.ts';
import type { SourcePath } from '../../yaml/index.ts';
import type { RenamePlace } from '../api.ts';
import type { FileEdit } from '../fixes/fix.ts';
import { listName } from '../listName.ts';
import { rangeAt } from '../place.ts';
import type { Item, Snapshot } from '../snapshot.ts';
import { namedAt } from './definition.ts';
import { namedBy } from './named.ts';
import type { Named } from './named.ts';
import {
  isSamePath,
  itemsNamed,
  mentionsNaming,
  navigationIndex,
  spotAt,
} from './navigationIndex.ts';
import type { NavigationIndex } from './navigationIndex.ts';

const ownName = ['metadata', 'name'];

/** The name at a position that a rename would change, or why there is none. */
export function renamePlaceAt(
  snapshot: Snapshot,
  uri: string,
  position: Position,
): RenamePlace | { readonly reason: string } {
  const spot = spotAt(snapshot, uri, position);
  const named = spot && namedAt(spot);
  if (!named) return { reason: 'There is no name of an object here.' };
  if (named.kind === 'Cluster' && named.group === 'cluster.karmada.io') {
    return { reason: 'A cluster gets its name when it joins; it cannot be renamed.' };
  }
  const path = spot.mention?.path ?? ownName;
  if (!isSamePath(spot.path, path)) return { reason: 'There is no name of an object here.' };
  return { range: rangeAt(spot.item, path), name: named.name };
}

/** A DNS subdomain (`k8s.io/apimachinery/pkg/util/validation`), which every kind takes that others refer to. */
const validName = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;

/** What a rename changes, or why it cannot be done. */
type FileRename = { readonly edits: readonly FileEdit[] } | { readonly reason: string };

/** The smallest edits after which an object has another name and everything that names it follows. */
export function renameAt(
  snapshot: Snapshot,
  uri: string,
  position: Position,
  newName: string,
): FileRename {
  const place = renamePlaceAt(snapshot, uri, position);
  if ('reason' in place) return place;
  if (newName.length > 253 || !validName.test(newName)) {
    return { reason: 'A name has lower-case letters, digits, - and . only, at most 253.' };
  }
  const spot = spotAt(snapshot, uri, position);
  const named = spot && namedAt(spot);
  if (!named || newName === named.name) return { edits: [] };
  const index = navigationIndex(snapshot);
  const owner = itemsNamed(index, named)[0]?.context;
  if (owner !== undefined) {
    return {
      reason: `${listName(named.kind, named.namespace ?? '', named.name)} is on ${owner} and in no document here.`,
    };
  }
  const problem = obstacle(index, named, newName);
  return problem === undefined ? editsOf(index, named, newName) : { reason: problem };
}

/** Why a rename would change what some place means. */
function obstacle(index: NavigationIndex, named: Named, newName: string): string | undefined {
  const namespaces = new Set(itemsNamed(index, named).map(({ namespace }) => namespace));
  if (namespaces.size > 1) {
    const names = [...namespaces].map((namespace) => `${namespace}/${named.name}`);
    return `This names several objects: ${names.join(', ')}.`;
  }
  const [namespace = named.namespace] = namespaces;
  const taken = itemsNamed(index, { ...named, namespace, name: newName })[0];
  if (taken) return `${listName(taken.kind, taken.namespace, newName)} is there already.`;
  const wide = mentionsNaming(index, { ...named, namespace }).find(
    ({ mention }) =>
      mention.namespace === undefined &&
      itemsNamed(index, mention).some((item) => item.namespace !== namespace),
  );
  if (!wide) return undefined;
  const { kind, name } = wide.item;
  return `${listName(kind, wide.item.namespace, name)} selects this name in other namespaces too.`;
}

function editsOf(index: NavigationIndex, named: Named, newName: string): FileRename {
  const items = itemsNamed(index, named);
  const exact = items[0] ? namedBy(items[0]) : named;
  const places: readonly { readonly item: Item; readonly path: SourcePath }[] = [
    ...items.map((item) => ({ item, path: ownName })),
    ...mentionsNaming(index, exact).map(({ item, mention }) => ({ item, path: mention.path })),
  ];
  const edits = new Map<string, FileEdit>();
  for (const { item, path } of places) {
    if (item.context !== undefined) continue;
    const answer = setValue(item.document, [...item.path, ...path], newName);
    if ('reason' in answer) {
      return {
        reason: `${listName(item.kind, item.namespace, item.name)} cannot follow: ${answer.reason}.`,
      };
    }
    const { uri } = item.file;
    for (const edit of answer.edits) edits.set(`${uri} ${edit.start}`, { uri, ...edit });
  }
  return { edits: [...edits.values()] };
}
