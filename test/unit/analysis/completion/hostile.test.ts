import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import fc from 'fast-check';
import { createWorkspace } from '../../../../src/analysis/index.ts';
import { createLineIndex } from '../../../../src/base/position.ts';
import type { LineIndex, Position } from '../../../../src/base/position.ts';

const examples = globSync('examples/{podinfo,fleet/{policies,releases}/**}/*.yaml').map(
  (path) => [path, readFileSync(path, 'utf8')] as const,
);

const insertions = [
  ...['\n', '\r\n', '  ', '\t', '- ', '-', ': ', ':', '?', '"', "'", '[', ']', '{', '}', '|', '>'],
  ...[
    '#',
    '&a ',
    '*a',
    '<<: *a',
    '---\n',
    '...\n',
    '%',
    '!!binary ',
    '!!map ',
    '{{ .x }}',
    '~1',
    '/',
  ],
  ...['__proto__: x', 'constructor: {}', 'toString', 'items:\n', 'kind: List\n', 'null', '-1', '𝒳'],
];

const edit = fc.record({
  at: fc.nat(1_000_000),
  removed: fc.oneof(fc.constant(0), fc.nat(60)),
  inserted: fc.constantFrom('', ...insertions),
});

/** Some place of a text; every other one is behind the last word of a line, where people type. */
function placeIn(text: string, lines: LineIndex, place: number): Position {
  const position = lines.positionAt(place % (text.length + 1));
  return place % 2 === 0 ? position : { ...position, character: Number.MAX_SAFE_INTEGER };
}

test('any position of any mutation of the examples has an answer, and its range is on the line', () => {
  const workspace = createWorkspace();
  for (const [path, text] of examples) workspace.update(path, text);
  assert.ok(examples.length > 20);
  let proposals = 0;
  const property = fc.property(
    fc.constantFrom(...examples),
    fc.array(edit, { maxLength: 4 }),
    fc.array(fc.nat(1_000_000), { minLength: 4, maxLength: 4 }),
    ([path, original], edits, places) => {
      const text = edits.reduce((current, { at, removed, inserted }) => {
        const from = at % (current.length + 1);
        return current.slice(0, from) + inserted + current.slice(from + removed);
      }, original);
      workspace.update(path, text);
      const lines = createLineIndex(text);
      for (const place of places) {
        const position = lines.positionAt(lines.offsetAt(placeIn(text, lines, place)));
        const found = workspace.completions(path, position, text);
        proposals += found.length;
        for (const { range } of found) {
          assert.equal(range.start.line, position.line);
          assert.equal(range.end.line, position.line);
          assert.ok(range.start.character <= position.character);
          assert.ok(range.end.character >= position.character);
          assert.deepEqual(lines.positionAt(lines.offsetAt(range.end)), range.end);
        }
        const keys = found.filter(({ kind }) => kind === 'field').map(({ label }) => label);
        assert.equal(new Set(keys).size, keys.length, 'no field twice');
        workspace.hover(path, position);
      }
      workspace.inlayHints(path, 'member1');
      workspace.update(path, original);
    },
  );
  fc.assert(property, { numRuns: 400, interruptAfterTimeLimit: 30_000 });
  assert.ok(proposals > 1000, `only ${proposals} proposals`);
});
