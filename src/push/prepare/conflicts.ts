import type { JsonObject } from '../../engine/index.ts';
import { isKubeError } from '../../live/index.ts';
import type { ObjectReference } from '../../live/index.ts';
import type { FieldConflict } from '../types.ts';
import { findField, valueAtPath } from './fieldPath.ts';

/** What the user chose for a field that somebody else owns. */
export interface ConflictChoice {
  readonly reference: ObjectReference;
  readonly manager: string;
  readonly field: string;
  readonly choice: Exclude<FieldConflict['choice'], 'undecided'>;
}

/** Whether a server refused an apply because others own fields. */
export function isFieldConflict(error: unknown): boolean {
  return isKubeError(error) && error.causes.some(({ reason }) => reason === 'FieldManagerConflict');
}

/**
 * The conflicts that a server tells of (`k8s.io/apimachinery/pkg/util/managedfields/internal/conflict.go`): one for
 * each manager and field, with what was chosen for it.
 */
export function conflictsOf(
  error: unknown,
  { mine, theirs, reference }: ConflictSides,
  choices: readonly ConflictChoice[],
): readonly FieldConflict[] {
  if (!isKubeError(error)) return [];
  const isQuiet = reference.kind === 'Secret';
  return error.causes
    .filter(({ reason }) => reason === 'FieldManagerConflict')
    .map(({ message, field }) => {
      const manager = /conflict with "((?:[^"\\]|\\.)*)"/.exec(message)?.[1] ?? message;
      const path = findField(mine, field) ?? [];
      const theirPath = theirs ? findField(theirs, field) : undefined;
      const [ours, others] = [valueAtPath(mine, path), theirPath && valueAtPath(theirs, theirPath)];
      const chosen = choices.find(
        (one) => one.manager === manager && one.field === field && isSame(one.reference, reference),
      );
      return {
        manager,
        field,
        path,
        ...(isQuiet || ours === undefined ? {} : { mine: ours }),
        ...(isQuiet || others === undefined ? {} : { theirs: others }),
        choice: chosen?.choice ?? 'undecided',
      };
    });
}

/** Makes a test of conflicts: whether the field is taken from everybody who owns it. */
export function isTaken(conflicts: readonly FieldConflict[]): (conflict: FieldConflict) => boolean {
  const kept = new Set(
    conflicts.filter(({ choice }) => choice !== 'take').map(({ field }) => field),
  );
  return ({ field }) => !kept.has(field);
}

export interface ConflictSides {
  readonly reference: ObjectReference;
  readonly mine: JsonObject;
  readonly theirs: JsonObject | undefined;
}

function isSame(a: ObjectReference, b: ObjectReference): boolean {
  return (
    a.apiVersion === b.apiVersion &&
    a.kind === b.kind &&
    a.namespace === b.namespace &&
    a.name === b.name
  );
}
