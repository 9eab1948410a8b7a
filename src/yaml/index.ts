/** Text ↔ objects with ranges: the only door of this folder. */
export { readGoYaml } from './goYaml.ts';
export { printYaml } from './print.ts';
export { parseSource } from './source.ts';
export type { SourceDocument, SourceFile, SourceProblem } from './source.ts';
export type { ProblemCode } from './readDocument.ts';
export { locate } from './locate.ts';
export { pathAt } from './pathAt.ts';
export type { PathAt } from './pathAt.ts';
export type { Location, SourcePath, SourceRange } from './locate.ts';
export { insertItem, removeValue, renameKey, setValue } from './edit.ts';
export type { EditResult } from './edit.ts';
export { applyEdits } from './textEdit.ts';
export type { TextEdit } from './textEdit.ts';
export { readingNotes } from './readingNotes.ts';
export type { ReadingNote } from './readingNotes.ts';
