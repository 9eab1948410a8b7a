import { isObject } from '../../engine/index.ts';
import type { JsonObject, JsonValue } from '../../engine/index.ts';
import type { SourcePath } from '../../yaml/index.ts';
import { valueAt } from '../findings/document/fieldPlace.ts';
import type { Finding } from '../findings/finding.ts';
import type { Simulated } from '../findings/perTemplate.ts';
import { overrideUses } from '../overrideUses.ts';
import type { Item, Snapshot } from '../snapshot.ts';
import { fixBy } from './changes.ts';
import type { ItemChange } from './changes.ts';
import type { Fix } from './fix.ts';

/** The override entry that a finding stands in. */
export interface FoundEntry {
  readonly item: Item;
  /** From the root of the policy to the entry: it ends with the name of a list and an index. */
  readonly path: SourcePath;
  readonly entry: JsonObject;
  /** The templates that the policy selects. */
  readonly templates: readonly Simulated[];
}

/** The entry of a finding; `undefined` when it stands somewhere else. */
export function entryOf(snapshot: Snapshot, { item, path }: Finding): FoundEntry | undefined {
  const depth = path.indexOf('overriders') + 1;
  const entryPath = path.slice(0, depth + 2);
  const entry = valueAt(item.source, entryPath);
  if (depth === 0 || entryPath.length < depth + 2 || !isObject(entry)) return undefined;
  const use = overrideUses(snapshot).find((other) => other.item.source === item.source);
  return { item, path: entryPath, entry, templates: use?.templates ?? [] };
}

/** A field of the entry set to another value. */
export function withField({ item, path }: FoundEntry, field: string, value: JsonValue): ItemChange {
  return { item, change: { type: 'set', path: [...path, field], value } };
}

/** Another entry right behind it, or further behind by a number of entries. */
export function entryBehind(
  { item, path }: FoundEntry,
  value: JsonValue,
  distance: number,
): ItemChange {
  const index = Number(path.at(-1)) + distance;
  return { item, change: { type: 'insert', path: [...path.slice(0, -1), index], value } };
}

/** Takes the entry out. */
export function removeEntry({ item, path }: FoundEntry): readonly Fix[] {
  return fixBy('Remove this entry', [{ item, change: { type: 'remove', path } }]);
}
