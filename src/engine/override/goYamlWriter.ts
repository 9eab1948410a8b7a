import { isMultiline, escapeInDoubleQuotes, type ScalarStyle } from './goYamlScalar.ts';

/** Behind this column a single blank may become a line break. */
const bestWidth = 80;

/** What go-yaml's emitter knows about the line in work (`yaml_emitter_t`). */
export interface Writer {
  text: string;
  column: number;
  /** Indentation of the collection in work, -1 outside of any. */
  indent: number;
  /** Whether the last character was written as white space. */
  whitespace: boolean;
  /** Whether there is only indentation, `- ` and the like on the line so far. */
  indention: boolean;
}

export interface IndicatorOptions {
  readonly needsBlank?: boolean;
  readonly isIndention?: boolean;
}

/** A writer at the start of a stream. */
export function createWriter(): Writer {
  return { text: '', column: 0, indent: -1, whitespace: true, indention: true };
}

function put(writer: Writer, text: string): void {
  writer.text += text;
  writer.column += text.length;
}

function putCharacter(writer: Writer, character: string): void {
  writer.text += character;
  writer.column++;
}

function putBreak(writer: Writer, character: string): void {
  writer.text += character;
  writer.column = 0;
}

/** Goes to the indentation of the collection in work, on a new line where the old one is in use. */
export function writeIndent(writer: Writer): void {
  const indent = Math.max(writer.indent, 0);
  const inUse =
    !writer.indention || writer.column > indent || (writer.column === indent && !writer.whitespace);
  if (inUse) putBreak(writer, '\n');
  if (writer.column < indent) put(writer, ' '.repeat(indent - writer.column));
  writer.whitespace = true;
  writer.indention = true;
}

/** Writes `-`, `?`, `:`, a quote and the like. */
export function writeIndicator(writer: Writer, text: string, options: IndicatorOptions): void {
  if (options.needsBlank === true && !writer.whitespace) put(writer, ' ');
  put(writer, text);
  writer.whitespace = false;
  writer.indention = writer.indention && options.isIndention === true;
}

/** Enters a block collection; the caller puts the old indentation back. */
export function increaseIndent(writer: Writer, isIndentless: boolean): void {
  if (writer.indent < 0) writer.indent = 0;
  else if (!isIndentless) writer.indent += 2;
}

/** Writes a scalar in a style that allows its text. A simple key is never folded. */
export function writeScalar(
  writer: Writer,
  text: string,
  style: ScalarStyle,
  isSimpleKey: boolean,
): void {
  const outer = writer.indent;
  writer.indent = outer < 0 ? 2 : outer + 2;
  switch (style) {
    case 'plain':
    case 'single':
      writeFlowText(writer, text, style, !isSimpleKey);
      break;
    case 'double':
      writeDoubleQuoted(writer, text, !isSimpleKey);
      break;
    case 'literal':
      writeLiteral(writer, text);
      break;
  }
  writer.indent = outer;
}

function writeFlowText(
  writer: Writer,
  text: string,
  style: 'plain' | 'single',
  mayFold: boolean,
): void {
  const isQuoted = style === 'single';
  if (isQuoted) writeIndicator(writer, "'", { needsBlank: true });
  else if (!writer.whitespace) put(writer, ' ');
  const characters = Array.from(text);
  let previous = '';
  for (const [i, character] of characters.entries()) {
    if (character === ' ') {
      const folds =
        mayFold &&
        previous !== ' ' &&
        writer.column > bestWidth &&
        characters[i + 1] !== ' ' &&
        !(isQuoted && (i === 0 || i === characters.length - 1));
      if (folds) writeIndent(writer);
      else putCharacter(writer, character);
    } else if (isMultiline(character)) {
      putBreak(writer, character);
      writer.indention = true;
    } else {
      if (previous !== '' && isMultiline(previous)) writeIndent(writer);
      if (isQuoted && character === "'") put(writer, "'");
      putCharacter(writer, character);
      writer.indention = false;
    }
    previous = character;
  }
  if (isQuoted) writeIndicator(writer, "'", {});
  writer.whitespace = false;
  writer.indention = false;
}

function writeDoubleQuoted(writer: Writer, text: string, mayFold: boolean): void {
  writeIndicator(writer, '"', { needsBlank: true });
  const characters = Array.from(text);
  const all = text.startsWith('\ufeff');
  let previousIsBlank = false;
  for (const [i, character] of characters.entries()) {
    if (character !== ' ' || all) {
      const escaped = escapeInDoubleQuotes(character, all);
      if (escaped === character) putCharacter(writer, character);
      else put(writer, escaped);
      previousIsBlank = false;
      continue;
    }
    const isInside = i > 0 && i < characters.length - 1;
    if (mayFold && !previousIsBlank && writer.column > bestWidth && isInside) {
      writeIndent(writer);
      if (characters[i + 1] === ' ') put(writer, '\\');
    } else putCharacter(writer, character);
    previousIsBlank = true;
  }
  writeIndicator(writer, '"', {});
  writer.whitespace = false;
  writer.indention = false;
}

function writeLiteral(writer: Writer, text: string): void {
  writeIndicator(writer, '|', { needsBlank: true });
  if (text.startsWith(' ') || isMultiline(text.charAt(0))) writeIndicator(writer, '2', {});
  const chomping = chompingHint(text);
  if (chomping !== '') writeIndicator(writer, chomping, {});
  putBreak(writer, '\n');
  writer.indention = true;
  writer.whitespace = true;
  let isLineStart = true;
  for (const character of text) {
    if (isMultiline(character)) {
      putBreak(writer, character);
      writer.indention = true;
      isLineStart = true;
    } else {
      if (isLineStart) writeIndent(writer);
      putCharacter(writer, character);
      writer.indention = false;
      isLineStart = false;
    }
  }
}

function chompingHint(text: string): string {
  if (!isMultiline(text.slice(-1))) return '-';
  return text.length === 1 || isMultiline(text.charAt(text.length - 2)) ? '+' : '';
}
