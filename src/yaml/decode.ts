import { setOwn } from '../base/setOwn.ts';
import type { JsonArray, JsonObject, JsonValue } from '../engine/types.ts';
import { maxDepth } from './nodes.ts';
import type { AliasNode, MapNode, ScalarNode, YamlNode } from './nodes.ts';
import { scalarValue } from './scalarValue.ts';

/** Most characters of text that aliases may stand for in one document. */
const maxExpandedText = 64_000_000;

/** More would only bury each other. */
const mostDuplicates = 1000;

export interface Failure {
  readonly message: string;
  readonly start: number;
  readonly end: number;
}

/** A key that an earlier key of the same mapping already was; the later one wins. */
export interface Duplicate {
  readonly key: string;
  readonly start: number;
  readonly end: number;
}

export interface Decoded {
  readonly value: JsonValue;
  readonly failure: Failure | undefined;
  readonly duplicates: readonly Duplicate[];
}

/** What an anchored node came to, so that its aliases cost nothing more than the bookkeeping. */
interface Known {
  readonly value: JsonValue;
  readonly count: number;
  readonly text: number;
  readonly height: number;
}

interface Decoder {
  failure: Failure | undefined;
  readonly duplicates: Duplicate[];
  readonly known: Map<YamlNode, Known>;
  /** Stand-ins for values, and mappings with a key, that JSON cannot have. They only matter if they are left at the end. */
  readonly unfit: Map<JsonValue, Failure>;
  /** Anchored nodes that are being decoded; an alias to one of them contains itself. */
  readonly open: Set<YamlNode>;
  count: number;
  aliasCount: number;
  aliasDepth: number;
  text: number;
  depth: number;
  deepest: number;
}

/**
 * The JSON value of a tree, as `sigs.k8s.io/yaml` makes it with go-yaml v2 (`decode.go`, `yaml.go`): keys become
 * strings, a later duplicate key wins, `<<` merges, aliases share their value. The first thing that Go refuses ends it
 * with `failure` and the value null.
 */
export function decode(root: YamlNode): Decoded {
  const d: Decoder = {
    failure: undefined,
    duplicates: [],
    known: new Map(),
    unfit: new Map(),
    open: new Set(),
    count: 0,
    aliasCount: 0,
    aliasDepth: 0,
    text: 0,
    depth: 0,
    deepest: 0,
  };
  const value = decodeNode(d, root);
  if (d.unfit.size > 0) d.failure ??= findUnfit(d.unfit, value, new Set());
  return {
    value: d.failure === undefined ? value : null,
    failure: d.failure,
    duplicates: d.duplicates,
  };
}

function findUnfit(
  unfit: ReadonlyMap<JsonValue, Failure>,
  value: JsonValue,
  seen: Set<JsonValue>,
): Failure | undefined {
  const found = unfit.get(value);
  if (found !== undefined || typeof value !== 'object' || value === null) return found;
  // Aliases share their value: what was looked through once need not be again.
  if (seen.has(value)) return undefined;
  seen.add(value);
  for (const inner of Object.values(value)) {
    const below = findUnfit(unfit, inner, seen);
    if (below !== undefined) return below;
  }
  return undefined;
}

function decodeNode(d: Decoder, node: YamlNode): JsonValue {
  if (d.failure !== undefined) return null;
  step(d, node, 1);
  if (node.type === 'alias') return decodeAlias(d, node);
  if (node.anchor === undefined) return decodeContent(d, node);
  const before = { count: d.count, text: d.text, deepest: d.deepest };
  d.deepest = d.depth;
  d.open.add(node);
  const value = decodeContent(d, node);
  d.open.delete(node);
  d.known.set(node, {
    value,
    count: d.count - before.count + 1,
    text: d.text - before.text,
    height: d.deepest - d.depth,
  });
  d.deepest = Math.max(d.deepest, before.deepest);
  return value;
}

