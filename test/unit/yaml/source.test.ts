import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deepEqual } from '../../../src/engine/json.ts';
import type { JsonValue } from '../../../src/engine/types.ts';
import { locate, parseSource, pathAt, readGoYaml, readingNotes } from '../../../src/yaml/index.ts';
import type { SourceFile } from '../../../src/yaml/index.ts';
import type { YamlNode } from '../../../src/yaml/nodes.ts';
import { damaged, hostileShapes, soup } from './hostileTexts.ts';

function problems(text: string): string[] {
  return parseSource(text).documents.flatMap((document) =>
    document.problems.map(
      ({ code, start, end }) => `${code} ${JSON.stringify(text.slice(start, end))}`,
    ),
  );
}

test('a broken document does not hide its neighbours', () => {
  const text = '# c\n---\na: 1\n---\nb: [\n---\nc: no\n';
  const file = parseSource(text);
  assert.deepEqual(
    file.documents.map(({ value }) => value),
    [{ a: 1 }, undefined, { c: false }],
  );
  assert.deepEqual(problems(text), ['yaml-syntax "["']);
});

test('documents cover the text, markers inside block scalars and quotes included', () => {
  const text = '\ufeff%YAML 1.1\n---\na: |\n  x\n---\nb: "y\n---\n# only a comment\n';
  const { documents } = parseSource(text);
  assert.deepEqual(
    documents.map(({ start, end }) => text.slice(start, end)),
    ['\ufeff%YAML 1.1\n---\na: |\n  x\n', '---\nb: "y\n', '---\n# only a comment\n'],
  );
  assert.deepEqual(
    documents.map(({ value }) => value),
    [{ a: 'x\n' }, undefined, null],
  );
});

test('a byte order mark after a line of dashes belongs to the encoding, as in joined files', () => {
  const text = '\ufeffa: 1\n---\n\ufeffb: 2\nc: 3\n--- # next\r\n\ufeffd: 4\r\n';
  assert.deepEqual(
    parseSource(text).documents.map(({ value }) => value),
    [{ a: 1 }, { b: 2, c: 3 }, { d: 4 }],
  );
  const [document] = parseSource('a:\n  - 1\n\ufeffb: 2\n').documents;
  assert.notDeepEqual(document?.value, { a: [1], b: 2 });
});

test('tells which documents kubectl and Flux never see', () => {
  const text = 'a: 1\n...\nb: 2\n--- {c: 1}\n--- # fine\nd: 1\n---\n';
  assert.deepEqual(
    parseSource(text).documents.map(({ ignored }) => ignored),
    [false, true, true, false, false],
  );
});

test('leaves templates alone, but not documents that only mention them', () => {
  assert.equal(parseSource('a: {{ .Values.x }}\nb: 1\n').documents[0]?.templated, true);
  assert.equal(parseSource('{{- if .x }}\na: 1\n{{- end }}\n').documents[0]?.templated, true);
  assert.deepEqual(problems('{{- if .x }}\na: 1\n{{- end }}\n'), []);
  assert.equal(parseSource('a: "{{ $x }}"\nb: c: d\n').documents[0]?.templated, false);
});

test('says what is wrong where it is', () => {
  assert.deepEqual(problems('a: 1\na: 2\n'), ['duplicate-key "a"']);
  assert.deepEqual(problems('a: b: c\n'), ['yaml-syntax ":"']);
  assert.deepEqual(problems('spec:\n  a: 1\n  fo\n  b: 2\n'), ['yaml-syntax "fo"']);
  assert.deepEqual(problems('a: "x\nb: 1\n'), ['yaml-syntax "\\"x"']);
  assert.deepEqual(problems('{a: b}\nfoo: bar\n'), ['trailing-content "foo: bar"']);
  assert.deepEqual(problems('a: .inf\n'), ['yaml-value ".inf"']);
  assert.deepEqual(problems('a: *b\n'), ['yaml-value "*b"']);
  assert.deepEqual(problems('a: 1\n\tb: 2\n'), ['yaml-syntax "\\t"']);
});

