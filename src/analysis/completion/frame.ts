import { columnAt, layoutOf, printFlow, printYaml, requoted } from '../../yaml/index.ts';
import type { PrintStyle, SourceRange } from '../../yaml/index.ts';
import type { JsonValue } from '../../engine/index.ts';
import type { Cursor } from '../cursor.ts';

/** How a proposal fits into the text around it. */
export interface Frame {
  /** What it replaces, in the file. */
  readonly range: SourceRange;
  /** Written before every proposal, such as a line break or a dash. */
  readonly prefix: string;
  /** Blanks before the lines that follow. */
  readonly indent: string;
  readonly style: PrintStyle;
  readonly isInFlow: boolean;
  readonly quote: '' | "'" | '"';
}

const listLine = /^[ \t]*-[ \t]/m;
const plainStyle: PrintStyle = { step: '  ', listStep: '  ' };

/** The steps of indentation of a document; where it has no list yet, lists are indented. */
export function styleOf({ document }: Cursor): PrintStyle {
  const { text, root } = document.read;
  if (root === undefined) return plainStyle;
  const { style } = layoutOf(text, root);
  return listLine.test(text) ? style : { ...style, listStep: plainStyle.listStep };
}

/** For text in place of the word at the cursor, further lines in the column of that word. */
export function inPlace(cursor: Cursor): Frame {
  const { file, range, isInFlow } = cursor;
  const first = file.source.text.charAt(range[0]);
  return {
    range,
    prefix: '',
    indent: ' '.repeat(columnAt(file.source.text, range[0])),
    style: styleOf(cursor),
    isInFlow,
    quote: range[0] < range[1] && (first === '"' || first === "'") ? first : '',
  };
}

/** For text on a line of its own below a key, `step` deeper than the line's first word. */
export function below(cursor: Cursor, step: keyof PrintStyle): Frame {
  const { file, line, range } = cursor;
  const { text } = file.source;
  const written = text.slice(line[0], range[0]);
  const outer = /^[ \t]*(?:-[ \t]+)*/.exec(written)?.[0].length ?? 0;
  const style = styleOf(cursor);
  const indent = ' '.repeat(outer) + style[step];
  const from = line[0] + written.trimEnd().length;
  return {
    range: [from, Math.max(range[1], from)],
    prefix: `\n${indent}`,
    indent,
    style,
    isInFlow: false,
    quote: '',
  };
}

/** The same with something more before every proposal. */
export function withPrefix(frame: Frame, prefix: string): Frame {
  return {
    ...frame,
    prefix: frame.prefix + prefix,
    indent: frame.indent + ' '.repeat(prefix.length),
  };
}

/** A value as it is written at a place: plain where it can be, in the quotes that are there already. */
export function scalarText(value: JsonValue, { isInFlow, quote }: Frame): string {
  if (typeof value === 'string') {
    if (quote !== '') return requoted(value, quote === '"' ? 'double' : 'single');
    if (/[\r\n]/.test(value)) return requoted(value, 'double');
  }
  return isInFlow || typeof value === 'object' ? printFlow(value) : printYaml(value).trimEnd();
}
