import type { Position } from '../base/position.ts';

/** A stretch of text, zero-based lines and UTF-16 characters, the end exclusive. */
export interface Range {
  readonly start: Position;
  readonly end: Position;
}

export type Severity = 'error' | 'warning' | 'information' | 'hint';

/** A place that helps to understand a diagnostic. */
export interface RelatedPlace {
  readonly uri: string;
  readonly range: Range;
  readonly message: string;
}

/** One finding about one document, ready to show. */
export interface Diagnostic {
  /** Stable, kebab-case; public API. */
  readonly code: string;
  readonly severity: Severity;
  readonly message: string;
  readonly range: Range;
  readonly related?: readonly RelatedPlace[];
}

/** A diagnostic together with the document it stands in, for output over many documents. */
export interface LocatedDiagnostic extends Diagnostic {
  readonly uri: string;
}
