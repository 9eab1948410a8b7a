import { isArray, isObject, member } from '../../engine/index.ts';
import type { JsonArray, JsonObject, JsonValue } from '../../engine/index.ts';
import type { Interner } from './interner.ts';

const noObject: JsonObject = Object.freeze({});
const noArray: JsonArray = Object.freeze([]);

/**
 * Reads the members of one object. What is absent or null is the type's empty value; what has another type is that
 * too, and the first such place is remembered.
 */
export interface Shape {
  /** The first place of an unexpected type, as a sentence. */
  readonly problem: string | undefined;
  text(from: JsonObject, key: string, place: string): string;
  /** An integer, `absent` (0) when there is none. */
  number(from: JsonObject, key: string, place: string, absent?: number): number;
  isTrue(from: JsonObject, key: string, place: string): boolean;
  object(from: JsonObject, key: string, place: string): JsonObject;
  /** The mappings in a list. */
  objects(from: JsonObject, key: string, place: string): readonly JsonObject[];
  /** The strings in a list. */
  texts(from: JsonObject, key: string, place: string): readonly string[];
}

/** A reader of one object's shape. A place is the path of the parent, such as `status`, for the sentence. */
export function createShape(interner: Interner): Shape {
  let problem: string | undefined;
  const unexpected = (place: string, key: string, expected: string): void => {
    problem ??= `${place === '' ? key : `${place}.${key}`} is not ${expected}.`;
  };
  /** The value when it has the type, `undefined` when absent or of another. */
  function read<T extends JsonValue>(
    [from, key, place]: readonly [JsonObject, string, string],
    expected: string,
    has: (value: JsonValue) => value is T,
  ): T | undefined {
    const value = member(from, key) ?? null;
    if (value === null) return undefined;
    if (has(value)) return value;
    unexpected(place, key, expected);
    return undefined;
  }
  const list = (from: JsonObject, key: string, place: string): JsonArray =>
    read([from, key, place], 'a list', isArray) ?? noArray;
  return {
    get problem() {
      return problem;
    },
    text: (from, key, place) => interner.text(read([from, key, place], 'a string', isText) ?? ''),
    number: (from, key, place, absent = 0) =>
      read([from, key, place], 'an integer', isInteger) ?? absent,
    isTrue: (from, key, place) => read([from, key, place], 'true or false', isBoolean) ?? false,
    object: (from, key, place) => read([from, key, place], 'a mapping', isObject) ?? noObject,
    objects(from, key, place) {
      const found = list(from, key, place);
      if (found.every(isObject)) return found;
      unexpected(place, key, 'a list of mappings');
      return found.filter(isObject);
    },
    texts(from, key, place) {
      const found = list(from, key, place);
      if (!found.every(isText)) unexpected(place, key, 'a list of strings');
      const texts = found.filter(isText);
      return texts.length === 0 ? noTexts : texts.map((text) => interner.text(text));
    },
  };
}

const noTexts: readonly string[] = Object.freeze([]);

function isText(value: JsonValue): value is string {
  return typeof value === 'string';
}

function isInteger(value: JsonValue): value is number {
  return Number.isSafeInteger(value);
}

function isBoolean(value: JsonValue): value is boolean {
  return typeof value === 'boolean';
}
