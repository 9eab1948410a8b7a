import { isMergeKey } from './decode.ts';
import { keyText } from './locate.ts';
import type { SourcePath } from './locate.ts';
import type { MapNode, SeqNode, YamlNode } from './nodes.ts';

/** A value and the place it stands in. */
export interface Slot {
  readonly value: YamlNode;
  readonly key: YamlNode | undefined;
  /** Offset behind the colon or dash of a block entry; `undefined` for the root and inside flow collections. */
  readonly after: number | undefined;
  /** Offset of the first key or dash of the block collection that it is an entry of. */
  readonly lead: number;
  readonly isItem: boolean;
  readonly inFlow: boolean;
}

/** Follows a path as far as it is written. An alias is not looked behind: what is there belongs to its anchor. */
export function follow(
  root: YamlNode,
  path: SourcePath,
): { readonly slot: Slot; readonly rest: SourcePath } {
  let slot: Slot = {
    value: root,
    key: undefined,
    after: undefined,
    lead: 0,
    isItem: false,
    inFlow: false,
  };
  for (const [depth, segment] of path.entries()) {
    const next = slotIn(slot, segment);
    if (next === undefined) return { slot, rest: path.slice(depth) };
    slot = next;
  }
  return { slot, rest: [] };
}

function slotIn({ value: node, inFlow }: Slot, segment: string | number): Slot | undefined {
  if (node.type !== 'map' && node.type !== 'seq') return undefined;
  const index = indexIn(node, segment);
  if (index === undefined) return undefined;
  if (node.type === 'seq') {
    const value = node.items[index];
    const dash = node.dashes?.[index];
    if (value === undefined) return undefined;
    const after = dash === undefined ? undefined : dash + 1;
    const lead = node.dashes?.[0] ?? node.start;
    return { value, key: undefined, after, lead, isItem: true, inFlow: inFlow || node.flow };
  }
  const pair = node.pairs[index];
  if (pair === undefined) return undefined;
  const { key, value, colonEnd } = pair;
  const after = node.flow ? undefined : (colonEnd ?? key.end);
  const lead = node.firstKey ?? node.start;
  return { value, key, after, lead, isItem: false, inFlow: inFlow || node.flow };
}

/** The index of the entry that a step of a path leads to: the last one with that key, merges left aside. */
export function indexIn(node: MapNode | SeqNode, segment: string | number): number | undefined {
  if (node.type === 'seq') {
    const isItem = typeof segment === 'number' && node.items[segment] !== undefined;
    return isItem ? segment : undefined;
  }
  const name = String(segment);
  const index = node.pairs.findLastIndex(({ key }) => keyText(key) === name && !isMergeKey(key));
  return index < 0 ? undefined : index;
}
