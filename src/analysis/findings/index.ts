import type { Diagnostic } from '../diagnostic.ts';
import { keyRangeAt, rangeAt, toRange } from '../place.ts';
import type { OpenFile, Snapshot } from '../snapshot.ts';
import { codes } from './codes.ts';
import type { CodeRow } from './codes.ts';
import { failedOverrides } from './failedOverrides.ts';
import type { Finding, Place } from './finding.ts';
import { refusals } from './refusals.ts';

/** A rule looks at a snapshot and says what it finds. What it remembers, it remembers by identity. */
type Rule = (snapshot: Snapshot) => readonly Finding[];

const rules: readonly Rule[] = [refusals, failedOverrides];

const known = new WeakMap<Snapshot, ReadonlyMap<string, readonly Diagnostic[]>>();

/** All findings of a snapshot by document; a document without any is absent. Worked out once a snapshot. */
export function diagnosticsOf(snapshot: Snapshot): ReadonlyMap<string, readonly Diagnostic[]> {
  const answered = known.get(snapshot);
  if (answered) return answered;
  const byUri = new Map<string, Diagnostic[]>();
  const add = (uri: string, diagnostic: Diagnostic): void => {
    const severity = snapshot.settings.severities[diagnostic.code] ?? diagnostic.severity;
    if (severity === 'off') return;
    const list = byUri.get(uri);
    if (list) list.push({ ...diagnostic, severity });
    else byUri.set(uri, [{ ...diagnostic, severity }]);
  };
  for (const file of snapshot.files) {
    for (const diagnostic of syntaxDiagnostics(file)) add(file.uri, diagnostic);
  }
  const findings = withoutGeneral(rules.flatMap((rule) => rule(snapshot)));
  for (const found of findings) add(found.item.file.uri, toDiagnostic(found));
  for (const list of byUri.values()) list.sort(byPlace);
  known.set(snapshot, byUri);
  return byUri;
}

function byPlace(a: Diagnostic, b: Diagnostic): number {
  const [x, y] = [a.range.start, b.range.start];
  return x.line - y.line || x.character - y.character || (a.code < b.code ? -1 : 1);
}

function syntaxDiagnostics(file: OpenFile): Diagnostic[] {
  const { problems, documents } = file.source;
  return [...problems, ...documents.flatMap((document) => document.problems)].map(
    ({ message, start, end }) => ({
      code: 'yaml-syntax',
      severity: codes['yaml-syntax'].severity,
      message,
      range: toRange(file, start, end),
    }),
  );
}

function toDiagnostic({ code, message, related, ...place }: Finding): Diagnostic {
  const range = toRangeOf(place);
  const places = related?.map(({ message: text, ...other }) => ({
    uri: other.item.file.uri,
    range: toRangeOf(other),
    message: text,
  }));
  const { severity } = codes[code];
  return { code, severity, message, range, ...(places ? { related: places } : {}) };
}

function toRangeOf({ item, path, on }: Place) {
  return on === 'key' ? keyRangeAt(item, path) : rangeAt(item, path);
}

/** One cause, one finding: on a node with a specific finding the general ones go, among general ones one stays. */
function withoutGeneral(findings: readonly Finding[]): readonly Finding[] {
  const best = new Map<string, number>();
  const rank = ({ code }: Finding): number => (codes[code] as CodeRow).general ?? -1;
  const nodes = findings.map(nodeOf);
  findings.forEach((found, i) => {
    const node = nodes[i] ?? '';
    best.set(node, Math.min(best.get(node) ?? Infinity, rank(found)));
  });
  return findings.filter((found, i) => rank(found) === best.get(nodes[i] ?? ''));
}

function nodeOf({ item, path }: Finding): string {
  return JSON.stringify([item.file.uri, item.document.start, ...item.path, ...path]);
}
