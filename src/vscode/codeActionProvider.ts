import {
  CodeAction,
  CodeActionKind,
  languages,
  type CodeActionContext,
  type Diagnostic,
  type Range,
  type TextDocument,
} from 'vscode';
import type * as analysis from '../analysis/index.ts';
import type { Disposable } from '../base/lifecycle.ts';
import { isAnalysed } from './analysed.ts';
import { toPosition, toRange } from './convert.ts';
import type { Documents } from './documents.ts';
import { toWorkspaceEdit } from './workspaceEdit.ts';

/** Actions on whole documents, by the kind under which VS Code offers them and runs them on save. */
const sourceActions = [
  {
    type: 'fixAll',
    kind: CodeActionKind.SourceFixAll.append('karmada'),
    title: () => 'Fix all Karmada and Flux findings',
  },
  {
    type: 'migrateFlux',
    kind: CodeActionKind.Source.append('migrateFlux.karmada'),
    title: (newestFlux: string) => `Migrate to Flux ${newestFlux}`,
  },
] as const;

/** Offers the fixes of findings, the comments that silence them, and the actions on whole documents. */
export function registerCodeActions(documents: Documents): Disposable {
  return languages.registerCodeActionsProvider(
    { language: 'yaml' },
    {
      async provideCodeActions(document, range, context, token) {
        if (!isAnalysed(document)) return undefined;
        await documents.whenReady;
        if (token.isCancellationRequested) return undefined;
        return [
          ...quickFixes(documents, document, range, context),
          ...wholeDocument(documents, document, context),
        ];
      },
    },
    {
      providedCodeActionKinds: [CodeActionKind.QuickFix, ...sourceActions.map(({ kind }) => kind)],
    },
  );
}

function quickFixes(
  documents: Documents,
  document: TextDocument,
  range: Range,
  { only, diagnostics }: CodeActionContext,
): CodeAction[] {
  if (only && !only.contains(CodeActionKind.QuickFix)) return [];
  const place = { start: toPosition(range.start), end: toPosition(range.end) };
  return documents.workspace.codeActions(document.uri.toString(), place).map((found) => {
    const action = new CodeAction(found.title, CodeActionKind.QuickFix);
    action.edit = toWorkspaceEdit(found.edits);
    action.isPreferred = found.isPreferred;
    action.diagnostics = diagnostics.filter((shown) =>
      found.diagnostics.some((diagnostic) => isSame(shown, diagnostic)),
    );
    return action;
  });
}

function isSame({ code, range }: Diagnostic, finding: analysis.Diagnostic): boolean {
  const value = typeof code === 'object' ? code.value : code;
  return value === finding.code && range.isEqual(toRange(finding.range));
}

/** Only when asked for: they look at the whole document, some at the whole workspace. */
function wholeDocument(
  documents: Documents,
  document: TextDocument,
  { only }: CodeActionContext,
): CodeAction[] {
  if (!only) return [];
  return sourceActions.flatMap(({ type, kind, title }) => {
    if (!only.contains(kind)) return [];
    const { workspace } = documents;
    const edits = workspace.sourceAction(document.uri.toString(), type);
    if (edits.length === 0) return [];
    const action = new CodeAction(title(workspace.versions().newestFlux), kind);
    action.edit = toWorkspaceEdit(edits);
    return [action];
  });
}
