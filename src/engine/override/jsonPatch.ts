import { isArray, isObject, setOwn } from '../json.ts';
import type { JsonValue, Result } from '../types.ts';
import { atoi } from './goNumber.ts';

/** One operation, as an override hands it to the patch library: `value` is always there, null when none was given. */
export interface PatchOperation {
  readonly op: string;
  readonly path: string;
  readonly value: JsonValue;
}

/** What the patch library tells apart; `null` counts as `scalar` except for a whole document. */
export type NodeType = 'object' | 'array' | 'scalar';

/**
 * A form of document that can be patched. Nodes are not changed unless `own` gave them out: so an untouched subtree
 * of the answer is the very node of the question.
 */
export interface PatchModel<N> {
  typeOf(node: N): NodeType;
  /** How Go names the type of a value in a decoding error: `string`, `number`, `bool`, `array`, `object` or `null`. */
  goTypeOf(node: N): string;
  fromValue(value: JsonValue): N;
  /** A shallow copy that `set`, `remove` and `splice` may change. */
  own(node: N): N;
  /** The member of a mapping that `own` gave out. */
  get(object: N, key: string): N | undefined;
  set(object: N, key: string, node: N): void;
  remove(object: N, key: string): void;
  length(array: N): number;
  at(array: N, index: number): N;
  splice(array: N, index: number, removed: number, ...inserted: N[]): void;
}

/** The document in work. A document can be the literal null in two ways, which fail differently. */
type Root<N> =
  | { readonly type: 'node'; readonly node: N }
  | { readonly type: 'nullObject' }
  | { readonly type: 'nilArray' };

interface Session<N> {
  readonly model: PatchModel<N>;
  readonly owned: Set<N>;
  root: Root<N>;
  /** The library's untouched second copy of the document, which an empty first segment leads to. */
  self: N | undefined;
}

const missing = 'missing value';
const notObject = 'invalid value, expected object';
const nilPanic = 'panic: runtime error: invalid memory address or nil pointer dereference';

/**
 * Applies add, remove and replace as evanphx/json-patch v5.9.11 does with its default options (`v5/patch.go`), with
 * the same error texts: negative indexes, `-`, empty segments, replacing the whole document. The operations succeed
 * together or not at all. `undefined` as the new document means the literal null.
 */
export function applyPatch<N>(
  model: PatchModel<N>,
  document: N,
  operations: readonly PatchOperation[],
): Result<N | undefined> {
  const opened = open(model, document);
  if ('error' in opened) return opened;
  const session: Session<N> = { model, owned: new Set(), root: opened.value, self: document };
  for (const operation of operations) {
    const error = apply(session, operation);
    if (error !== undefined) return { error };
  }
  if (session.root.type === 'node') return { value: session.root.node };
  if (session.root.type === 'nilArray') return { value: undefined };
  return {
    error: `json: error calling MarshalJSON for type *jsonpatch.partialDoc: ${notObject}`,
  };
}

/** Applies a patch to a plain value; see {@link applyPatch}. */
export function applyJsonPatch(
  document: JsonValue,
  operations: readonly PatchOperation[],
): Result<JsonValue> {
  const patched = applyPatch(plainModel, document, operations);
  return 'error' in patched ? patched : { value: patched.value ?? null };
}

function open<N>(model: PatchModel<N>, document: N): Result<Root<N>> {
  if (model.typeOf(document) !== 'scalar') return { value: { type: 'node', node: document } };
  const type = model.goTypeOf(document);
  if (type === 'null') return { value: { type: 'nullObject' } };
  return {
    error: `json: cannot unmarshal ${type} into Go value of type map[string]*jsonpatch.lazyNode`,
  };
}

function apply<N>(session: Session<N>, operation: PatchOperation): string | undefined {
  const { op, path } = operation;
  if (op !== 'add' && op !== 'remove' && op !== 'replace') return 'unsupported operation';
  if (path === '') return applyToRoot(session, op, operation.value);
  const found = locate(session, segmentsOf(operation));
  switch (op) {
    case 'add':
      return add(session, found, path, operation.value);
    case 'remove':
      return remove(session, found, path);
    case 'replace':
      return replace(session, found, path, operation.value);
  }
}

