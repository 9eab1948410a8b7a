import { isObject, member, setOwn, withMember, withoutMember } from '../../engine/index.ts';
import type { JsonObject, JsonValue } from '../../engine/index.ts';
import { isSecret } from '../../analysis/index.ts';

/**
 * A Secret with its `stringData` in `data`, where a server puts it (`pkg/registry/core/secret/strategy.go` of
 * Kubernetes). A server-side apply of `stringData` itself takes values from their owners without a conflict, and never
 * deletes a key again.
 */
export function withStringData(object: JsonObject): JsonObject {
  const texts = member(object, 'stringData');
  if (!isSecret(object) || !isObject(texts)) return object;
  const data = member(object, 'data') ?? null;
  // What is wrong with it the server says.
  if (data !== null && !isObject(data)) return object;
  const copy: Record<string, JsonValue> = { ...data };
  for (const [key, text] of Object.entries(texts)) {
    if (typeof text !== 'string') return object;
    setOwn(copy, key, base64(utf8(text)));
  }
  return withMember(withoutMember(object, 'stringData'), 'data', copy);
}

function utf8(text: string): readonly number[] {
  const bytes: number[] = [];
  for (const character of text.toWellFormed()) {
    const code = character.codePointAt(0) ?? 0;
    if (code < 0x80) bytes.push(code);
    else if (code < 0x800) bytes.push(0xc0 | (code >> 6), 0x80 | (code & 63));
    else if (code < 0x10000) {
      bytes.push(0xe0 | (code >> 12), 0x80 | ((code >> 6) & 63), 0x80 | (code & 63));
    } else {
      const tail = [(code >> 12) & 63, (code >> 6) & 63, code & 63].map((six) => 0x80 | six);
      bytes.push(0xf0 | (code >> 18), ...tail);
    }
  }
  return bytes;
}

const digits = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

function base64(bytes: readonly number[]): string {
  let text = '';
  for (let i = 0; i < bytes.length; i += 3) {
    const [first = 0, second, third] = bytes.slice(i, i + 3);
    const all = (first << 16) | ((second ?? 0) << 8) | (third ?? 0);
    text += digits.charAt(all >> 18) + digits.charAt((all >> 12) & 63);
    text += second === undefined ? '=' : digits.charAt((all >> 6) & 63);
    text += third === undefined ? '=' : digits.charAt(all & 63);
  }
  return text;
}
