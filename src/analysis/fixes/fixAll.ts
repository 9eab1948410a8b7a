import { createLineIndex } from '../../base/position.ts';
import { applyEdits, parseSource } from '../../yaml/index.ts';
import type { Finding } from '../findings/finding.ts';
import type { OpenFile, Snapshot } from '../snapshot.ts';
import type { FileEdit } from './fix.ts';
import { fixesOf } from './index.ts';
import { editPieces, editsOfPieces, unedited } from './pieces.ts';
import type { Pieces } from './pieces.ts';

/** A fix may bring up what another one mends; more rounds than this mean that two undo each other. */
const mostRounds = 10;

/**
 * Applies the preferred fixes of some findings, again and again until there are none, and gives the edits from the
 * texts as they are to the texts in the end. `look` makes the snapshot of changed files.
 */
export function fixAll(
  files: readonly OpenFile[],
  look: (files: readonly OpenFile[]) => Snapshot,
  wanted: (snapshot: Snapshot) => readonly Finding[],
): readonly FileEdit[] {
  const pieces = new Map<string, Pieces>();
  let current = files;
  for (let round = 0; round < mostRounds; round++) {
    const edits = preferredEdits(look(current), wanted);
    if (edits.size === 0) break;
    for (const [uri, list] of edits) {
      const original = files.find((file) => file.uri === uri)?.source.text ?? '';
      pieces.set(uri, editPieces(pieces.get(uri) ?? unedited(original), list));
    }
    current = current.map((file) => edited(file, edits.get(file.uri)));
  }
  return files.flatMap(({ uri, source }) => {
    const changed = pieces.get(uri);
    return changed ? editsOfPieces(source.text, changed).map((edit) => ({ uri, ...edit })) : [];
  });
}

function edited(file: OpenFile, edits: readonly FileEdit[] | undefined): OpenFile {
  if (!edits) return file;
  const text = applyEdits(file.source.text, edits);
  return { ...file, source: parseSource(text, file.source), lines: createLineIndex(text) };
}

/** The edits of as many preferred fixes as do not get in each other's way, by document. */
function preferredEdits(
  snapshot: Snapshot,
  wanted: (snapshot: Snapshot) => readonly Finding[],
): ReadonlyMap<string, readonly FileEdit[]> {
  const taken = new Map<string, FileEdit[]>();
  for (const finding of wanted(snapshot)) {
    const edits = fixesOf(snapshot, finding).find(({ preferred }) => preferred)?.edits ?? [];
    const isFree = edits.every((edit) => !(taken.get(edit.uri) ?? []).some(meets(edit)));
    if (!isFree) continue;
    for (const edit of edits) {
      const list = taken.get(edit.uri);
      if (list) list.push(edit);
      else taken.set(edit.uri, [edit]);
    }
  }
  return taken;
}

function meets(a: FileEdit): (b: FileEdit) => boolean {
  return (b) => a.start <= b.end && b.start <= a.end;
}
