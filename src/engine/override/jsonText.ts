import type { JsonValue, Result } from '../types.ts';
import { goJson, goJsonString } from './goJson.ts';
import { applyPatch, type PatchModel, type PatchOperation } from './jsonPatch.ts';

/**
 * A node of a JSON text. Only what a patch walks through is taken apart, one level at a time: everything else is
 * printed with the spelling it came with.
 */
type TextNode =
  | { readonly type: 'raw'; readonly text: string }
  | { readonly type: 'array'; readonly items: TextNode[] }
  /** `keys` keeps the order and repeats a repeated key; `members` has the last value of each. */
  | { readonly type: 'object'; readonly keys: string[]; readonly members: Map<string, TextNode> };

const nullNode: TextNode = { type: 'raw', text: 'null' };

/**
 * Patches a JSON document in its text form, as evanphx/json-patch prints it: compact, in the order of the document,
 * new keys last, numbers and strings of untouched members spelled as before. An empty text stays empty.
 */
export function patchJsonText(text: string, operations: readonly PatchOperation[]): Result<string> {
  if (text === '') return { value: '' };
  if (!isValidJson(text)) return { error: 'invalid state detected' };
  const trimmed = text.replace(/^[ \t\r\n]+/, '');
  if (trimmed.startsWith('[') && trimmed.length < text.length) {
    return {
      error: 'json: cannot unmarshal array into Go value of type map[string]*jsonpatch.lazyNode',
    };
  }
  const root = textModel.own({ type: 'raw', text: trimmed });
  const patched = applyPatch(textModel, root, operations);
  if ('error' in patched) return patched;
  return { value: patched.value ? print(own(patched.value)) : 'null' };
}

function isValidJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

const textModel: PatchModel<TextNode> = {
  typeOf: (node) => {
    if (node.type !== 'raw') return node.type;
    const first = node.text[0];
    return first === '{' ? 'object' : first === '[' ? 'array' : 'scalar';
  },
  goTypeOf: (node) => {
    if (node.type !== 'raw') return node.type;
    const first = node.text[0];
    if (first === '"') return 'string';
    if (first === 'n') return 'null';
    return first === 't' || first === 'f' ? 'bool' : 'number';
  },
  fromValue: (value: JsonValue) => ({ type: 'raw', text: goJson(value) }),
  own,
  get: (object, key) => (object.type === 'object' ? object.members.get(key) : undefined),
  set: (object, key, node) => {
    if (object.type !== 'object') return;
    // A repeated key of which one was removed is still listed once, and comes back to life.
    if (!object.keys.includes(key)) object.keys.push(key);
    object.members.set(key, node);
  },
  remove: (object, key) => {
    if (object.type !== 'object') return;
    object.keys.splice(object.keys.indexOf(key), 1);
    object.members.delete(key);
  },
  length: (array) => (array.type === 'array' ? array.items.length : 0),
  at: (array, index) => (array.type === 'array' ? (array.items[index] ?? nullNode) : nullNode),
  splice: (array, index, removed, ...inserted) => {
    if (array.type === 'array') array.items.splice(index, removed, ...inserted);
  },
};

function own(node: TextNode): TextNode {
  if (node.type === 'array') return { type: 'array', items: [...node.items] };
  if (node.type === 'object') {
    return { type: 'object', keys: [...node.keys], members: new Map(node.members) };
  }
  if (node.text.startsWith('[')) return { type: 'array', items: splitArray(node.text) };
  return node.text.startsWith('{') ? splitObject(node.text) : node;
}

function splitArray(text: string): TextNode[] {
  return splitItems(text).map((item) => ({ type: 'raw', text: item }));
}

function splitObject(text: string): TextNode {
  const keys: string[] = [];
  const members = new Map<string, TextNode>();
  for (const item of splitItems(text)) {
    const end = stringEnd(item, 0);
    const key = (JSON.parse(item.slice(0, end)) as string).toWellFormed();
    keys.push(key);
    members.set(key, { type: 'raw', text: item.slice(item.indexOf(':', end) + 1).trim() });
  }
  return { type: 'object', keys, members };
}

/** The texts between the commas of a valid list or mapping. */
function splitItems(text: string): string[] {
  const items: string[] = [];
  let depth = 0;
  let start = 1;
  for (let at = 0; at < text.length; at++) {
    const character = text[at];
    if (character === '"') at = stringEnd(text, at) - 1;
    else if (character === '[' || character === '{') depth++;
    else if (character === ']' || character === '}') {
      if (--depth === 0) {
        const last = text.slice(start, at).trim();
        if (last !== '') items.push(last);
        break;
      }
    } else if (character === ',' && depth === 1) {
      items.push(text.slice(start, at).trim());
      start = at + 1;
    }
  }
  return items;
}

/** The offset behind a string that starts at an offset. */
function stringEnd(text: string, start: number): number {
  let at = start + 1;
  while (at < text.length && text[at] !== '"') at += text[at] === '\\' ? 2 : 1;
  return at + 1;
}

function print(node: TextNode): string {
  switch (node.type) {
    case 'raw':
      return compact(node.text);
    case 'array':
      return `[${node.items.map(print).join(',')}]`;
    case 'object':
      return `{${node.keys
        .map((key) => `${goJsonString(key)}:${print(node.members.get(key) ?? nullNode)}`)
        .join(',')}}`;
  }
}

const insignificant = /"[^"\\]*(?:\\.[^"\\]*)*"|[ \t\r\n]+/g;
const htmlCharacters = /[<>&\u2028\u2029]/g;

/** Go's compact form with HTML escaping: blanks between tokens go, strings keep their own escapes. */
function compact(text: string): string {
  return text.replace(insignificant, (token) =>
    token.startsWith('"')
      ? token.replace(
          htmlCharacters,
          (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
        )
      : '',
  );
}