function applyToRoot<N>(
  session: Session<N>,
  op: 'add' | 'remove' | 'replace',
  value: JsonValue,
): string | undefined {
  const { model } = session;
  if (op === 'remove') {
    return remove(session, { container: holderOf(session), key: '' }, '');
  }
  const node = model.fromValue(value);
  if (op === 'add') {
    const opened = open(model, node);
    if ('error' in opened) return opened.error;
    session.root = opened.value;
    session.self = node;
    return undefined;
  }
  if (value === null) session.root = { type: 'nilArray' };
  else if (model.typeOf(node) === 'scalar') {
    return 'replace operation value must be object or array: %!w(<nil>)';
  } else session.root = { type: 'node', node };
  session.self = undefined;
  return undefined;
}

/** Where an operation works: a node that may be changed, or one of the two nulls. */
type Container<N> = { readonly node: N } | 'nullObject' | 'nilArray';

interface Place<N> {
  readonly container: Container<N>;
  readonly key: string;
}

const splitPaths = new WeakMap<PatchOperation, readonly string[]>();

/** The decoded pieces of an operation's path, split once an operation: the same one is applied to many documents. */
function segmentsOf(operation: PatchOperation): readonly string[] {
  const known = splitPaths.get(operation);
  if (known) return known;
  const segments = operation.path.split('/').map(unescapeSegment);
  splitPaths.set(operation, segments);
  return segments;
}

/** The container that a path leads to; every container on the way becomes the session's own. */
function locate<N>(session: Session<N>, segments: readonly string[]): Place<N> | undefined {
  if (segments.length < 2) return undefined;
  const key = segments[segments.length - 1] ?? '';
  if (segments.length === 2) return { container: holderOf(session), key };
  const first = segments[1] ?? '';
  let node = first === '' ? ownSelf(session) : step(session, ownRoot(session), first);
  for (let i = 2; i < segments.length - 1 && node !== undefined; i++) {
    node = step(session, node, segments[i] ?? '');
  }
  return node === undefined ? undefined : { container: { node }, key };
}

function holderOf<N>(session: Session<N>): Container<N> {
  const node = ownRoot(session);
  if (node !== undefined) return { node };
  return session.root.type === 'nilArray' ? 'nilArray' : 'nullObject';
}

function ownRoot<N>(session: Session<N>): N | undefined {
  if (session.root.type !== 'node') return undefined;
  const node = own(session, session.root.node);
  session.root = { type: 'node', node };
  return node;
}

function ownSelf<N>(session: Session<N>): N | undefined {
  if (session.self === undefined || session.model.typeOf(session.self) === 'scalar') {
    return undefined;
  }
  session.self = own(session, session.self);
  return session.self;
}

function own<N>(session: Session<N>, node: N): N {
  if (session.owned.has(node)) return node;
  const copy = session.model.own(node);
  session.owned.add(copy);
  return copy;
}

/** The container below a container, `undefined` when there is none. Both are the session's own. */
function step<N>(session: Session<N>, parent: N | undefined, key: string): N | undefined {
  if (parent === undefined || key === '') return undefined;
  const { model } = session;
  if (model.typeOf(parent) === 'object') {
    const child = model.get(parent, key);
    if (child === undefined || model.typeOf(child) === 'scalar') return undefined;
    const owned = own(session, child);
    if (owned !== child) model.set(parent, key, owned);
    return owned;
  }
  const index = existingIndex(key, model.length(parent));
  if (typeof index === 'string') return undefined;
  const child = model.at(parent, index);
  if (model.typeOf(child) === 'scalar') return undefined;
  const owned = own(session, child);
  if (owned !== child) model.splice(parent, index, 1, owned);
  return owned;
}

/** The position of an element, negative ones counted from the end, or the text of the error. */
function existingIndex(key: string, length: number): number | string {
  const index = atoi(key);
  if ('error' in index) return index.error;
  const { value } = index;
  if (value >= length || value < -length) return invalidIndex(index.text);
  return value < 0 ? value + length : value;
}

function invalidIndex(index: string): string {
  return `Unable to access invalid index: ${index}: invalid index referenced`;
}

function add<N>(
  session: Session<N>,
  found: Place<N> | undefined,
  path: string,
  value: JsonValue,
): string | undefined {
  if (!found) {
    return `add operation does not apply: doc is missing path: "${path}": ${missing}`;
  }
  const error = addTo(session.model, found, value);
  return error === undefined ? undefined : `error in add for path: '${path}': ${error}`;
}

