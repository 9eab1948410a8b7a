import type { JsonArray, JsonObject, JsonValue } from '../engine/types.ts';
import { plainValue } from './scalarValue.ts';

/**
 * A value as block YAML, keys in the object's own order, two blanks a level, list items in the column of their key as
 * kubectl writes them unless another style is asked for. Strings are quoted where go-yaml would read them as something else, texts of several lines are
 * literal blocks, and no line is ever folded. Reading the result as Go does gives the value back. Ends with a newline.
 */
export function printYaml(value: JsonValue, style: PrintStyle = kubectlStyle): string {
  const out: Output = { text: '', style };
  if (isCollection(value) && !isEmpty(value)) {
    printCollection(out, value, '');
    return out.text.slice(1) + '\n';
  }
  printInline(out, value, '');
  return out.text + '\n';
}

/** A value as a single line of flow YAML, to be put inside `{…}` or `[…]` or behind a key. */
export function printFlow(value: JsonValue): string {
  if (isList(value)) return `[${value.map(printFlow).join(', ')}]`;
  if (isObject(value)) {
    const pairs = Object.keys(value).map(
      (key) => `${flowString(key)}: ${printFlow(value[key] ?? null)}`,
    );
    return `{${pairs.join(', ')}}`;
  }
  return typeof value === 'string' ? flowString(value) : printNumberOrWord(value);
}

/** A value as it is written behind `key:`, the blank or line break included. `indent` is that of the key. */
export function printAfterKey(
  value: JsonValue,
  indent: string,
  style: PrintStyle = kubectlStyle,
): string {
  const out: Output = { text: '', style };
  printBelowKey(out, value, indent);
  return out.text;
}

/** A value as it is written behind the dash of a list item, the blank included. `indent` is that of the dash. */
export function printAfterDash(
  value: JsonValue,
  indent: string,
  style: PrintStyle = kubectlStyle,
): string {
  const out: Output = { text: '', style };
  if (isCollection(value) && !isEmpty(value)) {
    printCollection(out, value, indent + '  ');
    // The first line goes on behind the dash.
    return ' ' + out.text.slice(1 + indent.length + 2);
  }
  printInline(out, value, indent);
  return ' ' + out.text;
}

/** A key as it is written before its colon. */
export function printKey(key: string): string {
  return isPlain(key) ? key : quoted(key);
}

/** How deep things are put below their key. */
export interface PrintStyle {
  /** Blanks before the keys of a mapping that belongs to a key. */
  readonly step: string;
  /** Blanks before the dashes of a list that belongs to a key, from the column of the key. */
  readonly listStep: string;
}

const kubectlStyle: PrintStyle = { step: '  ', listStep: '' };

interface Output {
  text: string;
  readonly style: PrintStyle;
}

function isCollection(value: JsonValue): value is JsonObject | JsonArray {
  return typeof value === 'object' && value !== null;
}

function isList(value: JsonValue): value is JsonArray {
  return Array.isArray(value);
}

function isObject(value: JsonValue): value is JsonObject {
  return isCollection(value) && !isList(value);
}

function isEmpty(value: JsonObject | JsonArray): boolean {
  return isList(value) ? value.length === 0 : Object.keys(value).length === 0;
}

/** Writes every entry on a line of its own, a line break before each. */
function printCollection(out: Output, value: JsonObject | JsonArray, indent: string): void {
  if (isList(value)) {
    for (const item of value) {
      out.text += '\n' + indent + '-' + printAfterDash(item, indent, out.style);
    }
    return;
  }
  for (const key of Object.keys(value)) {
    const written = printKey(key);
    // A longer key is none for go-yaml unless a question mark says so.
    const isLong = written.length > 1000;
    out.text += '\n' + indent + (isLong ? `? ${written}\n${indent}:` : written + ':');
    printBelowKey(out, value[key] ?? null, indent);
  }
}

function printBelowKey(out: Output, value: JsonValue, indent: string): void {
  if (isCollection(value) && !isEmpty(value)) {
    printCollection(out, value, indent + (isList(value) ? out.style.listStep : out.style.step));
  } else {
    out.text += ' ';
    printInline(out, value, indent);
  }
}

