import { isMergeKey, scalarKey } from './decode.ts';
import type { MapNode, Pair, YamlNode } from './nodes.ts';
import type { ReadDocument } from './readDocument.ts';
import type { SourceDocument } from './source.ts';

/** A path into a value: keys as Go spells them (`no` is `false`), indices of lists. */
export type SourcePath = readonly (string | number)[];
export type SourceRange = readonly [start: number, end: number];

export interface Location {
  /** Range of the key as written; absent for list items and the document itself. */
  readonly key?: SourceRange;
  /** Range of the value as written; empty, behind the colon, where nothing is. */
  readonly value: SourceRange;
}

/**
 * Where a value is written, as offsets in the file. Aliases and merges lead to where their content is written.
 * `undefined` for a path that the document does not have.
 */
export function locate(document: SourceDocument, path: SourcePath): Location | undefined {
  const found = findNode(document.read, path);
  if (found === undefined) return undefined;
  const { key, value } = found;
  const place = (node: YamlNode): SourceRange => [
    document.start + node.start,
    document.start + node.end,
  ];
  return { ...(key === undefined ? {} : { key: place(key) }), value: place(value) };
}

interface Found {
  readonly key?: YamlNode;
  readonly value: YamlNode;
}

/** The node at a path and the key it has in its mapping. */
export function findNode(read: ReadDocument, path: SourcePath): Found | undefined {
  let found: Found | undefined = read.root === undefined ? undefined : { value: read.root };
  for (const segment of path) {
    const node = found === undefined ? undefined : target(found.value);
    if (node?.type === 'map') {
      found = pairsByKey(read, node).get(String(segment));
    } else if (node?.type === 'seq') {
      const item = typeof segment === 'number' ? node.items[segment] : undefined;
      found = item && { value: item };
    } else {
      return undefined;
    }
  }
  return found;
}

/** What an alias stands for; itself for any other node. */
function target(node: YamlNode): YamlNode | undefined {
  return node.type === 'alias' ? node.target : node;
}

/** The pairs that count, by key: later ones over earlier ones, merged ones in the place of their `<<`. */
function pairsByKey(read: ReadDocument, map: MapNode): ReadonlyMap<string, Pair> {
  const known = read.keys.get(map);
  if (known !== undefined) return known;
  const found = new Map<string, Pair>();
  // Noted before it is complete, so that a mapping that merges itself ends here.
  read.keys.set(map, found);
  for (const pair of map.pairs) {
    if (isMergeKey(pair.key)) {
      for (const source of mergeSources(pair.value)) {
        for (const [key, merged] of pairsByKey(read, source)) found.set(key, merged);
      }
    } else {
      const key = keyText(pair.key);
      if (key !== undefined) found.set(key, pair);
    }
  }
  return found;
}

/** The mappings that a `<<` takes in, the weakest first. */
function mergeSources(value: YamlNode): readonly MapNode[] {
  const sources = value.type === 'seq' ? value.items.toReversed() : [value];
  return sources.map(target).filter((node) => node?.type === 'map');
}

/** A key as Go spells it; `undefined` for one that JSON cannot have. */
export function keyText(node: YamlNode): string | undefined {
  const scalar = target(node);
  if (scalar?.type !== 'scalar') return undefined;
  const key = scalarKey(scalar);
  return typeof key === 'string' ? key : undefined;
}
