import type { EditResult } from './edit.ts';
import { removeEntry } from './editEntry.ts';
import { layoutOf } from './layout.ts';
import { keyText } from './locate.ts';
import type { MapNode, YamlNode } from './nodes.ts';
import { readDocument } from './readDocument.ts';
import type { SourceDocument } from './source.ts';
import { applyEdits, isSameValue } from './textEdit.ts';

/**
 * The edit that takes out what a duplicate key at an offset of the file replaces: the value stays as it is read. One
 * earlier key at a time, the nearest first.
 */
export function removeReplacedKey(document: SourceDocument, offset: number): EditResult {
  const { root, text } = document.read;
  const place = root && findPair(root, offset - document.start);
  if (!place || document.value === undefined) return { reason: 'There is no key at this place' };
  const { map, index } = place;
  const name = keyOf(map, index);
  const earlier = map.pairs.findLastIndex((_, i) => i < index && keyOf(map, i) === name);
  const edits = earlier < 0 ? undefined : removeEntry(layoutOf(text, root), map, earlier);
  if (edits === undefined) return { reason: 'No key before it has this name' };
  const { value } = readDocument(applyEdits(text, edits));
  if (value === undefined || !isSameValue(value, document.value)) {
    return { reason: 'This cannot be removed without changing something else too' };
  }
  return {
    edits: edits.map(({ start, end, newText }) => ({
      start: start + document.start,
      end: end + document.start,
      newText,
    })),
  };
}

function keyOf({ pairs }: MapNode, index: number): string | undefined {
  const pair = pairs[index];
  return pair && keyText(pair.key);
}

interface PairPlace {
  readonly map: MapNode;
  readonly index: number;
}

/** The pair whose key begins at an offset of the document. */
function findPair(node: YamlNode, at: number): PairPlace | undefined {
  if (at < node.start || at > node.end) return undefined;
  if (node.type === 'seq') return firstOf(node.items, (item) => findPair(item, at));
  if (node.type !== 'map') return undefined;
  const index = node.pairs.findIndex(({ key }) => key.start === at);
  if (index >= 0) return { map: node, index };
  return firstOf(node.pairs, ({ value }) => findPair(value, at));
}

function firstOf<T>(
  items: readonly T[],
  find: (item: T) => PairPlace | undefined,
): PairPlace | undefined {
  for (const item of items) {
    const found = find(item);
    if (found !== undefined) return found;
  }
  return undefined;
}
