import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { isMap, isPair, isScalar, isSeq, parseDocument } from 'yaml';
import type { Node, Pair } from 'yaml';
import type { Diagnostic } from '../../src/analysis/index.ts';
import { createLineIndex } from '../../src/base/position.ts';
import type { JsonObject, Validation } from '../../src/engine/index.ts';
import { printYaml } from '../../src/yaml/index.ts';
import { open } from '../support/documents.ts';

/**
 * What a user sees who pastes an object of the recorded answers: for every field that the server names a finding on
 * that field, and no error where the server takes the object.
 */

interface Recorded {
  readonly id: string;
  readonly object?: JsonObject;
  readonly objects?: readonly JsonObject[];
  readonly expect: Partial<Validation> & { readonly allowed?: boolean };
}

interface Cause {
  readonly field: string;
  /** The field itself is not there. */
  readonly isMissing: boolean;
  /** The server names the field without the indices of lists. */
  readonly withoutIndices: boolean;
}

const here = dirname(fileURLToPath(import.meta.url));

for (const level of ['admit', 'apiserver']) {
  for (const file of globSync(join(here, 'answers', `${level}*.jsonl.gz`)).sort()) {
    const cases = gunzipSync(readFileSync(file)).toString('utf8').split('\n').filter(Boolean);
    test(`${basename(file, '.jsonl.gz')}: findings stand where the server sees the cause`, (t) => {
      check(
        cases.map((line) => JSON.parse(line) as Recorded),
        (text) => t.diagnostic(text),
      );
    });
  }
}

function check(cases: readonly Recorded[], report: (text: string) => void): void {
  const misplaced: string[] = [];
  const falseErrors: string[] = [];
  let causeCount = 0;
  for (const recorded of cases) {
    const object = recorded.object ?? recorded.objects?.[0] ?? {};
    const text = printYaml(object);
    const found = open({ 'object.yaml': text }).diagnostics('object.yaml');
    const errors = found.filter(({ severity }) => severity === 'error');
    const { status, allowed } = recorded.expect;
    // An admission is not asked about the schema, so only what is said of the admission counts there.
    const wrong = allowed ? errors.filter(({ code }) => code === 'admission-denied') : errors;
    if ((status === 201 || allowed === true) && wrong.length > 0) {
      falseErrors.push(`${recorded.id}: ${wrong.map(({ message }) => message).join(' | ')}`);
    }
    if (status === 201 || allowed === true) continue;
    for (const cause of causesOf(recorded.expect)) {
      causeCount++;
      if (!isFound(cause, text, object, errors)) {
        misplaced.push(`${recorded.id}: ${cause.field}: ${JSON.stringify(errors)}\n${text}`);
      }
    }
  }
  report(`${causeCount - misplaced.length} of ${causeCount} causes found`);
  assert(causeCount > 0, 'no causes');
  assert.deepEqual(falseErrors, []);
  assert(misplaced.length <= causeCount / 100, misplaced.slice(0, 5).join('\n\n'));
}

function causesOf({ causes, message = '' }: Recorded['expect']): readonly Cause[] {
  if (causes) {
    return causes
      .filter(({ field }) => field !== '<nil>')
      .map(({ field, reason }) => ({
        field,
        isMissing: reason === 'FieldValueRequired',
        withoutIndices: false,
      }));
  }
  const base = { isMissing: false, withoutIndices: false };
  const unknown = [...message.matchAll(/unknown field "((?:[^"\\]|\\.)*)"/g)];
  if (unknown.length > 0) return unknown.map(([, field = '']) => ({ ...base, field }));
  const undecodable = /into Go struct field \w+\.(\S+) of type/.exec(message)?.[1];
  if (undecodable !== undefined) {
    return [{ ...base, field: undecodable, withoutIndices: true }];
  }
  const refused = message.matchAll(
    /(?:^|: |\[|, )(spec[^\s:]*|metadata[^\s:]*): (?:Invalid|Required|Unsupported|Duplicate|Too)/g,
  );
  return [...refused].map(([, field = '']) => ({ ...base, field }));
}

