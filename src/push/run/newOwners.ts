import type { JsonObject } from '../../engine/index.ts';
import type { PushApi } from '../ports.ts';
import { conflictsOf, isFieldConflict, isTaken } from '../prepare/conflicts.ts';
import type { FieldConflict, ObjectChange } from '../types.ts';

/**
 * Who stands against a forced apply without having been reviewed. Forcing takes every field that others own, also one
 * whose owner appeared after the review: a server cannot be told which. So it is asked first, with the same
 * preconditions; whoever writes between the two requests makes another version, which the second one is refused for.
 */
export async function newOwners(
  api: PushApi,
  { reference, conflicts }: ObjectChange,
  body: JsonObject,
): Promise<readonly FieldConflict[]> {
  try {
    await api.apply(reference, body, { dryRun: true });
    return [];
  } catch (error) {
    if (!isFieldConflict(error)) throw error;
    const taken = new Set(conflicts.filter(isTaken(conflicts)).map(nameOf));
    const found = conflictsOf(error, { reference, mine: body, theirs: undefined }, []);
    return found.filter((conflict) => !taken.has(nameOf(conflict)));
  }
}

function nameOf({ manager, field }: FieldConflict): string {
  return `${manager}\n${field}`;
}
