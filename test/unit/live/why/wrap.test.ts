import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createDocumentWriter } from '../../../../src/live/why/document.ts';
import { createTimes } from '../../../../src/live/why/times.ts';
import { widest, wrap } from '../../../../src/live/why/wrap.ts';

const word = fc.constantFrom('a', '#', '-', '1.', '>', '===', 'x'.repeat(30), 'y'.repeat(120), '');
const words = fc.array(word, { minLength: 1, maxLength: 60 }).map((all) => all.join(' '));

test('a text in lines is the same text, and no line begins with markup', () => {
  fc.assert(
    fc.property(words, fc.nat(80), fc.nat(40), (text, from, length) => {
      const start = 2 + Math.min(from, text.length);
      const end = Math.min(start + length, text.length + 2);
      const cell = { text: `- ${text}`, links: start < end ? [{ start, end }] : [] };
      const lines = wrap(cell, '  ', 2);
      assert.equal(
        lines.map((line, i) => (i === 0 ? line.text : line.text.slice(2))).join(' '),
        cell.text,
      );
      for (const line of lines.slice(1)) assert.doesNotMatch(line.text.slice(2), /^[#>=\-\d]/);
      const links = lines.flatMap((line) =>
        line.links.map((link) => line.text.slice(link.start, link.end)),
      );
      assert.deepEqual(links, start < end ? [cell.text.slice(start, end)] : []);
    }),
  );
});

test('lines are as long as they may be', () => {
  const lines = wrap({ text: `- ${'word '.repeat(100).trim()}`, links: [] }, '  ', 2);
  assert.ok(lines.every(({ text }) => text.length <= widest));
  assert.ok(lines.slice(0, -1).every(({ text }) => text.length > widest - 5));
});

test('a table has only filled columns, and is a list when it is too wide', () => {
  const columns = [{ title: 'Step' }, { title: 'Why' }, { title: 'Since', inList: 'since ' }];
  const narrow = createDocumentWriter();
  narrow.table(columns, [
    [['a'], [], ['1']],
    [['bb'], [], []],
  ]);
  assert.equal(
    narrow.end().text,
    '| Step | Since |\n| ---- | ----- |\n| a    | 1     |\n| bb   |       |\n',
  );
  const wide = createDocumentWriter();
  wide.table(columns, [[['a'], ['long words '.repeat(12).trim()], ['1']]]);
  const [first = '', second = ''] = wide.end().text.split('\n');
  assert.match(first, /^- a: long words/);
  assert.match(second, /^ {2}(?:long |words ).* · since 1$/);
});

test('a date is named once', () => {
  const times = createTimes(['2026-11-20T10:00:01Z', '', '2026-11-23T01:00:17Z', 'soon']);
  assert.equal(times.date, '2026-11-23');
  assert.equal(times.text('2026-11-23T01:00:17.123Z'), '01:00:17');
  assert.equal(times.text('2026-11-20T10:00:01Z'), '2026-11-20 10:00');
  assert.equal(times.text('soon'), 'soon');
});

test('words of a cluster begin no list, heading or quote', () => {
  for (const text of ['# a', '- a', '+ a', '1. a', '2) a', '> a', '###']) {
    const out = createDocumentWriter();
    out.line('- ', { quote: text });
    assert.match(out.end().text, /^- \d?\\/);
  }
  const out = createDocumentWriter();
  out.line('- ', { quote: '-1 of 1.5 is #1' });
  assert.equal(out.end().text, '- -1 of 1.5 is #1\n');
});
