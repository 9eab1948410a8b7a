import type { Diagnostic, Range } from '../diagnostic.ts';
import { keyRangeAt, rangeAt, toRange } from '../place.ts';
import { silencesOf } from '../silencing/directives.ts';
import { isAboutCiphertext } from '../silencing/ciphertext.ts';
import { syntaxProblems } from '../silencing/syntaxProblems.ts';
import type { OpenFile, Snapshot } from '../snapshot.ts';
import { codes } from './codes.ts';
import type { CodeRow } from './codes.ts';
import { completenessRules } from './completeness/index.ts';
import { documentFindings } from './document/documentFindings.ts';
import { duplicateObjects } from './document/duplicateObjects.ts';
import { overrideRules } from './overrides/index.ts';
import type { Finding, Place } from './finding.ts';
import { upToDate } from './perTemplate.ts';
import { placementRules } from './placement/index.ts';
import { selectionRules } from './selection/index.ts';
import { selectorVersions } from './versions/selectorVersions.ts';

/** A rule looks at a snapshot and says what it finds. What it remembers, it remembers by identity. */
type Rule = (snapshot: Snapshot) => readonly Finding[];

const rules: readonly Rule[] = [
  documentFindings,
  duplicateObjects,
  selectorVersions,
  ...overrideRules,
  ...selectionRules,
  ...placementRules,
  ...completenessRules,
];

/** A diagnostic and the finding behind it; problems of the text alone have none. */
export interface Shown {
  readonly diagnostic: Diagnostic;
  readonly finding?: Finding;
}

const known = new WeakMap<Snapshot, ReadonlyMap<string, readonly Shown[]>>();
const lists = new WeakMap<Snapshot, ReadonlyMap<string, readonly Diagnostic[]>>();

/** All diagnostics of a snapshot by document; a document without any is absent. Worked out once a snapshot. */
export function diagnosticsOf(snapshot: Snapshot): ReadonlyMap<string, readonly Diagnostic[]> {
  const answered = lists.get(snapshot);
  if (answered) return answered;
  const list = new Map(
    [...allShown(snapshot)].map(([uri, shown]) => [uri, shown.map(({ diagnostic }) => diagnostic)]),
  );
  lists.set(snapshot, list);
  return list;
}

/** What is shown in a document, in order. */
export function shownIn(snapshot: Snapshot, uri: string): readonly Shown[] {
  return allShown(snapshot).get(uri) ?? [];
}

/** The findings that are shown in a document, in order; with a range, those that touch it. */
export function findingsIn(snapshot: Snapshot, uri: string, range?: Range): readonly Finding[] {
  return shownIn(snapshot, uri).flatMap(({ diagnostic, finding }) =>
    finding && (!range || touches(diagnostic.range, range)) ? [finding] : [],
  );
}

/** Whether two ranges have a place in common; their ends count. */
export function touches(a: Range, b: Range): boolean {
  const isBefore = (x: Range['end'], y: Range['start']): boolean =>
    x.line < y.line || (x.line === y.line && x.character < y.character);
  return !isBefore(a.end, b.start) && !isBefore(b.end, a.start);
}

function allShown(snapshot: Snapshot): ReadonlyMap<string, readonly Shown[]> {
  const answered = known.get(snapshot);
  if (answered) return answered;
  const byUri = new Map<string, Shown[]>();
  const add = (file: OpenFile, { diagnostic, ...rest }: Shown): void => {
    const { code, range } = diagnostic;
    const severity = snapshot.settings.severities[code] ?? diagnostic.severity;
    if (severity === 'off' || silencesOf(file).silences(code, range.start.line)) return;
    const shown = { diagnostic: { ...diagnostic, severity }, ...rest };
    const list = byUri.get(file.uri);
    if (list) list.push(shown);
    else byUri.set(file.uri, [shown]);
  };
  for (const file of snapshot.files) {
    for (const diagnostic of syntaxDiagnostics(file, snapshot)) add(file, { diagnostic });
  }
  const found = rules.flatMap((rule) => rule(snapshot));
  const findings = withoutGeneral(found.map((finding) => upToDate(snapshot, finding)));
  for (const finding of findings) {
    // What is wrong with a live object is not for an editor of documents.
    if (finding.item.context !== undefined || isAboutCiphertext(finding)) continue;
    add(finding.item.file, { diagnostic: toDiagnostic(finding), finding });
  }
  for (const list of byUri.values()) list.sort(byPlace);
  known.set(snapshot, byUri);
  return byUri;
}

function byPlace({ diagnostic: a }: Shown, { diagnostic: b }: Shown): number {
  const [x, y] = [a.range.start, b.range.start];
  return x.line - y.line || x.character - y.character || (a.code < b.code ? -1 : 1);
}

/** Problems of a text that is read all the same. */
const harmless: ReadonlySet<string> = new Set([
  'duplicate-key',
  'trailing-content',
  'ignored-document',
]);

function syntaxDiagnostics(file: OpenFile, { settings }: Snapshot): Diagnostic[] {
  return syntaxProblems(file, settings.yamlSyntax).map(({ code, message, start, end }) => ({
    code: 'yaml-syntax',
    severity: harmless.has(code) ? 'warning' : codes['yaml-syntax'].severity,
    message,
    range: toRange(file, start, end),
  }));
}

function toDiagnostic({ code, message, related, severity, ...place }: Finding): Diagnostic {
  const range = toRangeOf(place);
  const places = related?.map(({ message: text, ...other }) => ({
    uri: other.item.file.uri,
    range: toRangeOf(other),
    message: text,
  }));
  return {
    code,
    severity: severity ?? codes[code].severity,
    message,
    range,
    ...(places ? { related: places } : {}),
  };
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

function nodeOf({ item, path, on }: Finding): string {
  return JSON.stringify([on === 'key', item.file.uri, item.document.start, ...item.path, ...path]);
}
