/** Texts that are hard on a reader of YAML: shapes that make naive ones slow or deep, and random damage. */

/** Shapes by name, each grown to about a number of characters. */
export const hostileShapes: Readonly<Record<string, (size: number) => string>> = {
  'open brackets': (n) => '['.repeat(n),
  'open braces': (n) => '{'.repeat(n),
  'balanced brackets': (n) => '['.repeat(n / 2) + ']'.repeat(n / 2),
  'flat brackets': (n) => `[${'[],'.repeat(n / 3)}]`,
  'flat braces': (n) => `[${'{},'.repeat(n / 3)}]`,
  'nested pairs': (n) => '{a: '.repeat(n / 4),
  'closing brackets': (n) => ']'.repeat(n),
  'dashes on a line': (n) => '- '.repeat(n / 2),
  'dashes in steps': (n) => steps(n, '- '),
  'question marks': (n) => '? '.repeat(n / 2),
  colons: (n) => ': '.repeat(n / 2),
  'keys in steps': (n) => steps(n, 'a:'),
  'double quotes': (n) => '"'.repeat(n),
  'single quotes': (n) => "'".repeat(n),
  'open double quote': (n) => `a: "${'x '.repeat(n / 2)}`,
  'escaped breaks': (n) => `"${'\\\n'.repeat(n / 2)}"`,
  backslashes: (n) => `"${'\\\\'.repeat(n / 2)}"`,
  anchors: (n) => '&a '.repeat(n / 3),
  'anchored items': (n) => lines(n, (i) => `- &a${i} x`),
  aliases: (n) => '- &a x\n' + lines(n, () => '- *a'),
  'unknown aliases': (n) => lines(n, () => '- *a'),
  'alias chain': (n) => '- &a0 x\n' + lines(n, (i) => `- &a${i + 1} [*a${i}]`),
  'merges of one': (n) => 'a: &a {b: 1, c: 2}\n' + lines(n, (i) => `k${i}: {<<: *a}`),
  'merges in one': (n) => 'a: &a {b: 1}\nm:\n' + lines(n, () => '  <<: *a'),
  'merge chain': (n) =>
    'k0: &k0 {a: 1}\n' + lines(n, (i) => `k${i + 1}: &k${i + 1} {<<: [*k${i}, *k${i}]}`),
  tags: (n) => '!a '.repeat(n / 3),
  'long tag': (n) => `!<${'a'.repeat(n)}> x`,
  'percent escapes': (n) => `!<${'%41'.repeat(n / 3)}> x`,
  percents: (n) => '%'.repeat(n),
  directives: (n) => lines(n, (i) => `%TAG !a${i}! b`) + '---\n',
  tabs: (n) => '\t'.repeat(n),
  'tabs in lines': (n) => lines(n, () => '\t a: b'),
  blanks: (n) => ' '.repeat(n),
  'blanks and a word': (n) => `a${' '.repeat(n)}b: c`,
  'blank lines': (n) => '\n'.repeat(n),
  comments: (n) => lines(n, () => '# c'),
  hashes: (n) => '#'.repeat(n),
  'one long line': (n) => 'x'.repeat(n),
  'one long key': (n) => `${'k'.repeat(n)}: v`,
  'words with colons': (n) => 'a:b '.repeat(n / 4),
  'long plain lines': (n) => 'a: b\n' + lines(n, () => '  more words'),
  'same key': (n) => lines(n, () => 'a: 1'),
  'many keys': (n) => lines(n, (i) => `k${i}: ${i}`),
  'many broken lines': (n) => lines(n, (i) => `k${i}`),
  'many second colons': (n) => lines(n, () => 'a: b: c'),
  'open flow, then keys': (n) => 'a: [\n' + lines(n, (i) => `k${i}: v`),
  literal: (n) => 'a: |\n' + lines(n, () => '  text'),
  'literal of blank lines': (n) => `a: |\n${'   \n'.repeat(n / 4)}`,
  'literal heads': (n) => lines(n, () => '- |'),
  folded: (n) => 'a: >\n' + lines(n, (i) => (i % 2 === 0 ? '  text' : '   more')),
  'control characters': (n) => '\u0001'.repeat(n),
  'line separators': (n) => '\u2028'.repeat(n),
  marks: (n) => '\ufeff'.repeat(n),
  surrogates: (n) => '\ud800'.repeat(n),
  'template lines': (n) => lines(n, () => '{{ .x }}'),
  documents: (n) => lines(n, () => '---'),
  'document ends': (n) => lines(n, () => '...'),
  'small documents': (n) => lines(n, () => 'a: 1\n---'),
  'carriage returns': (n) => '\r'.repeat(n),
  'long numbers': (n) => `- ${'9'.repeat(n)}\n- 0x${'f'.repeat(n)}\n- 0b${'1'.repeat(n)}`,
  underscores: (n) => `- 1${'_'.repeat(n)}\n- .5${'_1'.repeat(n / 2)}`,
  base64: (n) => `!!binary ${'QUJD'.repeat(n / 4)}`,
};

function lines(size: number, line: (index: number) => string): string {
  const parts: string[] = [];
  for (let length = 0, i = 0; length < size; i++) {
    const next = line(i) + '\n';
    parts.push(next);
    length += next.length;
  }
  return parts.join('');
}

/** Every line one blank deeper. */
function steps(size: number, text: string): string {
  const parts: string[] = [];
  for (let length = 0, i = 0; length < size; i++) {
    const next = ' '.repeat(i) + text + '\n';
    parts.push(next);
    length += next.length;
  }
  return parts.join('');
}

const fragments: readonly string[] = [
  ...[
    'a',
    'b: 1',
    'no',
    'x: y',
    '- ',
    '- a\n',
    ': ',
    '? ',
    '\n',
    '\n  ',
    '\n    ',
    '  ',
    '\t',
    '\r\n',
  ],
  ...[
    '[',
    ']',
    '{',
    '}',
    ', ',
    '"',
    "'",
    '|',
    '>',
    '|-\n',
    '#',
    ' # c\n',
    '&a ',
    '*a',
    '!!str ',
    '!',
  ],
  ...[
    '---\n',
    '--- ',
    '...\n',
    '\n---\n',
    '%YAML 1.1\n',
    '<<: *a\n',
    '{{ .x }}',
    '\\',
    '@',
    '`',
    '%',
  ],
  ...[
    '\u0085',
    '\u2028',
    '\ufeff',
    '😀',
    '\ud800',
    '\0',
    '1e3',
    '0777',
    '~',
    '.inf',
    '__proto__: 1\n',
  ],
  ...[
    'metadata:\n  name: x\n',
    'list:\n- a\n- b\n',
    'text: |\n  one\n\n  two\n',
    'm: {a: 1, b: [2]}\n',
  ],
];

/** Damages a text in a few places, or makes one out of fragments. `random` answers integers from 0 below its argument. */
export function damaged(text: string, random: (below: number) => number): string {
  let result = text;
  for (let i = random(4) + 1; i > 0; i--) {
    const at = random(result.length + 1);
    const to = Math.min(result.length, at + random(8));
    const insert = random(3) === 0 ? '' : (fragments[random(fragments.length)] ?? '');
    result = result.slice(0, at) + insert + result.slice(random(2) === 0 ? at : to);
  }
  return result;
}

export function soup(random: (below: number) => number): string {
  const count = random(24) + 1;
  return Array.from({ length: count }, () => fragments[random(fragments.length)] ?? '').join('');
}
