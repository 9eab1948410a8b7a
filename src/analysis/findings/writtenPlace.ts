import type { SourcePath } from '../../yaml/index.ts';
import type { Item } from '../snapshot.ts';
import { fieldPlace, valueAt } from './document/fieldPlace.ts';
import type { Place } from './finding.ts';

/** The place of a field that may be there by default only: where it is written, else what should hold it. */
export function writtenPlace(item: Item, path: SourcePath, on: 'key' | 'value' = 'value'): Place {
  return valueAt(item.source, path) === undefined
    ? { item, ...fieldPlace(item.source, path) }
    : { item, path, on };
}
