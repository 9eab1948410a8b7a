import {
  Diagnostic,
  DiagnosticRelatedInformation,
  DiagnosticSeverity,
  Location,
  Range,
  Uri,
  type Position,
} from 'vscode';
import type * as analysis from '../analysis/index.ts';
import { explanationOf } from './explainFinding.ts';

/** A range of the analysis as VS Code's; both count lines and UTF-16 characters from zero. */
export function toRange({ start, end }: analysis.Range): Range {
  return new Range(start.line, start.character, end.line, end.character);
}

export function toPosition({ line, character }: Position): { line: number; character: number } {
  return { line, character };
}

/** A finding as VS Code shows it in the editor and among the problems. */
export function toDiagnostic(finding: analysis.Diagnostic): Diagnostic {
  const diagnostic = new Diagnostic(
    toRange(finding.range),
    finding.message,
    severities[finding.severity],
  );
  diagnostic.source = 'karmada';
  diagnostic.code = { value: finding.code, target: explanationOf(finding.code) };
  if (finding.related && finding.related.length > 0) {
    diagnostic.relatedInformation = finding.related.map(
      ({ uri, range, message }) =>
        new DiagnosticRelatedInformation(new Location(Uri.parse(uri), toRange(range)), message),
    );
  }
  return diagnostic;
}

const severities: { readonly [severity in analysis.Severity]: DiagnosticSeverity } = {
  error: DiagnosticSeverity.Error,
  warning: DiagnosticSeverity.Warning,
  information: DiagnosticSeverity.Information,
  hint: DiagnosticSeverity.Hint,
};
