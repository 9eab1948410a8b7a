import type { UriEdit } from '../api.ts';
import { toRange } from '../place.ts';
import type { Snapshot } from '../snapshot.ts';
import type { FileEdit } from './fix.ts';

/** Edits by offset as edits by line and character; those of documents that are not there are left out. */
export function toUriEdits(
  { files }: Pick<Snapshot, 'files'>,
  edits: readonly FileEdit[],
): readonly UriEdit[] {
  return edits.flatMap(({ uri, start, end, newText }) => {
    const file = files.find((candidate) => candidate.uri === uri);
    return file ? [{ uri, range: toRange(file, start, end), newText }] : [];
  });
}
