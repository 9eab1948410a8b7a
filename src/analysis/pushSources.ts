import { isObject, member, stringMember, withMember, withoutMember } from '../engine/index.ts';
import type { JsonObject } from '../engine/index.ts';
import type { Position } from '../base/position.ts';
import { cursorAt } from './cursor.ts';
import type { Range } from './diagnostic.ts';
import { itemAt } from './itemAt.ts';
import type { Item, Snapshot } from './snapshot.ts';
import { pathOfField, rangeAt, startOf } from './place.ts';

/** What names an object on a control plane. */
export interface ItemReference {
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
}

/** An object of a document as it is sent to a control plane. */
export interface PushableObject {
  readonly reference: ItemReference;
  /** As written, with its namespace filled in, without `status`. */
  readonly object: JsonObject;
  readonly uri: string;
  /** Finds the object again in this text of its document. */
  readonly item: string;
  /** Of its name. */
  readonly range: Range;
}

/** The objects of documents as a control plane would be sent them: all but templated and ignored ones. */
export function pushSourcesOf(
  { items }: Snapshot,
  uris: readonly string[],
): readonly PushableObject[] {
  return uris.flatMap((uri) => named(items, uri).map(([name, item]) => toSource(name, item)));
}

/** The one of them that a position of a document is in; `undefined` between objects. */
export function pushSourceAt(
  snapshot: Snapshot,
  uri: string,
  position: Position,
): PushableObject | undefined {
  const file = snapshot.files.find((known) => known.uri === uri);
  const cursor = file && cursorAt(file, position);
  const here = cursor && itemAt(snapshot, cursor);
  const found = named(snapshot.items, uri).find(([, item]) => item === here);
  return found && toSource(...found);
}

/**
 * Where a field of an object is written, named as an API server does, such as `spec.rules[0].name`; the object's kind
 * where it is not written at all, and the beginning of the document where there is no such object any more.
 */
export function fieldRangeOf({ items }: Snapshot, uri: string, name: string, field: string): Range {
  const found = named(items, uri).find(([known]) => known === name);
  if (!found) return { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } };
  const [, item] = found;
  const path = pathOfField(item.source, field.replace(/^\./, ''));
  return field === '' ? startOfObject(item) : rangeAt(item, path);
}

/** The items of a document, each with a name that no other one there has. */
function named(items: readonly Item[], uri: string): readonly (readonly [string, Item])[] {
  const counts = new Map<string, number>();
  return items
    .filter(({ file }) => file.uri === uri)
    .map((item) => {
      const count = counts.get(item.key) ?? 0;
      counts.set(item.key, count + 1);
      return [count === 0 ? item.key : `${item.key}#${count}`, item] as const;
    });
}

function toSource(name: string, item: Item): PushableObject {
  const { source, namespace, file } = item;
  return {
    reference: referenceOfItem(item),
    object: withNamespace(withoutMember(source, 'status'), namespace),
    uri: file.uri,
    item: name,
    range: rangeAt(item, ['metadata', 'name']),
  };
}

/** What names an item's object on a control plane. */
export function referenceOfItem(item: Item): ItemReference {
  const { apiVersion, kind, namespace, name } = item;
  return { apiVersion, kind, namespace, name };
}

function withNamespace(object: JsonObject, namespace: string): JsonObject {
  const metadata = member(object, 'metadata');
  if (!isObject(metadata) || stringMember(metadata, 'namespace') === namespace) return object;
  const placed =
    namespace === ''
      ? withoutMember(metadata, 'namespace')
      : withMember(metadata, 'namespace', namespace);
  return withMember(object, 'metadata', placed);
}

function startOfObject(item: Item): Range {
  const range = rangeAt(item, ['kind']);
  return range.start.line === range.end.line ? range : startOf(item);
}
