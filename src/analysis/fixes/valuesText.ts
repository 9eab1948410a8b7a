import { isObject } from '../../engine/index.ts';
import { parseSource } from '../../yaml/index.ts';
import { valueAt } from '../findings/document/fieldPlace.ts';
import type { Finding } from '../findings/finding.ts';
import type { Snapshot } from '../snapshot.ts';
import { fixBy } from './changes.ts';
import type { Fix } from './fix.ts';

/** Values that were written as a text: the mapping that the text holds. */
export function valuesText(_snapshot: Snapshot, { item, path }: Finding): readonly Fix[] {
  const text = valueAt(item.source, path);
  if (typeof text !== 'string') return [];
  const [document, ...others] = parseSource(text).documents;
  const value = document?.value;
  if (others.length > 0 || !isObject(value)) return [];
  const change = { type: 'set', path, value } as const;
  return fixBy('Change to a mapping', [{ item, change }], { preferred: true });
}
