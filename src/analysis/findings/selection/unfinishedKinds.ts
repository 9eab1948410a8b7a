import { isObject, memberAt, stringMember } from '../../../engine/index.ts';
import type { Snapshot } from '../../snapshot.ts';

const known = new WeakMap<Snapshot, ReadonlySet<string>>();

/**
 * Kinds of documents that somebody is in the middle of writing: they cannot be read, or have no name yet; and kinds that
 * are not read from the control plane. What seems to be missing for want of such an object is not told, or findings
 * would come and go elsewhere with every key.
 */
export function unfinishedKinds(snapshot: Snapshot): ReadonlySet<string> {
  const answered = known.get(snapshot);
  if (answered) return answered;
  const kinds = new Set<string>();
  for (const groupKind of snapshot.live?.unread ?? []) {
    kinds.add(groupKind.slice(groupKind.lastIndexOf('/') + 1));
  }
  for (const { source } of snapshot.files) {
    for (const { value, read } of source.documents) {
      if (value === undefined) {
        for (const [, kind = ''] of read.text.matchAll(/^kind: *(\w+)/gm)) kinds.add(kind);
      } else if (isObject(value) && memberAt(value, 'items') === undefined) {
        const name = memberAt(value, 'metadata', 'name');
        if (typeof name !== 'string' || name === '') kinds.add(stringMember(value, 'kind'));
      }
    }
  }
  known.set(snapshot, kinds);
  return kinds;
}
