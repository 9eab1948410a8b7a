import { locate } from '../../yaml/index.ts';
import { valueAt } from '../findings/document/fieldPlace.ts';
import type { Finding } from '../findings/finding.ts';
import type { Snapshot } from '../snapshot.ts';
import { fixBy } from './changes.ts';
import type { Fix } from './fix.ts';

/** Quotes what Go reads as something else. */
export function quote(_snapshot: Snapshot, finding: Finding): readonly Fix[] {
  return quoted(finding);
}

/** Puts a scalar into quotes, so that it is the text that stands there. */
export function quoted({ item, path, on }: Finding): readonly Fix[] {
  const place = locate(item.document, [...item.path, ...path]);
  const range = on === 'key' ? place?.key : place?.value;
  if (!range) return [];
  const text = item.file.source.text.slice(range[0], range[1]);
  const value = valueAt(item.source, path);
  const isScalar = typeof value !== 'object' && /^[^\s'"|>&*!{[][^\n]*$/.test(text);
  if (on === 'key') {
    const change = { type: 'rename', path, name: text } as const;
    return fixBy(`Quote ${text}`, [{ item, change }], { preferred: true });
  }
  if (!isScalar) return [];
  return fixBy(`Quote ${text}`, [{ item, change: { type: 'set', path, value: text } }], {
    preferred: true,
  });
}