test('the rest of a broken document stays usable', () => {
  const draft = (text: string): JsonValue | undefined => parseSource(text).documents[0]?.draft;
  assert.deepEqual(draft('spec:\n  a: 1\n  fo\n  b: 2\n'), { spec: { a: 1, b: 2 } });
  assert.deepEqual(draft('a: "x\nb: 1\nc: 2\n'), { b: 1, c: 2 });
  assert.deepEqual(draft('a: [1, 2\nb: 3\nc: 4'), { b: 3, c: 4 });
});

test('finds keys and values by path', () => {
  const text = 'x: 1\n---\nno: &a {k: v}\nl:\n- b\n- <<: *a\n  z: 3\nm: *a\n';
  const document = parseSource(text).documents[1];
  assert.ok(document);
  const written = (...path: (string | number)[]): string | undefined => {
    const found = locate(document, path);
    return found && `${text.slice(...(found.key ?? [0, 0]))}|${text.slice(...found.value)}`;
  };
  assert.equal(written('false'), 'no|&a {k: v}');
  assert.equal(written('l', 0), '|b');
  assert.equal(written('l', 1, 'z'), 'z|3');
  assert.equal(written('l', 1, 'k'), 'k|v');
  assert.equal(written('m', 'k'), 'k|v');
  assert.equal(written('no'), undefined);
  assert.equal(written('l', 2), undefined);
});

test('tells the path at an offset', () => {
  const at = (marked: string): string => {
    const text = marked.replace('▮', '');
    const offset = marked.indexOf('▮');
    const document = parseSource(text).documents.findLast(({ start }) => start <= offset);
    const found = document && pathAt(document, offset);
    return found === undefined
      ? ''
      : `${found.part} ${found.path.join('.')} ${text.slice(...found.range)}`;
  };
  assert.equal(at('a: 1\nsp▮ec:\n  b: 2\n'), 'key spec spec');
  assert.equal(at('kind: Fo▮o'), 'value kind Foo');
  assert.equal(at('spec:\n  ▮\n'), 'newKey spec ');
  assert.equal(at('spec:\n  a: 1\n  fo▮\n  b: 2\n'), 'newKey spec fo');
  assert.equal(at('spec:\n  a: ▮\n  b: 2'), 'value spec.a ');
  assert.equal(at('spec:\n  rules:\n    - name: a\n      ▮\n'), 'newKey spec.rules.0 ');
  assert.equal(at('spec:\n  rules:\n    - name: a\n    - ▮\n'), 'newKey spec.rules.1 ');
  assert.equal(at('spec:\n  rules:\n    - name: a\n  ▮\n'), 'newKey spec ');
  assert.equal(at('spec:\n  rules:\n  - ▮\n'), 'newKey spec.rules.0 ');
  assert.equal(at('spec:\n  l:\n  - a\n▮'), 'newKey  ');
  assert.equal(at('a: {b: 1, ▮}'), 'newKey a ');
  assert.equal(at('a: [b, ▮]'), 'newItem a ');
  assert.equal(at('a: # x▮'), '');
  assert.equal(at('a: 1\n---\nb:\n  c▮: 2'), 'key b.c c');
  assert.equal(at('spec:\n  a: "x▮\n  b: 1\n'), 'value spec.a "x');
  assert.equal(at('metadata:\n  name: x\n  ▮\nspec:\n  a: 1\n'), 'newKey metadata ');
  assert.equal(at('a:\n  - - x\n    - ▮'), 'newKey a.0.1 ');
});

test('notes what Go reads differently from what it looks like', () => {
  const text =
    '---\nno: yes\n1.10: 5.10\nm: 0777\nok: [true, 5, 1.5, 2001-01-01, 12:30, "no", -0.5, ~]\nb: 1_000\n';
  const [document] = parseSource(text).documents;
  assert.ok(document);
  const notes = readingNotes(document).map(({ type, text: written, reads, isKey, start, end }) => {
    assert.equal(text.slice(start, end), written);
    return `${type} ${written}=${reads}${isKey ? ' key' : ''}`;
  });
  assert.deepEqual(notes, [
    'word no=false key',
    'word yes=true',
    'number 1.10=1.1 key',
    'number 5.10=5.1',
    'number 0777=511',
    'number 1_000=1000',
  ]);
});

