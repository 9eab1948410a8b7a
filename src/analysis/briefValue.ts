import { isArray, isObject } from '../engine/index.ts';
import type { JsonValue } from '../engine/index.ts';
import { printFlow } from '../yaml/index.ts';
import { oneLine, shortened } from './markdown.ts';

const longest = 60;
const smallest = 4;

/** A value on one short line: small ones as YAML, others by their size. Plain text, not Markdown. */
export function briefValue(value: JsonValue | undefined): string {
  if (value === undefined) return 'nothing';
  if (typeof value === 'string') {
    const isPlainText = value !== '' && value.trim() === value;
    return shortened(oneLine(isPlainText ? value : JSON.stringify(value)), longest);
  }
  if (!isArray(value) && !isObject(value)) return String(value);
  const isFlat = Object.values(value).every((item) => typeof item !== 'object' || item === null);
  const size = Object.keys(value).length;
  if (isFlat && size <= smallest) {
    const text = printFlow(value);
    if (text.length <= longest) return oneLine(text);
  }
  return isArray(value) ? count(size, 'item') : count(size, 'key');
}

function count(n: number, noun: string): string {
  return `${n} ${noun}${n === 1 ? '' : 's'}`;
}
