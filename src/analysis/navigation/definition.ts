import type { Position } from '../../base/position.ts';
import type { DefinitionLink, Location } from '../api.ts';
import { rangeAt } from '../place.ts';
import type { Item, Snapshot } from '../snapshot.ts';
import { templatesConcerning } from '../lenses.ts';
import { locationOf, wholeRange } from './location.ts';
import { namedBy } from './named.ts';
import type { Named } from './named.ts';
import { itemsNamed, mentionsNaming, navigationIndex, spotAt } from './navigationIndex.ts';
import type { Spot } from './navigationIndex.ts';

const ownName = ['metadata', 'name'];

/** Where the objects are that a position speaks of: the one that it names, or those that a selector chooses. */
export function definitionOf(
  snapshot: Snapshot,
  uri: string,
  position: Position,
): readonly DefinitionLink[] {
  const spot = spotAt(snapshot, uri, position);
  if (!spot) return [];
  const origin = rangeAt(spot.item, spot.mention?.path ?? spot.openSelector?.path ?? spot.path);
  return meant(snapshot, spot).map((item) => ({
    origin,
    uri: item.file.uri,
    range: wholeRange(item),
    selection: rangeAt(item, ownName),
  }));
}

function meant(snapshot: Snapshot, spot: Spot): readonly Item[] {
  const { item, mention, openSelector, isOwnName } = spot;
  if (mention) return itemsNamed(navigationIndex(snapshot), mention);
  if (openSelector) return snapshot.objects.filter(openSelector.matches);
  return isOwnName ? itemsNamed(navigationIndex(snapshot), namedBy(item)) : [];
}

/**
 * Every place that speaks of the object at a position: by name, or by a selector that chooses it. For a policy also
 * the names of the templates that it claims or overrides.
 */
export function referencesOf(
  snapshot: Snapshot,
  uri: string,
  position: Position,
  includeDeclaration: boolean,
): readonly Location[] {
  const spot = spotAt(snapshot, uri, position);
  const named = spot && namedAt(spot);
  if (!named) return [];
  const index = navigationIndex(snapshot);
  const items = itemsNamed(index, named);
  const places = [
    ...(includeDeclaration ? items.map((item) => locationOf(item, ownName)) : []),
    ...mentionsNaming(index, named).map(({ item, mention }) => locationOf(item, mention.path)),
    ...index.openSelectors
      .filter(({ matches }) => items.some(matches))
      .map(({ item, path }) => locationOf(item, path)),
    ...items.flatMap((item) => concernedBy(snapshot, item)),
  ];
  const unique = new Map(places.map((place) => [JSON.stringify(place), place]));
  return [...unique.values()];
}

/** What a position names; `undefined` where that is nothing or several things. */
export function namedAt({ item, mention, isOwnName }: Spot): Named | undefined {
  return mention ?? (isOwnName ? namedBy(item) : undefined);
}

function concernedBy(snapshot: Snapshot, item: Item): readonly Location[] {
  if (item.role !== 'propagation' && item.role !== 'override') return [];
  const { start } = rangeAt(item, ownName);
  return templatesConcerning(snapshot, item.file.uri, start).flatMap((key) => {
    const template = snapshot.templates.get(key);
    return template ? [locationOf(template.item, ownName)] : [];
  });
}
