import { isArray, isObject } from '../json.ts';
import { utf8Length } from '../selection/labelSyntax.ts';
import type { JsonArray, JsonObject, JsonValue, Result } from '../types.ts';
import { goJsonString } from './goJson.ts';
import { formatFloat } from './goNumber.ts';
import { compareYamlKeys } from './goYamlOrder.ts';
import { isMultiline, scalarStyle } from './goYamlScalar.ts';
import {
  createWriter,
  increaseIndent,
  writeIndent,
  writeIndicator,
  writeScalar,
  type Writer,
} from './goYamlWriter.ts';

const int64Min = -(2n ** 63n);
const uint64Max = 2n ** 64n - 1n;
/** The deepest nesting that is printed; nothing that a control plane stores comes near. */
const maxDepth = 1000;

/**
 * Prints a value as `JSONToYAML` of sigs.k8s.io/yaml does: its JSON text is read as YAML and printed by go-yaml v2
 * (`emitterc.go`), in block style, keys sorted, long scalars folded behind column 80.
 */
export function printGoYaml(value: JsonValue): Result<string> {
  const writer = createWriter();
  const error = printNode(writer, value, false, 0);
  if (error !== undefined) return { error };
  writeIndent(writer);
  return { value: writer.text };
}

function printNode(
  writer: Writer,
  value: JsonValue,
  inMapping: boolean,
  depth: number,
): string | undefined {
  if (depth > maxDepth) return 'yaml: exceeded max depth';
  if (isArray(value)) return printSequence(writer, value, inMapping, depth);
  if (isObject(value)) return printMapping(writer, value, depth);
  if (typeof value !== 'string') {
    writeScalar(writer, scalarText(value), 'plain', false);
    return undefined;
  }
  const reread = rereadString(value);
  if ('error' in reread) return reread.error;
  writeScalar(writer, reread.value, scalarStyle(reread.value, false), false);
  return undefined;
}

function scalarText(value: null | boolean | number | bigint): string {
  const text = String(value);
  if (typeof value !== 'number' && typeof value !== 'bigint') return text;
  if (!/^-?[0-9]+$/.test(text)) return formatFloat(Number(value));
  const integer = BigInt(text);
  return integer >= int64Min && integer <= uint64Max ? text : formatFloat(Number(value));
}

function printSequence(
  writer: Writer,
  items: JsonArray,
  inMapping: boolean,
  depth: number,
): string | undefined {
  if (!items.length) {
    writeIndicator(writer, '[]', { needsBlank: true });
    return undefined;
  }
  const outer = writer.indent;
  increaseIndent(writer, inMapping && !writer.indention);
  for (const item of items) {
    writeIndent(writer);
    writeIndicator(writer, '-', { needsBlank: true, isIndention: true });
    const error = printNode(writer, item, false, depth + 1);
    if (error !== undefined) return error;
  }
  writer.indent = outer;
  return undefined;
}

function printMapping(writer: Writer, object: JsonObject, depth: number): string | undefined {
  const members = new Map<string, JsonValue>();
  for (const key of Object.keys(object)) {
    const reread = rereadKey(key);
    if ('error' in reread) return reread.error;
    members.set(reread.value, object[key] ?? null);
  }
  if (!members.size) {
    writeIndicator(writer, '{}', { needsBlank: true });
    return undefined;
  }
  const outer = writer.indent;
  increaseIndent(writer, false);
  for (const [key, value] of [...members].sort(([a], [b]) => compareYamlKeys(a, b))) {
    writeIndent(writer);
    printKey(writer, key);
    const error = printNode(writer, value, true, depth + 1);
    if (error !== undefined) return error;
  }
  writer.indent = outer;
  return undefined;
}

function printKey(writer: Writer, key: string): void {
  if (!isMultiline(key) && utf8Length(key) <= 128) {
    writeScalar(writer, key, scalarStyle(key, true), true);
    writeIndicator(writer, ':', {});
    return;
  }
  writeIndicator(writer, '?', { needsBlank: true, isIndention: true });
  writeScalar(writer, key, scalarStyle(key, false), false);
  writeIndent(writer);
  writeIndicator(writer, ':', { needsBlank: true, isIndention: true });
}

const refused = /[\u007f-\u0084\u0086-\u009f\ufffe\uffff]/;
const nextLines = / *\u0085(?: *\u0085)* */g;

/** What is left of a string when its JSON text is read as YAML, where U+0085 is a line break to fold. */
function rereadString(text: string): Result<string> {
  const wellFormed = text.toWellFormed();
  if (refused.test(wellFormed)) return { error: 'yaml: control characters are not allowed' };
  if (!wellFormed.includes('\u0085')) return { value: wellFormed };
  return {
    value: wellFormed.replace(nextLines, (run) => {
      const count = run.replaceAll(' ', '').length;
      return count === 1 ? ' ' : '\n'.repeat(count - 1);
    }),
  };
}

/** A key must fit on one line of 1,024 characters. */
function rereadKey(key: string): Result<string> {
  if (key.includes('\u0085') || goJsonString(key).length > 1024) {
    return { error: "yaml: did not find expected ',' or '}'" };
  }
  return rereadString(key);
}
