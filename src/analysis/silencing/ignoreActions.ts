import { createLineIndex } from '../../base/position.ts';
import { applyEdits, parseSource } from '../../yaml/index.ts';
import type { TextEdit } from '../../yaml/index.ts';
import type { OpenFile } from '../snapshot.ts';
import { fileDirective, lineDirective, silencesOf } from './directives.ts';

/** The comment that silences a code on a line, as a line above it; absent where no comment can stand. */
export function ignoreOnLine(file: OpenFile, code: string, line: number): TextEdit | undefined {
  const { text } = file.source;
  const start = file.lines.offsetAt({ line, character: 0 });
  // A tab in front of a comment would be one more thing that is wrong.
  const indent = /^ */.exec(text.slice(start, start + 1000))?.[0] ?? '';
  const edit = inserted(text, start, `${indent}# ${lineDirective} ${code}`);
  return silencesAfter(file, edit, code, line + 1) ? edit : undefined;
}

/** The comment that silences a code in a file: one more word in the comment that is there, else the first line. */
export function ignoreInFile(file: OpenFile, code: string): TextEdit | undefined {
  const { text } = file.source;
  const there = new RegExp(
    `^#[ \\t]*${fileDirective}[ \\t]+[a-z0-9][a-z0-9, \\t-]*?(?=[ \\t]*(?:$|--\\s))`,
    'm',
  ).exec(text);
  const more = there && {
    start: there.index + there[0].length,
    end: there.index + there[0].length,
    newText: `, ${code}`,
  };
  if (more && silencesAfter(file, more, code, 0)) return more;
  const edit = inserted(text, text.startsWith('\ufeff') ? 1 : 0, `# ${fileDirective} ${code}`);
  return silencesAfter(file, edit, code, 0) ? edit : undefined;
}

function inserted(text: string, at: number, comment: string): TextEdit {
  return { start: at, end: at, newText: comment + (text.includes('\r\n') ? '\r\n' : '\n') };
}

/**
 * In a block of text a comment would be text, and in a document that cannot be read it may move what is found; so the
 * result is read before anybody is offered it.
 */
function silencesAfter(file: OpenFile, edit: TextEdit, code: string, line: number): boolean {
  const text = applyEdits(file.source.text, [edit]);
  const source = parseSource(text, file.source);
  const after = { uri: file.uri, source, lines: createLineIndex(text) };
  const problems = openProblems(after) - openProblems(file);
  return (
    (code === 'yaml-syntax' ? problems < 0 : problems <= 0) &&
    silencesOf(after).silences(code, line)
  );
}

/** How many problems of the text no comment silences. */
function openProblems(file: OpenFile): number {
  const { problems, documents } = file.source;
  const silences = silencesOf(file);
  return [...problems, ...documents.flatMap((document) => document.problems)].filter(
    ({ start }) => !silences.silences('yaml-syntax', file.lines.positionAt(start).line),
  ).length;
}
