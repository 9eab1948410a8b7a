import { apiGroup } from '../../../engine/index.ts';
import { fileName } from '../../assumptions.ts';
import { listName } from '../../listName.ts';
import type { Item, Snapshot } from '../../snapshot.ts';
import type { Finding } from '../finding.ts';

/**
 * Objects that are there twice, whatever their versions. In one file or folder that is a slip; folders apart often hold
 * the variants of one object for several environments, which only makes the preview take the last.
 */
export function duplicateObjects({ items }: Snapshot): readonly Finding[] {
  const first = new Map<string, Item>();
  const findings: Finding[] = [];
  for (const item of items) {
    const key = `${apiGroup(item.apiVersion)}/${item.kind}/${item.namespace}/${item.name}`;
    const earlier = first.get(key);
    if (!earlier) first.set(key, item);
    else findings.push(duplicate(item, earlier));
  }
  return findings;
}

function duplicate(item: Item, earlier: Item): Finding {
  const name = listName(item.kind, item.namespace, item.name);
  const isFar = folder(item) !== folder(earlier);
  const where = item.file === earlier.file ? 'above' : `in ${fileName(earlier.file.uri)}`;
  const message = `${name} is ${where} already, and the one that is applied last wins; the preview takes this one. Keep one of them.`;
  const path = ['metadata', 'name'];
  const related = [{ item: earlier, path, message: `${name} is here too` }];
  const base = { code: 'duplicate-object', item, path, message, related } as const;
  return isFar ? { ...base, severity: 'information' } : base;
}

function folder({ file: { uri } }: Item): string {
  return uri.slice(0, uri.lastIndexOf('/') + 1);
}
