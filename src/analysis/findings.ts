import { admit, checkSchema, findSchema } from '../engine/index.ts';
import type { SchemaProblem } from '../engine/index.ts';
import type { Diagnostic, Range } from './diagnostic.ts';
import { finding } from './finding.ts';
import type { Finding } from './finding.ts';
import { failedOverrides } from './failedOverrides.ts';
import { keyRangeAt, pathOfField, rangeAt, toRange } from './place.ts';
import { refusalText } from './refusalText.ts';
import type { Item, OpenFile, Snapshot } from './snapshot.ts';

const known = new WeakMap<Snapshot, ReadonlyMap<string, readonly Diagnostic[]>>();

/** All findings of a snapshot by document; a document without any is absent. Worked out once a snapshot. */
export function diagnosticsOf(snapshot: Snapshot): ReadonlyMap<string, readonly Diagnostic[]> {
  const answered = known.get(snapshot);
  if (answered) return answered;
  const byUri = new Map<string, Diagnostic[]>();
  const findings = [
    ...snapshot.files.flatMap(syntaxFindings),
    ...snapshot.items.flatMap((item) => refusalFindings(item, snapshot)),
    ...failedOverrides(snapshot),
  ];
  for (const { uri, diagnostic } of findings) {
    const severity = snapshot.settings.severities[diagnostic.code] ?? diagnostic.severity;
    if (severity === 'off') continue;
    const list = byUri.get(uri) ?? [];
    list.push({ ...diagnostic, severity });
    byUri.set(uri, list);
  }
  for (const list of byUri.values()) list.sort(byPlace);
  known.set(snapshot, byUri);
  return byUri;
}

function byPlace(a: Diagnostic, b: Diagnostic): number {
  const [x, y] = [a.range.start, b.range.start];
  return x.line - y.line || x.character - y.character || (a.code < b.code ? -1 : 1);
}

function syntaxFindings(file: OpenFile): Finding[] {
  const { problems, documents } = file.source;
  return [...problems, ...documents.flatMap((document) => document.problems)].map(
    ({ message, start, end }) =>
      finding(file.uri, 'yaml-syntax', 'error', message, toRange(file, start, end)),
  );
}

/** What the API server and the webhooks say to an object that they refuse, each cause on its field. */
function refusalFindings(item: Item, { flux }: Snapshot): Finding[] {
  const { refusal } = item;
  if (!refusal) return [];
  const { uri } = item.file;
  const table = findSchema(item.apiVersion, item.kind, flux.version);
  if (!table) {
    const range = rangeAt(item, ['apiVersion']);
    const message = `Flux ${flux.version} does not serve this version: ${refusalText(refusal)}.`;
    return [finding(uri, 'api-version-removed', 'error', message, range)];
  }
  const problems = refusal.status === 403 ? [] : checkSchema(item.source, table);
  if (problems.length > 0) {
    return problems.map((problem) =>
      finding(uri, problem.code, 'error', schemaSentence(problem), schemaRange(item, problem)),
    );
  }
  const errors = refusal.status === 403 ? admit(item.source).errors : [];
  if (errors.length > 0) {
    return errors.map(({ field, message }) => {
      const range = rangeAt(item, pathOfField(item.source, field));
      return finding(uri, 'admission-denied', 'error', `Karmada refuses this: ${message}`, range);
    });
  }
  const message = `The API server refuses this object: ${refusalText(refusal)}`;
  return [finding(uri, 'admission-denied', 'error', message, rangeAt(item, []))];
}

function schemaSentence({ code, field, message, nearest }: SchemaProblem): string {
  switch (code) {
    case 'unknown-field':
      return nearest === undefined
        ? `There is no field ${field} here; the API server refuses the object.`
        : `There is no field ${field} here; did you mean ${nearest}?`;
    case 'missing-field':
      return `${field} is missing; the API server refuses the object without it.`;
    case 'wrong-type':
    case 'invalid-value':
      return `${field}: ${message}`;
  }
}

/** On the key of an unknown field, the value of a wrong one, and for a missing one the key that should hold it. */
function schemaRange(item: Item, { code, path }: SchemaProblem): Range {
  if (code === 'unknown-field') return keyRangeAt(item, path);
  return code === 'missing-field' ? keyRangeAt(item, path.slice(0, -1)) : rangeAt(item, path);
}
