// What the suites read of findings and their fixes.
import * as vscode from 'vscode';

/** What the extension finds now, in all documents. */
export function findings(): readonly vscode.Diagnostic[] {
  return vscode.languages
    .getDiagnostics()
    .flatMap(([, list]) => list)
    .filter(({ source }) => source === 'karmada');
}

/** The codes of what is wrong; hints are about what could be better. */
export function codes(): readonly string[] {
  return findings()
    .filter(({ severity }) => severity !== vscode.DiagnosticSeverity.Hint)
    .map(({ code }) => valueOf(code));
}

/** The code of a finding, without the page that it leads to. */
export function valueOf(code: vscode.Diagnostic['code']): string {
  return String(typeof code === 'object' ? code.value : code);
}

/** The actions of one kind that the extension offers for a range. */
export async function actionsIn(
  { document }: vscode.TextEditor,
  range: vscode.Range,
  kind: vscode.CodeActionKind,
): Promise<vscode.CodeAction[]> {
  return vscode.commands.executeCommand(
    'vscode.executeCodeActionProvider',
    document.uri,
    range,
    kind.value,
  );
}

/** All of a document. */
export function wholeOf({ document }: vscode.TextEditor): vscode.Range {
  return new vscode.Range(0, 0, document.lineCount, 0);
}
