import type { Finding } from '../../src/analysis/findings/finding.ts';
import { diagnosticsOf, findingsIn } from '../../src/analysis/findings/index.ts';
import { fixesOf } from '../../src/analysis/fixes/index.ts';
import type { FileEdit, Fix } from '../../src/analysis/fixes/fix.ts';
import type { WorkspaceOptions } from '../../src/analysis/index.ts';
import { toSettings } from '../../src/analysis/settings.ts';
import { createSnapshotMaker } from '../../src/analysis/snapshot.ts';
import type { Snapshot } from '../../src/analysis/snapshot.ts';
import { createLineIndex } from '../../src/base/position.ts';
import { applyEdits, parseSource } from '../../src/yaml/index.ts';

export type Documents = { readonly [uri: string]: string };

/** What follows from some documents by name. */
export function snapshotOf(documents: Documents, options: WorkspaceOptions = {}): Snapshot {
  const files = Object.entries(documents).map(([uri, text]) => ({
    uri,
    source: parseSource(text),
    lines: createLineIndex(text),
  }));
  return createSnapshotMaker(toSettings(options))(files);
}

/** The findings of all documents, as `CODE SEVERITY` with the text that they stand on. */
export function told(snapshot: Snapshot): readonly (readonly [code: string, at: string])[] {
  return [...diagnosticsOf(snapshot)].flatMap(([uri, list]) => {
    const file = snapshot.files.find((candidate) => candidate.uri === uri);
    return list.map(({ code, severity, range }) => {
      const [start, end] = [range.start, range.end].map((at) => file?.lines.offsetAt(at) ?? 0);
      return [`${code} ${severity}`, file?.source.text.slice(start, end) ?? ''] as const;
    });
  });
}

/** The findings of all documents. */
export function findingsOf(snapshot: Snapshot): readonly Finding[] {
  return snapshot.files.flatMap(({ uri }) => findingsIn(snapshot, uri));
}

/** The fixes of the first finding of a code. */
export function fixesFor(snapshot: Snapshot, code: string): readonly Fix[] {
  const finding = findingsOf(snapshot).find((candidate) => candidate.code === code);
  return finding ? fixesOf(snapshot, finding) : [];
}

/** The documents after the edits of a fix. */
export function withEdits(documents: Documents, edits: readonly FileEdit[]): Documents {
  return Object.fromEntries(
    Object.entries(documents).map(([uri, text]) => [
      uri,
      applyEdits(
        text,
        edits.filter((edit) => edit.uri === uri),
      ),
    ]),
  );
}

/** The messages of all findings. */
export function diagnosticTexts(snapshot: Snapshot): readonly string[] {
  return [...diagnosticsOf(snapshot).values()].flatMap((list) =>
    list.map(({ message }) => message),
  );
}
