import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { editPieces, editsOfPieces, unedited } from '../../../../src/analysis/fixes/pieces.ts';
import { applyEdits } from '../../../../src/yaml/index.ts';
import type { TextEdit } from '../../../../src/yaml/index.ts';

/** Edits of a text that do not overlap, from offsets that may lie outside it. */
function toEdits(text: string, raw: readonly (readonly [number, number, string])[]): TextEdit[] {
  let at = 0;
  return raw.flatMap(([gap, length, newText]) => {
    const start = at + gap;
    const end = start + length;
    if (end > text.length) return [];
    at = end;
    return [{ start, end, newText }];
  });
}

const round = fc.array(fc.tuple(fc.nat(4), fc.nat(3), fc.string({ maxLength: 3 })), {
  maxLength: 5,
});

test('rounds of edits, each of the text before it, make one list of edits of the first text', () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 40 }), fc.array(round, { maxLength: 5 }), (text, rounds) => {
      let pieces = unedited(text);
      let current = text;
      for (const raw of rounds) {
        const edits = toEdits(current, raw);
        pieces = editPieces(pieces, edits);
        current = applyEdits(current, edits);
      }
      const edits = editsOfPieces(text, pieces);
      assert.equal(applyEdits(text, edits), current);
      edits.forEach(({ start }, i) => assert(i === 0 || start > (edits[i - 1]?.end ?? -1)));
    }),
  );
});

test('a text that nobody edited has no edits', () => {
  assert.deepEqual(editsOfPieces('abc', unedited('abc')), []);
  assert.deepEqual(editsOfPieces('', unedited('')), []);
});