function decodeContent(d: Decoder, node: Exclude<YamlNode, AliasNode>): JsonValue {
  if (node.type === 'scalar') return decodeScalar(d, node);
  if (!enter(d, node)) return null;
  const value =
    node.type === 'map' ? decodeMap(d, node) : node.items.map((item) => decodeNode(d, item));
  d.depth--;
  return value;
}

function enter(d: Decoder, node: YamlNode): boolean {
  if (d.depth >= maxDepth) {
    fail(d, node, `nested deeper than ${maxDepth} levels`);
    return false;
  }
  d.depth++;
  d.deepest = Math.max(d.deepest, d.depth);
  return true;
}

function decodeAlias(d: Decoder, node: AliasNode): JsonValue {
  const { target } = node;
  if (target === undefined) return fail(d, node, `unknown anchor '${node.name}' referenced`);
  if (d.open.has(target)) return fail(d, node, `anchor '${node.name}' value contains itself`);
  d.aliasDepth++;
  const known = d.known.get(target);
  let value: JsonValue;
  if (known === undefined) {
    value = decodeNode(d, target);
  } else {
    value = known.value;
    d.text += known.text;
    d.deepest = Math.max(d.deepest, d.depth + known.height);
    step(d, node, known.count);
    if (d.depth + known.height > maxDepth) fail(d, node, `nested deeper than ${maxDepth} levels`);
    if (d.text > maxExpandedText) fail(d, node, 'document contains excessive aliasing');
  }
  d.aliasDepth--;
  return value;
}

/** Counts decoded nodes, as go-yaml does to refuse documents that are mostly aliases of aliases. */
function step(d: Decoder, node: YamlNode, count: number): void {
  d.count += count;
  if (d.aliasDepth > 0) d.aliasCount += count;
  if (d.aliasCount <= 100 || d.count <= 1000) return;
  if (d.aliasCount / d.count > allowedAliasRatio(d.count)) {
    fail(d, node, 'document contains excessive aliasing');
  }
}

function allowedAliasRatio(count: number): number {
  if (count <= 400_000) return 0.99;
  if (count >= 4_000_000) return 0.1;
  return 0.99 - 0.89 * ((count - 400_000) / 3_600_000);
}

function fail(d: Decoder, node: YamlNode, message: string): null {
  d.failure ??= { message, start: node.start, end: node.end };
  return null;
}

function unfit(d: Decoder, node: YamlNode, value: JsonObject, message: string): JsonObject {
  d.unfit.set(value, { message, start: node.start, end: node.end });
  return value;
}

function decodeScalar(d: Decoder, node: ScalarNode): JsonValue {
  d.text += node.text.length;
  const found = scalarValue(node);
  switch (found.type) {
    case 'null':
      return null;
    case 'bool':
    case 'string':
    case 'timestamp':
      return found.value;
    case 'integer':
      return integerJson(found.value);
    case 'float':
      if (!Number.isFinite(found.value)) {
        return unfit(d, node, {}, `json: unsupported value: ${goInfinity(found.value)}`);
      }
      return floatJson(found.value);
    case 'error':
      return fail(d, node, found.message);
  }
}

function goInfinity(value: number): string {
  return Number.isNaN(value) ? 'NaN' : value > 0 ? '+Inf' : '-Inf';
}

function integerJson(value: bigint): number | bigint {
  const small = Number(value);
  return Number.isSafeInteger(small) ? small : value;
}

/** A float that Go's JSON encoder writes without fraction or exponent is read as an integer from then on. */
function floatJson(value: number): number | bigint {
  if (value === 0) return 0;
  const isLong = Number.isInteger(value) && !Number.isSafeInteger(value);
  return isLong && value < 2 ** 64 && value >= -(2 ** 63) ? BigInt(String(value)) : value;
}

