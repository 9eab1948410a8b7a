import type { Range } from '../diagnostic.ts';
import type { Code } from '../findings/codes.ts';
import type { Finding } from '../findings/finding.ts';
import { findingsIn } from '../findings/index.ts';
import type { Snapshot } from '../snapshot.ts';
import type { Fix, Fixer } from './fix.ts';

/** One row a code, one file a row. */
const fixers: { readonly [code in Code]?: Fixer } = {};

/** The fixes of one finding, best first. */
export function fixesOf(snapshot: Snapshot, finding: Finding): readonly Fix[] {
  return fixers[finding.code]?.(snapshot, finding) ?? [];
}

/** The fixes of the findings that a range of a document touches. */
export function fixesFor(snapshot: Snapshot, uri: string, range: Range): readonly Fix[] {
  return findingsIn(snapshot, uri, range).flatMap((finding) => fixesOf(snapshot, finding));
}
