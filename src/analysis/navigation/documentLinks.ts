import type { DocumentLink } from '../api.ts';
import { listName } from '../listName.ts';
import { rangeAt } from '../place.ts';
import type { Snapshot } from '../snapshot.ts';
import { mentionsOf } from './mentions.ts';
import { itemsNamed, navigationIndex } from './navigationIndex.ts';

/** The names in a document that lead to an object of the workspace. */
export function documentLinksOf(snapshot: Snapshot, uri: string): readonly DocumentLink[] {
  const index = navigationIndex(snapshot);
  return (index.ofFile.get(uri) ?? []).flatMap((item) =>
    mentionsOf(item).flatMap((mention) => {
      const [target] = itemsNamed(index, mention);
      if (!target) return [];
      return {
        range: rangeAt(item, mention.path),
        title: `Go to ${listName(target.kind, target.namespace, target.name)}`,
        target: { uri: target.file.uri, range: rangeAt(target, ['metadata', 'name']) },
      };
    }),
  );
}
