import { groupBy } from '../../base/groupBy.ts';
import type { TextEdit } from '../../yaml/index.ts';
import type { CodeAction } from '../api.ts';
import type { Diagnostic, Range } from '../diagnostic.ts';
import { shownIn, touches } from '../findings/index.ts';
import { ignoreInFile, ignoreOnLine } from '../silencing/ignoreActions.ts';
import type { OpenFile, Snapshot } from '../snapshot.ts';
import { syntaxFixes } from './syntaxFixes.ts';
import { toUriEdits } from './uriEdit.ts';
import { fixesOf } from './index.ts';

/** What can be done about the findings that a range touches: their fixes, then the comments that silence them. */
export function codeActionsOf(
  snapshot: Snapshot,
  uri: string,
  range: Range,
): readonly CodeAction[] {
  const file = snapshot.files.find((candidate) => candidate.uri === uri);
  if (!file) return [];
  const shown = shownIn(snapshot, uri).filter(({ diagnostic }) => touches(diagnostic.range, range));
  const fixes = shown.flatMap(({ diagnostic, finding }) =>
    (finding ? fixesOf(snapshot, finding) : syntaxFixes(file, diagnostic.range.start)).map(
      ({ title, edits, preferred }): CodeAction => ({
        type: 'fix',
        title,
        edits: toUriEdits(snapshot, edits),
        diagnostics: [diagnostic],
        isPreferred: preferred ?? false,
      }),
    ),
  );
  return [
    ...merged(fixes),
    ...ignores(
      snapshot,
      file,
      shown.map(({ diagnostic }) => diagnostic),
    ),
  ];
}

/** Several findings may have one remedy. */
function merged(actions: readonly CodeAction[]): readonly CodeAction[] {
  const byEdit = new Map<string, CodeAction>();
  for (const action of actions) {
    const key = JSON.stringify([action.title, action.edits]);
    const known = byEdit.get(key);
    byEdit.set(
      key,
      known ? { ...known, diagnostics: [...known.diagnostics, ...action.diagnostics] } : action,
    );
  }
  return [...byEdit.values()];
}

function ignores(
  snapshot: Snapshot,
  file: OpenFile,
  diagnostics: readonly Diagnostic[],
): readonly CodeAction[] {
  const codes = [...new Set(diagnostics.map(({ code }) => code))];
  const action = (
    title: string,
    edit: TextEdit | undefined,
    about: readonly Diagnostic[],
  ): readonly CodeAction[] => {
    if (!edit) return [];
    const edits = toUriEdits(snapshot, [{ uri: file.uri, ...edit }]);
    return [{ type: 'ignore', title, edits, diagnostics: about, isPreferred: false }];
  };
  return codes.flatMap((code) => {
    const about = diagnostics.filter((diagnostic) => diagnostic.code === code);
    const lines = groupBy(about, ({ range }) => range.start.line);
    return [
      ...[...lines].flatMap(([line, onLine]) =>
        action(`Ignore ${code} on this line`, ignoreOnLine(file, code, line), onLine),
      ),
      ...action(`Ignore ${code} in this file`, ignoreInFile(file, code), about),
    ];
  });
}
