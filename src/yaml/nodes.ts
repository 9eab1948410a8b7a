/**
 * The tree that both readers of this folder build: what was written, not yet what it means. Offsets are UTF-16 units
 * relative to the text that was given; `end` is behind the last character of the node itself (no comments).
 */
export type YamlNode = ScalarNode | MapNode | SeqNode | AliasNode;

export type ScalarStyle = 'plain' | 'single' | 'double' | 'literal' | 'folded';

interface Placed {
  readonly start: number;
  readonly end: number;
  /** Name of the anchor written before the node. */
  readonly anchor?: string;
}

export interface ScalarNode extends Placed {
  readonly type: 'scalar';
  /** The text after unescaping and folding. */
  readonly text: string;
  readonly style: ScalarStyle;
  /** Full tag (`tag:yaml.org,2002:str`), `''` when none was written, `'!'` for the non-specific one. */
  readonly tag: string;
}

export interface MapNode extends Placed {
  readonly type: 'map';
  readonly pairs: readonly Pair[];
  readonly flow: boolean;
  /** Offset of the first key of a block mapping, or of its question mark; all keys are in that column. */
  readonly firstKey?: number;
}

export interface Pair {
  readonly key: YamlNode;
  readonly value: YamlNode;
  /** Offset behind the colon, in block mappings where there is one. */
  readonly colonEnd?: number;
}

export interface SeqNode extends Placed {
  readonly type: 'seq';
  readonly items: readonly YamlNode[];
  readonly flow: boolean;
  /** Offsets of the dashes of a block list, one an item. */
  readonly dashes?: readonly number[];
}

export interface AliasNode extends Placed {
  readonly type: 'alias';
  readonly name: string;
  /** The node the alias stands for; it may be the alias's own ancestor. Absent when no such anchor came before. */
  readonly target: YamlNode | undefined;
}

/** Deepest nesting that any reader of this folder accepts, aliases expanded. */
export const maxDepth = 200;
