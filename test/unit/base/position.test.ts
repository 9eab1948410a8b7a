import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createLineIndex } from '../../../src/base/position.ts';

test('counts lines as editors do', () => {
  const index = createLineIndex('a\r\nbc\n\rd\u2028e');
  assert.equal(index.lineCount, 4);
  assert.deepEqual(index.positionAt(0), { line: 0, character: 0 });
  assert.deepEqual(index.positionAt(2), { line: 0, character: 2 });
  assert.deepEqual(index.positionAt(3), { line: 1, character: 0 });
  assert.deepEqual(index.positionAt(6), { line: 2, character: 0 });
  assert.deepEqual(index.positionAt(99), { line: 3, character: 3 });
  assert.equal(index.offsetAt({ line: 0, character: 99 }), 1);
  assert.equal(index.offsetAt({ line: 1, character: 1 }), 4);
  assert.equal(index.offsetAt({ line: 9, character: 0 }), 10);
  assert.equal(index.offsetAt({ line: -1, character: 5 }), 0);
});

test('offsets and places belong together', () => {
  const text = fc.string({ unit: fc.constantFrom('a', '\n', '\r', '😀'), maxLength: 20 });
  fc.assert(
    fc.property(text, (source) => {
      const index = createLineIndex(source);
      for (let offset = 0; offset <= source.length; offset++) {
        const back = index.offsetAt(index.positionAt(offset));
        // Inside a line break the nearest place is the end of the line.
        assert.ok(
          back === offset || (back === offset - 1 && source.slice(back, offset + 1) === '\r\n'),
        );
      }
    }),
  );
});
