import type { MapNode, Pair, ScalarNode, ScalarStyle, SeqNode, YamlNode } from './nodes.ts';
import { maxDepth } from './nodes.ts';
import { startScan, stopScan } from './scanState.ts';
import type { ScanState, Stop, Token, TokenType } from './scanState.ts';
import { peekToken, takeToken } from './scanner.ts';

export interface Composed {
  /** What was read, up to `stop` if there is one; absent for a text without any document. */
  readonly root: YamlNode | undefined;
  readonly stop: Stop | undefined;
  /** Offset behind the first document: where its end showed. */
  readonly end: number;
  /** Whether what ended the document is neither a marker nor the end of the text; Go does not look any further. */
  readonly hasTail: boolean;
  /** Where the outermost flow collection begins that was open at `stop`. */
  readonly flowStart: number | undefined;
}

interface Composer {
  readonly scan: ScanState;
  readonly anchors: Map<string, YamlNode>;
  readonly handles: Map<string, string>;
  depth: number;
  flowStart: number | undefined;
  nodes: number;
}

/** Most nodes of one document; no API server would take a tenth of it. */
const maxNodes = 1_000_000;

/**
 * Reads the first document of a text into a tree, by the grammar of libyaml as go-yaml v2 has it (`parserc.go`). What
 * follows the first document is not looked at, except for the one token that shows its end.
 */
export function compose(text: string): Composed {
  const scan = startScan(text);
  const c: Composer = {
    scan,
    anchors: new Map(),
    handles: new Map([
      ['!', '!'],
      ['!!', 'tag:yaml.org,2002:'],
    ]),
    depth: 0,
    flowStart: undefined,
    nodes: 0,
  };
  const root = composeDocument(c);
  const last = peekToken(scan);
  stopAtControl(scan);
  const ends: readonly TokenType[] = ['streamEnd', 'documentStart', 'documentEnd', 'directive'];
  return {
    root,
    stop: scan.stop,
    end: last.start,
    hasTail: scan.stop === undefined && !ends.includes(last.type),
    flowStart: c.flowStart,
  };
}

// eslint-disable-next-line no-control-regex -- they are what is looked for
const control = /[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff]/;

/** Bytes that go-yaml takes in at a time. */
const chunk = 512;

/** Control characters are refused as they come in, so some way behind the end of the document too. */
function stopAtControl(scan: ScanState): void {
  const at = scan.text.search(control);
  if (at < 0 || (scan.stop !== undefined && scan.stop.start < at)) return;
  if (at >= scan.at && byteLength(scan.text, at) >= chunkEnd(byteLength(scan.text, scan.at)))
    return;
  const code = scan.text.charCodeAt(at).toString(16).toUpperCase().padStart(4, '0');
  scan.stop = { message: `The control character U+${code} is not allowed`, start: at, end: at + 1 };
}

function chunkEnd(bytes: number): number {
  return (Math.floor(bytes / chunk) + 1) * chunk;
}

function byteLength(text: string, end: number): number {
  let bytes = 0;
  for (let i = 0; i < end; i++) {
    const code = text.charCodeAt(i);
    // Each half of a surrogate pair stands for two of its four bytes.
    bytes += code < 0x80 ? 1 : code < 0x800 || (code >= 0xd800 && code < 0xe000) ? 2 : 3;
  }
  return bytes;
}

function composeDocument(c: Composer): YamlNode | undefined {
  const first = peekToken(c.scan);
  if (first.type === 'streamEnd' || first.type === 'error') return undefined;
  if (first.type !== 'directive' && first.type !== 'documentStart')
    return composeNode(c, true, false);
  takeDirectives(c);
  const start = takeToken(c.scan);
  if (start.type !== 'documentStart') {
    refuse(c, start, 'A line with --- must follow the % lines');
    return undefined;
  }
  const next = peekToken(c.scan);
  const isEmpty = ['directive', 'documentStart', 'documentEnd', 'streamEnd'].includes(next.type);
  return isEmpty ? emptyNode(start.end) : composeNode(c, true, false);
}

function takeDirectives(c: Composer): void {
  const seen = new Set<string>();
  while (peekToken(c.scan).type === 'directive') {
    const token = takeToken(c.scan);
    if (seen.has(token.handle)) refuse(c, token, 'The same directive is given twice');
    seen.add(token.handle);
    if (token.handle !== 'YAML') c.handles.set(token.handle, token.text);
    else if (token.text !== '1.1') {
      refuse(c, token, 'kubectl, Flux and Karmada accept no %YAML version but 1.1');
    }
  }
}

function refuse(c: Composer, token: Token, message: string): void {
  const isEnd = ['streamEnd', 'documentStart', 'documentEnd'].includes(token.type);
  if (isEnd && c.flowStart !== undefined) {
    stopScan(c.scan, 'The closing bracket is missing', c.flowStart, c.flowStart + 1);
    return;
  }
  stopScan(c.scan, message, token.start, Math.max(token.end, token.start));
}

