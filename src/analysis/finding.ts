import type { Diagnostic, Range, Severity } from './diagnostic.ts';

/** A diagnostic with its document, before the user's severities are applied. */
export interface Finding {
  readonly uri: string;
  readonly diagnostic: Diagnostic;
}

/** A finding without related places. */
export function finding(
  uri: string,
  code: string,
  severity: Severity,
  message: string,
  range: Range,
): Finding {
  return { uri, diagnostic: { code, severity, message, range } };
}
