import { member } from '../../engine/index.ts';
import { valueAt } from '../findings/document/fieldPlace.ts';
import type { Finding } from '../findings/finding.ts';
import type { Snapshot } from '../snapshot.ts';
import { fixBy } from './changes.ts';
import type { Fix } from './fix.ts';

/** Removes what has no effect; what was meant to have one is put where it has. */
export function ignoredFields(_snapshot: Snapshot, { item, path }: Finding): readonly Fix[] {
  const name = String(path.at(-1));
  const removal = { item, change: { type: 'remove', path } } as const;
  const value = valueAt(item.source, path);
  const word = typeof value === 'string' ? value.trim().toLowerCase() : '';
  if (path[0] === 'metadata' && (word === 'overwrite' || word === 'abort')) {
    const change = { type: 'set', path, value: word } as const;
    return fixBy(`Change to ${word}`, [{ item, change }], { preferred: true });
  }
  if (name === 'overriders') return [...movedOverriders({ item, path }), ...remove()];
  return remove(true);

  function remove(isPreferred = false): readonly Fix[] {
    return fixBy(`Remove ${name}`, [removal], isPreferred ? { preferred: true } : {});
  }
}

/** The deprecated overriders as a rule of their own, with the clusters they were for. */
function movedOverriders({ item, path }: Pick<Finding, 'item' | 'path'>): readonly Fix[] {
  const spec = valueAt(item.source, ['spec']);
  const overriders = member(spec, 'overriders');
  const rules = member(spec, 'overrideRules');
  if (overriders === undefined || !Array.isArray(rules)) return [];
  const rule = { overriders };
  return fixBy('Move overriders into a rule', [
    {
      item,
      change: { type: 'insert', path: ['spec', 'overrideRules', rules.length], value: rule },
    },
    { item, change: { type: 'remove', path } },
  ]);
}