function printInline(out: Output, value: JsonValue, indent: string): void {
  if (typeof value === 'string') out.text += printString(value, indent + '  ');
  else if (isCollection(value)) out.text += isList(value) ? '[]' : '{}';
  else out.text += printNumberOrWord(value);
}

function printNumberOrWord(value: Exclude<JsonValue, string | JsonObject | JsonArray>): string {
  if (typeof value !== 'number') return String(value);
  if (!Number.isFinite(value)) return Number.isNaN(value) ? '.nan' : value > 0 ? '.inf' : '-.inf';
  // The digits of a large number are exact only as a bigint's; beyond 64 bits it is read as a float again.
  const isLong = Number.isInteger(value) && !Number.isSafeInteger(value);
  if (isLong && value < 2 ** 64 && value >= -(2 ** 63)) return String(BigInt(value));
  return value === 0 ? '0' : String(value);
}

function printString(text: string, indent: string): string {
  if (text.includes('\n') && !unprintable.test(text) && /[^\n]/.test(text)) {
    return literal(text, indent);
  }
  return isPlain(text) ? text : quoted(text);
}

function literal(text: string, indent: string): string {
  const hint = /^[ \t\n]/.test(text) ? '2' : '';
  const chomp = !text.endsWith('\n') ? '-' : text.endsWith('\n\n') ? '+' : '';
  const body = chomp === '-' ? text : text.slice(0, -1);
  const lines = body.split('\n').map((line) => (line === '' ? '' : indent + line));
  return `|${hint}${chomp}\n${lines.join('\n')}`;
}

const commonPlain = /^[A-Za-z/][A-Za-z0-9_./-]*$/;
/** Cannot stand at the beginning, or has no place in a plain scalar at all. */
const neverPlain = /^[\s,[\]{}#&*!|>'"%@`]|^[-?:](?:\s|$)|^(?:---|\.\.\.)|:\s|:$|\s#|\s$|^=$|^<<$/;
/** Times that other readers of YAML 1.1 take for numbers to the base 60. */
const sexagesimal = /^[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?$/;
const date = /^[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}/;
// eslint-disable-next-line no-control-regex -- they are what is looked for
const unprintable = /[\0-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]/;

/** Whether a text stands for itself without quotes. */
function isPlain(text: string): boolean {
  if (commonPlain.test(text)) return text.length > 5 || plainValue(text).type === 'string';
  if (text === '' || neverPlain.test(text) || unprintable.test(text)) return false;
  if (text.includes('\n') || text.includes('\t')) return false;
  return plainValue(text).type === 'string' && !sexagesimal.test(text) && !date.test(text);
}

/** A string as it is written inside `{…}` or `[…]`. */
export function flowString(text: string): string {
  return isPlain(text) && !/[,[\]{}?]|^[-:]/.test(text) ? text : quoted(text);
}

/** A string in quotes, in those of the given style where they can hold it. */
export function requoted(text: string, style: 'single' | 'double'): string {
  const needsEscapes = unprintable.test(text) || /[\n\t]/.test(text);
  if (style === 'single' && !needsEscapes) return `'${text.replaceAll("'", "''")}'`;
  return `"${text.replace(escaped, escape)}"`;
}

function quoted(text: string): string {
  return requoted(text, /["\\]/.test(text) ? 'single' : 'double');
}

// eslint-disable-next-line no-control-regex -- they are what is looked for
const escaped = /[\0-\x1f"\\\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]/g;

const shortEscapes: ReadonlyMap<string, string> = new Map([
  ['\n', '\\n'],
  ['\t', '\\t'],
  ['\r', '\\r'],
  ['"', '\\"'],
  ['\\', '\\\\'],
]);

function escape(character: string): string {
  const short = shortEscapes.get(character);
  if (short !== undefined) return short;
  const code = character.charCodeAt(0);
  return code < 0x100
    ? `\\x${code.toString(16).padStart(2, '0')}`
    : `\\u${code.toString(16).padStart(4, '0')}`;
}
