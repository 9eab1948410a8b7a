import { compareBytes, isArray, isObject } from '../json.ts';
import type { JsonObject, JsonValue } from '../types.ts';

const unsafe = /[\u0000-\u001f"\\<>&\u2028\u2029]/;
const unsafeAll = /[\u0000-\u001f"\\<>&\u2028\u2029]/g;

/**
 * A value as Go's `encoding/json` marshals what it decoded: compact, keys sorted by bytes, `<`, `>`, `&`, U+2028 and
 * U+2029 escaped. A number is printed with the shortest digits, as JavaScript does too.
 */
export function goJson(value: JsonValue): string {
  if (typeof value === 'string') return goJsonString(value);
  if (isArray(value)) return `[${value.map(goJson).join(',')}]`;
  if (isObject(value)) return `{${sortedKeys(value).map(memberText(value)).join(',')}}`;
  return String(value);
}

function memberText(object: JsonObject): (key: string) => string {
  return (key) => `${goJsonString(key)}:${goJson(object[key] ?? null)}`;
}

/** The keys of a mapping in the order in which Go prints them. */
export function sortedKeys(object: JsonObject): string[] {
  return Object.keys(object).sort(compareBytes);
}

/** A string as Go's `encoding/json` prints it. */
export function goJsonString(text: string): string {
  const wellFormed = text.toWellFormed();
  if (!unsafe.test(wellFormed)) return `"${wellFormed}"`;
  return `"${wellFormed.replace(unsafeAll, escapeCharacter)}"`;
}

function escapeCharacter(character: string): string {
  switch (character) {
    case '"':
      return '\\"';
    case '\\':
      return '\\\\';
    case '\b':
      return '\\b';
    case '\f':
      return '\\f';
    case '\n':
      return '\\n';
    case '\r':
      return '\\r';
    case '\t':
      return '\\t';
    default:
      return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
  }
}
