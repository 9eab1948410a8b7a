import { removeReplacedKey } from '../../yaml/index.ts';
import type { Position } from '../../base/position.ts';
import type { OpenFile } from '../snapshot.ts';
import type { Fix } from './fix.ts';

/** What mends a problem of the text alone that begins at a place: the value that a duplicate key replaces goes. */
export function syntaxFixes({ uri, source, lines }: OpenFile, at: Position): readonly Fix[] {
  const offset = lines.offsetAt(at);
  const document = source.documents.find(({ problems }) =>
    problems.some(({ code, start }) => code === 'duplicate-key' && start === offset),
  );
  const result = document && removeReplacedKey(document, offset);
  if (!result || 'reason' in result) return [];
  const edits = result.edits.map((edit) => ({ uri, ...edit }));
  return [{ title: 'Remove the value that this one replaces', edits, preferred: true }];
}
