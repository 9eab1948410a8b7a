import { isArray, isObject, member, stringMember } from '../../engine/index.ts';
import type { JsonObject, JsonValue } from '../../engine/index.ts';

/** A value of the wrong type; the message says where and what. Only `readKubeconfig` catches it. */
export class ShapeError extends Error {}

/**
 * Reads a mapping as Go's JSON decoder fills a struct: absent and null are the zero value, another type is an error,
 * unknown fields do not matter. `where` is the path for messages.
 */
export interface Fields {
  string(key: string): string;
  boolean(key: string): boolean;
  /** Base64 that decodes; the text stays as it is. */
  base64(key: string): string;
  strings(key: string): readonly string[];
  /** A mapping of texts. */
  texts(key: string): ReadonlyMap<string, string>;
  /** A mapping of lists of texts. */
  lists(key: string): ReadonlyMap<string, readonly string[]>;
  /** A mapping, one without fields when absent. */
  struct(key: string): Fields;
  /** A mapping, `undefined` when absent. */
  pointer(key: string): Fields | undefined;
  items(key: string): readonly Fields[];
  value(key: string): JsonValue | undefined;
}

export function fieldsOf(value: JsonValue | undefined, where: string): Fields {
  const object = structOf(value, where) ?? {};
  const at = (key: string): string => (where === '' ? key : `${where}.${key}`);
  const get = (key: string): JsonValue | undefined => member(object, key) ?? undefined;
  const pointer = (key: string): Fields | undefined =>
    get(key) === undefined ? undefined : fieldsOf(get(key), at(key));
  return {
    string: (key) => textOf(get(key), at(key)),
    boolean(key) {
      const found = get(key) ?? false;
      if (typeof found !== 'boolean') throw wrongType(found, at(key), 'true or false');
      return found;
    },
    base64: (key) => base64Of(textOf(get(key), at(key)), at(key)),
    strings: (key) => textsOf(get(key), at(key)),
    texts: (key) => mapOf(get(key), at(key), textOf),
    lists: (key) => mapOf(get(key), at(key), textsOf),
    struct: (key) => fieldsOf(get(key), at(key)),
    pointer,
    items: (key) =>
      listOf(get(key), at(key)).map((item, i) => fieldsOf(item, itemPlace(item, at(key), i))),
    value: get,
  };
}

/** `users[admin]` says more than `users[3]`. */
function itemPlace(item: JsonValue, where: string, index: number): string {
  return `${where}[${stringMember(item, 'name') || index}]`;
}

function structOf(value: JsonValue | undefined, where: string): JsonObject | undefined {
  if (value === undefined || value === null) return undefined;
  if (!isObject(value)) throw wrongType(value, where || 'the file', 'a mapping');
  return value;
}

function listOf(value: JsonValue | undefined, where: string): readonly JsonValue[] {
  if (value === undefined || value === null) return [];
  if (!isArray(value)) throw wrongType(value, where, 'a list');
  return value;
}

function textOf(value: JsonValue | undefined, where: string): string {
  if (value === undefined || value === null) return '';
  if (typeof value !== 'string') throw wrongType(value, where, 'a text');
  return value;
}

function textsOf(value: JsonValue | undefined, where: string): readonly string[] {
  return listOf(value, where).map((item, i) => textOf(item, `${where}[${i}]`));
}

function mapOf<T>(
  value: JsonValue | undefined,
  where: string,
  read: (value: JsonValue | undefined, where: string) => T,
): ReadonlyMap<string, T> {
  const object = structOf(value, where) ?? {};
  return new Map(
    Object.entries(object).map(([key, item]) => [key, read(item, `${where}.${key}`)] as const),
  );
}

function base64Of(text: string, where: string): string {
  const plain = text.replaceAll(/[\r\n]/g, '');
  const isBase64 = plain.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(plain);
  if (!isBase64) throw new ShapeError(`${where} is not base64`);
  return plain;
}

function wrongType(value: JsonValue, where: string, wanted: string): ShapeError {
  return new ShapeError(`${where} must be ${wanted}, not ${typeName(value)}`);
}

function typeName(value: JsonValue): string {
  if (isArray(value)) return 'a list';
  if (isObject(value)) return 'a mapping';
  if (typeof value === 'string') return 'a text';
  if (typeof value === 'boolean') return 'true or false';
  return 'a number';
}
