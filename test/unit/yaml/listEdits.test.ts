import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  applyEdits,
  insertItem,
  insertItems,
  parseSource,
  removeItems,
  removeValue,
} from '../../../src/yaml/index.ts';
import type { EditResult, SourceDocument } from '../../../src/yaml/index.ts';

const name = fc.constantFrom('m1', 'm2', 'member-3', '007', 'yes', 'a: b', 'x'.repeat(90), '');

/** Lists as people write them, in a mapping with something behind it or at the end of the text. */
const list = fc.record({
  items: fc.array(
    fc.record({ name, comment: fc.constantFrom('', '', ' # why', '\n    # above the next') }),
    { minLength: 1, maxLength: 6 },
  ),
  style: fc.constantFrom('block', 'indented', 'flow', 'broken flow'),
  ending: fc.constantFrom('\n', '', '\nz: 1\n', '\n# the end\n', '\n\nz: 1'),
  eol: fc.constantFrom('\n', '\r\n'),
});

type Of<T> = T extends fc.Arbitrary<infer V> ? V : never;

function textOf({ items, style, ending, eol }: Of<typeof list>): string {
  const printed = items.map((item) => ({ ...item, name: JSON.stringify(item.name) }));
  const names = printed.map((item) => item.name);
  const indent = style === 'indented' ? '    ' : '  ';
  const text = {
    block: `\n${printed.map((item) => `${indent}- ${item.name}${item.comment}`).join('\n')}`,
    indented: `\n${printed.map((item) => `${indent}- ${item.name}${item.comment}`).join('\n')}`,
    flow: ` [${names.join(', ')}]`,
    'broken flow': ` [\n    ${names.join(' ,\n    ')},\n  ]`,
  }[style];
  return `a:\n  b:${text}${ending}`.replaceAll('\n', eol);
}

function after(text: string, edit: (document: SourceDocument) => EditResult): string {
  const [document] = parseSource(text).documents;
  assert.ok(document);
  const result = edit(document);
  return 'edits' in result ? applyEdits(text, result.edits) : 'refused';
}

const path = ['a', 'b'];

test('puts several names into a list as one after another would stand there', () => {
  let count = 0;
  fc.assert(
    fc.property(
      list,
      fc.array(name, { minLength: 1, maxLength: 4 }),
      fc.nat(),
      (written, names, n) => {
        const start = n % (written.items.length + 1);
        const text = textOf(written);
        const together = after(text, (document) => insertItems(document, path, names, start));
        const inTurn = names.reduce(
          (now, value, i) =>
            now === 'refused'
              ? now
              : after(now, (document) => insertItem(document, path, value, start + i)),
          text,
        );
        if (together !== 'refused') count++;
        assert.equal(together, inTurn);
      },
    ),
  );
  assert.ok(count > 20, `${count} lists were edited`);
});

test('takes several items out of a list as one after another would leave it, or leaves that to the caller', () => {
  let count = 0;
  fc.assert(
    fc.property(list, fc.uniqueArray(fc.nat({ max: 5 }), { minLength: 1 }), (written, which) => {
      const indices = which.filter((index) => index < written.items.length);
      const text = textOf(written);
      const together = after(text, (document) => removeItems(document, path, new Set(indices)));
      if (together === 'refused' || indices.length === 0) return;
      count++;
      const inTurn = indices
        .toSorted((a, b) => b - a)
        .reduce(
          (now, index) => after(now, (document) => removeValue(document, [...path, index])),
          text,
        );
      assert.equal(together, inTurn);
    }),
    { numRuns: 400 },
  );
  assert.ok(count > 20, `${count} lists could be edited at once`);
});
