import { isArray, isObject } from '../../engine/index.ts';
import type { JsonValue } from '../../engine/index.ts';
import type { SourcePath } from '../../yaml/index.ts';
import type { Item } from '../snapshot.ts';
import type { Place } from './finding.ts';

/**
 * The place of a field that may be there by default only: where it is written, else where it would be. That is the key
 * that holds its parent, for a list item the first key of the item.
 */
export function writtenPlace(item: Item, path: SourcePath, on: 'key' | 'value' = 'value'): Place {
  let at: JsonValue = item.source;
  for (const [depth, step] of path.entries()) {
    const next = childOf(at, step);
    if (next === undefined) return placeOfMissing(item, path.slice(0, depth), at);
    at = next;
  }
  return { item, path, on };
}

function childOf(value: JsonValue, step: string | number): JsonValue | undefined {
  if (isArray(value)) return typeof step === 'number' ? value[step] : undefined;
  return isObject(value) && Object.hasOwn(value, step) ? value[String(step)] : undefined;
}

function placeOfMissing(item: Item, parent: SourcePath, value: JsonValue): Place {
  const first = isObject(value) ? Object.keys(value)[0] : undefined;
  const isItem = typeof parent.at(-1) === 'number';
  return { item, path: isItem && first !== undefined ? [...parent, first] : parent, on: 'key' };
}
