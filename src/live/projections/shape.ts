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
  /** Remembers a value that is there and has another type. Written out below: there are twenty reads a report. */
  const refuse = (
    value: JsonValue | undefined,
    key: string,
    place: string,
    expected: string,
  ): void => {
    if (value === undefined || value === null) return;
    problem ??= `${place === '' ? key : `${place}.${key}`} is not ${expected}.`;
  };
  const list = (from: JsonObject, key: string, place: string): JsonArray => {
    const value = member(from, key);
    if (isArray(value)) return value;
    refuse(value, key, place, 'a list');
    return noArray;
  };
  return {
    get problem() {
      return problem;
    },
    text(from, key, place) {
      const value = member(from, key);
      if (typeof value === 'string') return interner.text(value);
      refuse(value, key, place, 'a string');
      return '';
    },
    number(from, key, place, absent = 0) {
      const value = member(from, key);
      if (typeof value === 'number' && Number.isSafeInteger(value)) return value;
      refuse(value, key, place, 'an integer');
      return absent;
    },
    isTrue(from, key, place) {
      const value = member(from, key);
      if (typeof value !== 'boolean') refuse(value, key, place, 'true or false');
      return value === true;
    },
    object(from, key, place) {
      const value = member(from, key);
      if (isObject(value)) return value;
      refuse(value, key, place, 'a mapping');
      return noObject;
    },
    objects(from, key, place) {
      const found = list(from, key, place);
      if (found.every(isObject)) return found;
      refuse(found, key, place, 'a list of mappings');
      return found.filter(isObject);
    },
    texts(from, key, place) {
      const found = list(from, key, place);
      const texts = found.filter((value) => typeof value === 'string');
      if (texts.length < found.length) refuse(found, key, place, 'a list of strings');
      return texts.length === 0 ? noTexts : texts.map((text) => interner.text(text));
    },
  };
}

const noTexts: readonly string[] = Object.freeze([]);