/** Whether an error covers the node of a cause. */
function isFound(
  cause: Cause,
  text: string,
  object: JsonObject,
  errors: readonly Diagnostic[],
): boolean {
  const lines = createLineIndex(text);
  const paths = cause.withoutIndices
    ? allPaths(object).filter((path) => isGoField(path, cause.field))
    : [pathOf(object, cause.field)];
  const wanted = paths.flatMap((path) => nodeRanges(text, path, cause.isMissing));
  return errors.some(({ range }) => {
    const [start, end] = [lines.offsetAt(range.start), lines.offsetAt(range.end)];
    return wanted.some(([from, to]) => from === start && to === end);
  });
}

type Path = readonly (string | number)[];
type Offsets = readonly [number, number];

/** The keys and indices of a field as the server writes it; keys may hold dots, so the longest one counts. */
function pathOf(object: unknown, field: string): Path {
  if (field === '') return [];
  const index = /^\[(\d+)\]\.?/.exec(field);
  if (index) {
    const i = Number(index[1]);
    return [i, ...pathOf((object as never)?.[i], field.slice(index[0].length))];
  }
  const keys = typeof object === 'object' && object !== null ? Object.keys(object) : [];
  const own = keys
    .filter((key) => key !== '' && field.startsWith(key))
    .filter((key) => ['', '.', '['].includes(field.charAt(key.length)))
    .sort((a, b) => b.length - a.length)[0];
  const key = own ?? /^[^.[]+/.exec(field)?.[0] ?? field;
  const rest = field.slice(key.length).replace(/^\./, '');
  return [key, ...pathOf((object as never)?.[key], rest)];
}

function allPaths(value: unknown, path: Path = []): Path[] {
  if (typeof value !== 'object' || value === null) return [path];
  const inner = Array.isArray(value)
    ? value.flatMap((item, i) => allPaths(item, [...path, i]))
    : Object.entries(value).flatMap(([key, item]) => allPaths(item, [...path, key]));
  return [path, ...inner];
}

/**
 * Whether Go's decoder calls a path so: without indices, with the names of embedded structs, and without the key in a
 * mapping of texts.
 */
function isGoField(path: Path, field: string): boolean {
  const steps = path.filter((step) => typeof step === 'string');
  const named = field.split('.').filter((step) => !/^[A-Z]/.test(step));
  const isEntry = steps.length === named.length + 1;
  return (steps.length === named.length || isEntry) && named.every((step, i) => step === steps[i]);
}

/** Where a finding about a field may stand: on its key or its value; see the rules for what is missing. */
function nodeRanges(text: string, path: Path, isMissing: boolean): Offsets[] {
  let node: unknown = parseDocument(text).contents;
  let pair: Pair | undefined;
  const root = node;
  for (const [depth, step] of path.entries()) {
    const child = childOf(node, step);
    // What is not there is told on what should hold it.
    const isLast = depth === path.length - 1;
    const isNothing = isPair(child) && isScalar(child.value) && child.value.value === null;
    if (child === undefined || (isMissing && isLast && !isNothing)) {
      return pair || node !== root ? rangesOf(node, pair) : kindLine(root);
    }
    pair = isPair(child) ? child : undefined;
    node = isPair(child) ? child.value : child;
  }
  return node === root ? kindLine(root) : rangesOf(node, pair);
}

function childOf(node: unknown, step: string | number): unknown {
  if (isSeq(node)) return node.items[Number(step)];
  if (!isMap(node)) return undefined;
  return node.items.find(({ key }) => isScalar(key) && String(key.value) === String(step));
}

function rangesOf(node: unknown, pair: Pair | undefined): Offsets[] {
  const ranges: Offsets[] = [];
  if (pair) ranges.push(rangeOf(pair.key as Node));
  else if (isMap(node) && node.items[0]) ranges.push(rangeOf(node.items[0].key as Node));
  const isLine = !isMap(node) && !isSeq(node);
  if (isLine || (node as { flow?: boolean }).flow) ranges.push(rangeOf(node as Node));
  return ranges;
}

function kindLine(root: unknown): Offsets[] {
  if (!isMap(root)) return [];
  const pair = root.items.find(({ key }) => isScalar(key) && key.value === 'kind');
  return pair ? [[rangeOf(pair.key as Node)[0], rangeOf(pair.value as Node)[1]]] : [];
}

function rangeOf(node: Node): Offsets {
  const [start = 0, end = 0] = node.range ?? [];
  return [start, end];
}