function decodeMap(d: Decoder, node: MapNode): JsonObject {
  const out: Record<string, JsonValue> = {};
  // Only keys that are written here can be duplicates, merged ones are there to be overridden.
  const written = new Set<string>();
  for (const pair of node.pairs) {
    if (d.failure !== undefined) return out;
    if (isMergeKey(pair.key)) {
      merge(d, pair.value, out);
      continue;
    }
    const key = decodeKey(d, pair.key, out);
    const value = decodeNode(d, pair.value);
    if (key === undefined) continue;
    if (written.has(key) && d.duplicates.length < mostDuplicates) {
      d.duplicates.push({ key, start: pair.key.start, end: pair.key.end });
    }
    written.add(key);
    setOwn(out, key, value);
  }
  return out;
}

/** Whether a key asks for a merge: a plain `<<`, or any with the tag `!!merge`. */
export function isMergeKey(node: YamlNode): boolean {
  if (node.type !== 'scalar' || node.text !== '<<') return false;
  return (
    (node.tag === '' && node.style === 'plain') ||
    node.tag === '!' ||
    node.tag === 'tag:yaml.org,2002:merge'
  );
}

function merge(d: Decoder, node: YamlNode, out: Record<string, JsonValue>): void {
  if (node.type === 'seq') {
    for (const item of node.items.toReversed()) mergeOne(d, item, out);
  } else {
    mergeOne(d, node, out);
  }
}

function mergeOne(d: Decoder, node: YamlNode, out: Record<string, JsonValue>): void {
  if (d.failure !== undefined) return;
  const source = node.type === 'alias' ? (node.target ?? node) : node;
  if (source.type !== 'map') {
    fail(d, node, 'map merge requires map or sequence of maps as the value');
    return;
  }
  const value = decodeNode(d, node);
  if (!isMap(value)) return;
  const failure = d.unfit.get(value);
  if (failure !== undefined) d.unfit.set(out, failure);
  for (const key of Object.keys(value)) setOwn(out, key, value[key] ?? null);
}

function isMap(value: JsonValue): value is JsonObject {
  return typeof value === 'object' && value !== null && !isList(value);
}

function isList(value: JsonValue): value is JsonArray {
  return Array.isArray(value);
}

/** The key as JSON has it; `undefined` when there is none, with the reason noted. */
function decodeKey(d: Decoder, node: YamlNode, map: JsonObject): string | undefined {
  decodeNode(d, node);
  if (d.failure !== undefined) return undefined;
  const target = node.type === 'alias' ? node.target : node;
  if (target?.type !== 'scalar') {
    fail(d, node, 'a mapping or a list cannot be a key');
    return undefined;
  }
  const key = scalarKey(target);
  if (typeof key === 'string') return key;
  unfit(d, node, map, key.message);
  return undefined;
}

/** The string that a scalar key becomes in JSON (`true`, `8` for `010`), or why it cannot be a key. */
export function scalarKey(node: ScalarNode): string | { readonly message: string } {
  const found = scalarValue(node);
  switch (found.type) {
    case 'string':
    case 'timestamp':
      return found.value;
    case 'bool':
      return String(found.value);
    case 'integer':
      return found.value < 2n ** 63n
        ? String(found.value)
        : { message: 'unsupported map key of type: uint64' };
    case 'float':
      return floatKey(found.value);
    case 'null':
      return { message: 'null cannot be a key' };
    case 'error':
      return found;
  }
}

/** Go's `strconv.FormatFloat(value, 'g', -1, 32)` with YAML's names for the values that are no numbers. */
function floatKey(value: number): string {
  const single = Math.fround(value);
  if (Number.isNaN(single)) return '.nan';
  if (!Number.isFinite(single)) return single > 0 ? '.inf' : '-.inf';
  if (single === 0) return Object.is(single, -0) ? '-0' : '0';
  let precision = 1;
  while (precision < 9 && Math.fround(Number(single.toPrecision(precision))) !== single) {
    precision++;
  }
  const [digits = '', exponentText = '0'] = single.toExponential(precision - 1).split('e');
  const exponent = Number(exponentText);
  if (exponent >= -4 && exponent < 6) {
    return Number(`${digits}e${exponent}`).toString();
  }
  const sign = exponent < 0 ? '-' : '+';
  return `${digits}e${sign}${String(Math.abs(exponent)).padStart(2, '0')}`;
}
