import { parseDocument, isAlias, isMap, isScalar, isSeq } from 'yaml';
import type { ParsedNode, Range } from 'yaml';
import type { Pair, ScalarNode, ScalarStyle, YamlNode } from './nodes.ts';

const styles: Readonly<Record<string, ScalarStyle>> = {
  BLOCK_FOLDED: 'folded',
  BLOCK_LITERAL: 'literal',
  PLAIN: 'plain',
  QUOTE_DOUBLE: 'double',
  QUOTE_SINGLE: 'single',
};

export interface TolerantTree {
  readonly root: YamlNode;
  readonly error:
    { readonly message: string; readonly start: number; readonly end: number } | undefined;
}

/** The tree of one document by the rules of YAML 1.2, which goes on behind an error. */
export function readTolerantly(text: string): TolerantTree {
  const document = parseDocument(text, {
    schema: 'failsafe',
    resolveKnownTags: false,
    uniqueKeys: false,
    logLevel: 'silent',
    strict: false,
    prettyErrors: false,
  });
  const anchors = new Map<string, YamlNode>();
  const root = convert(document.contents, anchors, 0);
  const first = document.errors[0];
  return {
    root,
    error: first && { message: first.message, start: first.pos[0], end: first.pos[1] },
  };
}

function convert(
  node: ParsedNode | null | undefined,
  anchors: Map<string, YamlNode>,
  at: number,
): YamlNode {
  if (node === null || node === undefined) return emptyNode(at);
  const [start, end]: Range = node.range;
  if (isAlias(node)) {
    return { type: 'alias', name: node.source, target: anchors.get(node.source), start, end };
  }
  const placed = { start, end, ...(node.anchor === undefined ? {} : { anchor: node.anchor }) };
  if (isScalar(node)) {
    const scalar: ScalarNode = {
      type: 'scalar',
      text: String(node.value ?? ''),
      style: styles[node.type ?? 'PLAIN'] ?? 'plain',
      tag: node.tag ?? '',
      ...placed,
    };
    if (node.anchor !== undefined) anchors.set(node.anchor, scalar);
    return scalar;
  }
  if (isSeq(node)) {
    const items: YamlNode[] = [];
    const seq: YamlNode = { type: 'seq', items, flow: node.flow === true, ...placed };
    if (node.anchor !== undefined) anchors.set(node.anchor, seq);
    for (const item of node.items) items.push(convert(item, anchors, start));
    return seq;
  }
  if (isMap(node)) {
    const pairs: Pair[] = [];
    const map: YamlNode = { type: 'map', pairs, flow: node.flow === true, ...placed };
    if (node.anchor !== undefined) anchors.set(node.anchor, map);
    for (const pair of node.items) {
      const key = convert(pair.key, anchors, start);
      pairs.push({ key, value: convert(pair.value, anchors, key.end) });
    }
    return map;
  }
  return emptyNode(at);
}

function emptyNode(at: number): ScalarNode {
  return { type: 'scalar', text: '', style: 'plain', tag: '', start: at, end: at };
}