/** Properties written before a node. */
interface Properties {
  start: number;
  end: number;
  tag: string;
  anchor: string | undefined;
}

function takeProperties(c: Composer): Properties {
  const { start } = peekToken(c.scan);
  const found: Properties = { start, end: start, tag: '', anchor: undefined };
  let hasTag = false;
  for (;;) {
    const token = peekToken(c.scan);
    if (token.type === 'anchor' && found.anchor === undefined) found.anchor = token.text;
    else if (token.type === 'tag' && !hasTag) {
      found.tag = fullTag(c, token);
      hasTag = true;
    } else return found;
    found.end = token.end;
    takeToken(c.scan);
  }
}

function fullTag(c: Composer, token: Token): string {
  if (token.handle === '') return token.text;
  const prefix = c.handles.get(token.handle);
  const tag = prefix === undefined ? '' : prefix + token.text;
  if (tag === '') refuse(c, token, `Nothing declares the tag handle ${token.handle}`);
  return tag;
}

function composeNode(c: Composer, inBlock: boolean, indentless: boolean): YamlNode {
  const first = peekToken(c.scan);
  if (++c.nodes > maxNodes) refuse(c, first, `More than ${maxNodes} values in one document`);
  if (first.type === 'alias') {
    takeToken(c.scan);
    const { text: name, start, end } = first;
    return { type: 'alias', name, target: c.anchors.get(name), start, end };
  }
  const properties = takeProperties(c);
  const token = peekToken(c.scan);
  switch (token.type) {
    case 'plain':
    case 'single':
    case 'double':
    case 'literal':
    case 'folded':
      takeToken(c.scan);
      return composeScalar(c, properties, token, token.type);
    case 'flowSeqStart':
      return nested(c, properties, () => composeFlowSeq(c, properties));
    case 'flowMapStart':
      return nested(c, properties, () => composeFlowMap(c, properties));
    case 'blockSeqStart':
      if (!inBlock) break;
      takeToken(c.scan);
      return nested(c, properties, () => composeBlockSeq(c, properties, false));
    case 'blockEntry':
      if (!indentless) break;
      return nested(c, properties, () => composeBlockSeq(c, properties, true));
    case 'blockMapStart':
      if (!inBlock) break;
      takeToken(c.scan);
      return nested(c, properties, () => composeBlockMap(c, properties));
    default:
      break;
  }
  if (properties.end === properties.start) {
    refuse(c, token, 'A value is missing before this');
    return emptyNode(token.start);
  }
  return composeScalar(c, properties, { ...token, text: '', end: properties.end }, 'plain');
}

function composeScalar(
  c: Composer,
  { start, tag, anchor }: Properties,
  token: Token,
  style: ScalarStyle,
): ScalarNode {
  const { text, end } = token;
  const node: ScalarNode = { type: 'scalar', text, style, tag, start, end, ...named(anchor) };
  if (anchor !== undefined) c.anchors.set(anchor, node);
  return node;
}

function named(anchor: string | undefined): { anchor?: string } {
  return anchor === undefined ? {} : { anchor };
}

function emptyNode(at: number): ScalarNode {
  return { type: 'scalar', text: '', style: 'plain', tag: '', start: at, end: at };
}

function nested(c: Composer, properties: Properties, composeInner: () => YamlNode): YamlNode {
  if (c.depth >= maxDepth) {
    refuse(c, peekToken(c.scan), `Nested deeper than ${maxDepth} levels`);
    return emptyNode(properties.start);
  }
  const outerFlow = c.flowStart;
  const isFlow = isNext(c, 'flowSeqStart', 'flowMapStart');
  if (isFlow) c.flowStart ??= properties.start;
  c.depth++;
  const node = composeInner();
  c.depth--;
  if (c.scan.stop === undefined) c.flowStart = outerFlow;
  return node;
}

type Writable<T> = { -readonly [K in keyof T]: T[K] };

function startSeq(c: Composer, properties: Properties, flow: boolean) {
  const { start, anchor } = properties;
  const items: YamlNode[] = [];
  const node: Writable<SeqNode> = { type: 'seq', items, flow, start, end: start, ...named(anchor) };
  if (anchor !== undefined) c.anchors.set(anchor, node);
  return { node, items };
}

function startMap(c: Composer, properties: Properties, flow: boolean) {
  const { start, anchor } = properties;
  const pairs: Pair[] = [];
  const node: Writable<MapNode> = { type: 'map', pairs, flow, start, end: start, ...named(anchor) };
  if (anchor !== undefined) c.anchors.set(anchor, node);
  return { node, pairs };
}

/** Whether the next token is one of some; where it is, no node follows. */
function isNext(c: Composer, ...types: readonly TokenType[]): boolean {
  return types.includes(peekToken(c.scan).type);
}

