/** Characters that mean something in Markdown, or begin HTML, icons or links, wherever they stand. */
const special = /[\\`*_{}[\]|!<>~&$@]|:(?=\/\/)|(?<=\bwww)\./gi;
/** What begins a heading, a list, a rule or code when it comes first on a line. */
const first = /^(?:[-+#=>:]|\d+(?=[.)])|\s)/;

/** A text of the user's as Markdown that shows it as it is: one line, no links, no HTML. */
export function escapeMarkdown(text: string): string {
  const escaped = oneLine(text).replaceAll(special, '\\$&');
  const beginning = first.exec(escaped)?.[0] ?? '';
  if (/^\d/.test(beginning)) return `${beginning}\\${escaped.slice(beginning.length)}`;
  return /^\s/.test(beginning) ? escaped.trimStart() : beginning === '' ? escaped : `\\${escaped}`;
}

/** A text of the user's as code inside a sentence, whatever backticks it holds. */
export function codeSpan(text: string): string {
  const line = oneLine(text);
  if (line === '') return '(empty)';
  const longest = Math.max(0, ...[...line.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  const pad = /^[ `]|[ `]$/.test(line) ? ' ' : '';
  return `${fence}${pad}${line}${pad}${fence}`;
}

/** Control characters and line breaks cannot be shown; they become visible or a blank. */
export function oneLine(text: string): string {
  return text
    .replaceAll(/\r\n|[\n\r\u0085\u2028\u2029]/g, '⏎')
    .replaceAll(
      /[\u0000-\u001f\u007f-\u009f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffc\ufffe\uffff]/g,
      '\ufffd',
    );
}

/** The beginning of a text that is too long to show. */
export function shortened(text: string, most: number): string {
  const characters = text.slice(0, most * 2);
  if (text.length <= most) return text;
  return `${[...characters].slice(0, most - 1).join('')}…`;
}
