import { createLineIndex } from '../../src/base/position.ts';
import type { Position } from '../../src/base/position.ts';
import { open } from './documents.ts';
import type { Completion, Workspace, WorkspaceOptions } from '../../src/analysis/index.ts';

/** A text without its `‸` and the place where that stood. */
export function atCaret(marked: string): { readonly text: string; readonly position: Position } {
  const offset = marked.indexOf('‸');
  if (offset < 0) throw new Error('the text has no ‸');
  const text = marked.slice(0, offset) + marked.slice(offset + 1);
  return { text, position: createLineIndex(text).positionAt(offset) };
}

/** A workspace with one more document, whose `‸` is the place to ask about. */
export function openAt(
  marked: string,
  others: { readonly [uri: string]: string } = {},
  options?: WorkspaceOptions,
): { readonly workspace: Workspace; readonly position: Position; readonly text: string } {
  const { text, position } = atCaret(marked);
  return { workspace: open({ ...others, 'typed.yaml': text }, options), position, text };
}

/** What is proposed at the `‸` of a text. */
export function propose(
  marked: string,
  others: { readonly [uri: string]: string } = {},
): readonly Completion[] {
  const { workspace, position, text } = openAt(marked, others);
  return workspace.completions('typed.yaml', position, text);
}

/** The text after a proposal is accepted, snippet marks included. */
export function accepted(marked: string, completion: Completion | undefined): string {
  if (!completion) throw new Error('there is no such proposal');
  const { text } = atCaret(marked);
  const lines = createLineIndex(text);
  const edits = [
    { range: completion.range, newText: completion.text },
    ...(completion.edits ?? []),
  ];
  return edits
    .map(({ range, newText }) => ({
      start: lines.offsetAt(range.start),
      end: lines.offsetAt(range.end),
      newText,
    }))
    .sort((a, b) => b.start - a.start || b.end - a.end)
    .reduce((at, { start, end, newText }) => at.slice(0, start) + newText + at.slice(end), text);
}