function composeBlockSeq(c: Composer, properties: Properties, indentless: boolean): SeqNode {
  const { node, items } = startSeq(c, properties, false);
  const dashes: number[] = [];
  node.dashes = dashes;
  node.end = peekToken(c.scan).end;
  while (isNext(c, 'blockEntry')) {
    const dash = takeToken(c.scan);
    const isEmpty = indentless
      ? isNext(c, 'blockEntry', 'key', 'value', 'blockEnd')
      : isNext(c, 'blockEntry', 'blockEnd');
    const item = isEmpty ? emptyNode(dash.end) : composeNode(c, true, false);
    items.push(item);
    dashes.push(dash.start);
    node.end = Math.max(dash.end, item.end);
  }
  if (indentless) return node;
  const last = takeToken(c.scan);
  if (last.type !== 'blockEnd') refuse(c, last, 'A list item must begin with “- ” in this column');
  return node;
}

function composeBlockMap(c: Composer, properties: Properties): MapNode {
  const { node, pairs } = startMap(c, properties, false);
  while (isNext(c, 'key')) {
    const mark = takeToken(c.scan);
    node.firstKey ??= mark.start;
    const noKey = isNext(c, 'key', 'value', 'blockEnd');
    const key = noKey ? emptyNode(mark.end) : composeNode(c, true, true);
    let value: YamlNode = emptyNode(key.end);
    let colonEnd: number | undefined;
    if (isNext(c, 'value')) {
      const colon = takeToken(c.scan);
      colonEnd = colon.end;
      const noValue = isNext(c, 'key', 'value', 'blockEnd');
      value = noValue ? emptyNode(colon.end) : composeNode(c, true, true);
    }
    pairs.push(colonEnd === undefined ? { key, value } : { key, value, colonEnd });
    node.end = Math.max(colonEnd ?? key.end, value.end);
  }
  const last = takeToken(c.scan);
  if (last.type !== 'blockEnd')
    refuse(c, last, 'A key must begin in the same column as the others');
  return node;
}

function composeFlowSeq(c: Composer, properties: Properties): SeqNode {
  const { node, items } = startSeq(c, properties, true);
  node.end = takeToken(c.scan).end;
  while (!isNext(c, 'flowSeqEnd')) {
    if (items.length > 0 && !takeComma(c, ']')) return node;
    if (isNext(c, 'flowSeqEnd')) break;
    const item = isNext(c, 'key') ? composeFlowPair(c) : composeNode(c, false, false);
    items.push(item);
    node.end = item.end;
    if (c.scan.stop !== undefined) return node;
  }
  node.end = takeToken(c.scan).end;
  return node;
}

function takeComma(c: Composer, close: string): boolean {
  const token = peekToken(c.scan);
  if (token.type !== 'flowEntry') {
    refuse(c, token, `A comma or ${close} is missing before this`);
    return false;
  }
  takeToken(c.scan);
  return true;
}

/** `[a: b]` is a list of one mapping with one key. */
function composeFlowPair(c: Composer): MapNode {
  const mark = takeToken(c.scan);
  const key = isNext(c, 'value', 'flowEntry', 'flowSeqEnd')
    ? emptyNode(mark.end)
    : composeNode(c, false, false);
  const value = composeFlowValue(c, key, 'flowSeqEnd');
  return { type: 'map', pairs: [{ key, value }], flow: true, start: key.start, end: value.end };
}

function composeFlowMap(c: Composer, properties: Properties): MapNode {
  const { node, pairs } = startMap(c, properties, true);
  node.end = takeToken(c.scan).end;
  while (!isNext(c, 'flowMapEnd')) {
    if (pairs.length > 0 && !takeComma(c, '}')) return node;
    if (isNext(c, 'flowMapEnd')) break;
    const pair = composeFlowEntry(c);
    pairs.push(pair);
    node.end = pair.value.end;
    if (c.scan.stop !== undefined) return node;
  }
  node.end = takeToken(c.scan).end;
  return node;
}

function composeFlowEntry(c: Composer): Pair {
  if (!isNext(c, 'key')) {
    const key = composeNode(c, false, false);
    return { key, value: emptyNode(key.end) };
  }
  const mark = takeToken(c.scan);
  const key = isNext(c, 'value', 'flowEntry', 'flowMapEnd')
    ? emptyNode(mark.end)
    : composeNode(c, false, false);
  return { key, value: composeFlowValue(c, key, 'flowMapEnd') };
}

function composeFlowValue(c: Composer, key: YamlNode, close: TokenType): YamlNode {
  if (!isNext(c, 'value')) return emptyNode(key.end);
  const colon = takeToken(c.scan);
  return isNext(c, 'flowEntry', close) ? emptyNode(colon.end) : composeNode(c, false, false);
}
