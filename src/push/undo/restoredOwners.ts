import { deepEqual, stringMember } from '../../engine/index.ts';
import type { JsonObject, JsonValue } from '../../engine/index.ts';
import { ownersOf } from '../run/standing.ts';

/**
 * `metadata.managedFields` as they are to be after an undo: those from before the push, except that what somebody, most
 * often Karmada, has come to own since the push stays theirs, and so does the status.
 */
export function restoredOwners(objects: {
  readonly before: JsonObject;
  readonly pushed: JsonObject;
  readonly now: JsonObject;
}): readonly JsonValue[] {
  const [before, pushed, now] = [objects.before, objects.pushed, objects.now].map(
    (object) => new Map(ownersOf(object).map((entry) => [keyOf(entry), entry])),
  );
  const restored: JsonValue[] = [];
  for (const key of new Set([...(before?.keys() ?? []), ...(now?.keys() ?? [])])) {
    const isTheirs = key.startsWith('status/') || !deepEqual(now?.get(key), pushed?.get(key));
    const entry = isTheirs ? now?.get(key) : before?.get(key);
    if (entry !== undefined) restored.push(entry);
  }
  return restored;
}

function keyOf(entry: JsonValue): string {
  return ['subresource', 'operation', 'apiVersion', 'manager']
    .map((field) => stringMember(entry, field))
    .join('/');
}
