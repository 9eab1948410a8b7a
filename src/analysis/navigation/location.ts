import { locate } from '../../yaml/index.ts';
import type { SourcePath } from '../../yaml/index.ts';
import type { Location } from '../api.ts';
import type { Range } from '../diagnostic.ts';
import { rangeAt, toRange } from '../place.ts';
import type { Item } from '../snapshot.ts';

/** A value of an object as a place in its document. */
export function locationOf(item: Item, path: SourcePath): Location {
  return { uri: item.file.uri, range: rangeAt(item, path) };
}

/** Everything that belongs to an object. */
export function wholeRange(item: Item): Range {
  const { file, document, path } = item;
  const [start, end] = locate(document, path)?.value ?? [document.start, document.end];
  return toRange(file, start, end);
}
