import { isObject, stringMember } from '../engine/index.ts';

/** Longer than any list's metadata. */
const reach = 16 * 1024;

/**
 * The continue token of a list's JSON text without parsing all of it; '' where it is not found. API servers write a
 * list's metadata before its items or, for custom resources, behind them. A guess: the parsed list has the last word.
 */
export function nextToken(text: string): string {
  const before = /^\s*\{(?:"(?:kind|apiVersion)":"[^"]*",)*"metadata":(\{[^{}]*\})/;
  const behind = /"metadata":(\{[^{}]*\})\}\s*$/;
  const found = before.exec(text.slice(0, reach)) ?? behind.exec(text.slice(-reach));
  if (!found?.[1]) return '';
  try {
    const metadata: unknown = JSON.parse(found[1]);
    return isObject(metadata) ? stringMember(metadata, 'continue') : '';
  } catch {
    return '';
  }
}