test('an edit reads only what it touches again', () => {
  const text = Array.from({ length: 50 }, (_, i) => `n: ${i}\nl: [a: b]\n`).join('---\n');
  const before = parseSource(text);
  const after = parseSource(text.replace('n: 20\n', 'n: 20\nmore: 1\n'), before);
  for (const [i, document] of after.documents.entries()) {
    const known = before.documents[i];
    assert.equal(document.value === known?.value, i !== 20);
    assert.deepEqual(
      locate(document, ['n'])?.value,
      locate(parseSource(after.text).documents[i] ?? document, ['n'])?.value,
    );
  }
  const moved = parseSource(`new: 1\n---\n${text}`, before);
  assert.equal(moved.documents[2]?.value, before.documents[1]?.value);
});

test('refuses what is too large with one problem', () => {
  const [document] = parseSource('a: ' + 'x'.repeat(8_000_001)).documents;
  assert.equal(document?.value, undefined);
  assert.deepEqual(
    document?.problems.map(({ code }) => code),
    ['too-large'],
  );
  const many = parseSource('---\n'.repeat(100_001));
  assert.deepEqual(
    many.problems.map(({ code }) => code),
    ['too-large'],
  );
  assert.equal(parseSource('a: 1\n---\n'.repeat(10_000)).documents.length, 10_001);
});

/** A small generator with a fixed course, so that a failure can be repeated. */
function randomFrom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

function checkNested(node: YamlNode, start: number, end: number): void {
  assert.ok(start <= node.start && node.start <= node.end && node.end <= end);
  if (node.type === 'seq') for (const item of node.items) checkNested(item, node.start, node.end);
  if (node.type === 'map') {
    for (const { key, value } of node.pairs) {
      checkNested(key, node.start, node.end);
      checkNested(value, key.end, node.end);
    }
  }
}

function checkFile(file: SourceFile): void {
  let at = 0;
  for (const { start, end, value, problems: found, read, templated } of file.documents) {
    assert.equal(start, at);
    at = end;
    if (read.root !== undefined) checkNested(read.root, 0, end - start);
    for (const problem of found) {
      assert.ok(start <= problem.start && problem.start <= problem.end && problem.end <= end);
    }
    if (value === undefined) assert.ok(templated || found.length > 0);
    const go = readGoYaml(read.text);
    assert.ok(value === undefined ? 'error' in go : 'value' in go && deepEqual(go.value, value));
  }
  assert.equal(at, file.text.length);
}

test('random damage: no throw, ranges nest, an incremental reading equals a full one', () => {
  const random = randomFrom(7);
  const seedText =
    'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a # c\n  labels: {x: y, n: [1, 2]}\ndata:\n  text: |\n    one\n\n    two\n  list:\n  - a: 1\n    b: "q"\n---\nkind: B\nspec: &s\n  x: 1\nt:\n  <<: *s\n---\nno: 0777\n';
  let previous = parseSource(seedText);
  for (let i = 0; i < 1500; i++) {
    const text =
      i % 10 === 0
        ? seedText
        : i % 7 === 0
          ? soup(random)
          : damaged(previous.text, random).slice(0, 2000);
    const full = parseSource(text);
    const step = parseSource(text, previous);
    checkFile(full);
    assert.equal(step.documents.length, full.documents.length);
    for (const [k, document] of step.documents.entries()) {
      const { read, value, ...rest } = document;
      const { read: fullRead, value: fullValue, ...fullRest } = full.documents[k] ?? document;
      assert.deepEqual(rest, fullRest);
      assert.deepEqual(read.root, fullRead.root);
      assert.ok(value === fullValue || (value !== undefined && deepEqual(value, fullValue)));
      const offset = document.start + random(document.end - document.start + 1);
      const found = pathAt(document, offset);
      if (found !== undefined) {
        assert.ok(document.start <= found.range[0] && found.range[1] <= document.end);
        const located = locate(document, found.path);
        if (located !== undefined) assert.ok(located.value[1] <= document.end);
      }
    }
    previous = step;
  }
});

test('hostile shapes are read or refused, each with its ranges in place', () => {
  for (const make of Object.values(hostileShapes)) checkFile(parseSource(make(8000)));
});