function addTo<N>(
  model: PatchModel<N>,
  { container, key }: Place<N>,
  value: JsonValue,
): string | undefined {
  if (container === 'nullObject') return notObject;
  const isList = container === 'nilArray' || model.typeOf(container.node) === 'array';
  if (!isList) {
    model.set(container.node, key, model.fromValue(value));
    return undefined;
  }
  const index = key === '-' ? undefined : atoi(key);
  if (index && 'error' in index) {
    return `value was not a proper array index: '${key}': ${index.error}`;
  }
  if (container === 'nilArray') return nilPanic;
  const { node } = container;
  const room = model.length(node) + 1;
  if (index && (index.value >= room || index.value < -room)) return invalidIndex(index.text);
  const position = index ? index.value + (index.value < 0 ? room : 0) : room - 1;
  model.splice(node, position, 0, model.fromValue(value));
  return undefined;
}

function remove<N>(
  session: Session<N>,
  found: Place<N> | undefined,
  path: string,
): string | undefined {
  if (!found) {
    return `remove operation does not apply: doc is missing path: "${path}": ${missing}`;
  }
  const error = removeFrom(session.model, found);
  return error === undefined ? undefined : `error in remove for path: '${path}': ${error}`;
}

function removeFrom<N>(model: PatchModel<N>, { container, key }: Place<N>): string | undefined {
  if (container === 'nullObject') return notObject;
  if (container === 'nilArray') {
    const index = atoi(key);
    return 'error' in index ? index.error : nilPanic;
  }
  const { node } = container;
  if (model.typeOf(node) === 'object') {
    if (model.get(node, key) === undefined) {
      return `unable to remove nonexistent key: ${key}: ${missing}`;
    }
    model.remove(node, key);
    return undefined;
  }
  const index = existingIndex(key, model.length(node));
  if (typeof index === 'string') return index;
  model.splice(node, index, 1);
  return undefined;
}

function replace<N>(
  session: Session<N>,
  found: Place<N> | undefined,
  path: string,
  value: JsonValue,
): string | undefined {
  if (!found) return `replace operation does not apply: doc is missing path: ${path}: ${missing}`;
  const { model } = session;
  const { container, key } = found;
  const noKey = `replace operation does not apply: doc is missing key: ${path}: ${missing}`;
  if (container === 'nullObject') {
    return key === '' ? `error in remove for path: '${path}': ${notObject}` : noKey;
  }
  if (container === 'nilArray') return key === '' || !('error' in atoi(key)) ? nilPanic : noKey;
  const { node } = container;
  if (model.typeOf(node) === 'object') {
    // The empty key is found even when it is absent: it stands for the mapping itself.
    if (key !== '' && model.get(node, key) === undefined) return noKey;
    model.set(node, key, model.fromValue(value));
    return undefined;
  }
  const index = existingIndex(key, model.length(node));
  if (typeof index === 'string') {
    return key === '' ? `error in remove for path: '${path}': ${index}` : noKey;
  }
  model.splice(node, index, 1, model.fromValue(value));
  return undefined;
}

/** Decodes `~1` and `~0` in one pass; any other `~` stays. */
export function unescapeSegment(segment: string): string {
  if (!segment.includes('~')) return segment;
  return segment.replace(/~[01]/g, (escape) => (escape === '~1' ? '/' : '~'));
}

type OwnedObject = Record<string, JsonValue>;

/** Plain values: copied container by container on the way to a change. */
const plainModel: PatchModel<JsonValue> = {
  typeOf: (node) => (isArray(node) ? 'array' : isObject(node) ? 'object' : 'scalar'),
  goTypeOf: (node) => {
    if (node === null) return 'null';
    if (typeof node === 'boolean') return 'bool';
    return typeof node === 'bigint' ? 'number' : typeof node;
  },
  fromValue: (value) => value,
  own: (node) => {
    if (isArray(node)) return [...node];
    return isObject(node) ? { ...node } : node;
  },
  get: (object, key) => (isObject(object) && Object.hasOwn(object, key) ? object[key] : undefined),
  set: (object, key, node) => {
    setOwn(object as OwnedObject, key, node);
  },
  remove: (object, key) => {
    delete (object as OwnedObject)[key];
  },
  length: (array) => (isArray(array) ? array.length : 0),
  at: (array, index) => (isArray(array) ? (array[index] ?? null) : null),
  splice: (array, index, removed, ...inserted) => {
    (array as JsonValue[]).splice(index, removed, ...inserted);
  },
};
