import {
  deepEqual,
  isObject,
  member,
  memberAt,
  setOwn,
  stringMember,
  withMember,
  withoutMember,
} from '../../engine/index.ts';
import type { JsonObject, JsonValue } from '../../engine/index.ts';
import { ownersOf } from '../run/standing.ts';

/**
 * `metadata.managedFields` as they are to be after an undo: those from before the push, except that what somebody, most
 * often Karmada, has come to own or to lose since the push stays so, and so does the status.
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
    const states = { before: before?.get(key), pushed: pushed?.get(key), now: now?.get(key) };
    const entry = key.startsWith('status/') ? states.now : restoredEntry(states);
    if (entry !== undefined) restored.push(entry);
  }
  return restored;
}

/**
 * An object from before a push with the owners of a Secret's values as the push left them: for values that stay as they
 * were pushed.
 */
export function withDataOwnersOf(before: JsonObject, pushed: JsonObject): JsonObject {
  const entries = new Map<string, JsonValue>();
  const add = (entry: JsonValue, fields: JsonObject | undefined): void => {
    if (!isObject(entry) || !fields || Object.keys(fields).length === 0) return;
    const held = member(entries.get(keyOf(entry)), 'fieldsV1');
    const all = { ...(isObject(held) ? held : {}), ...fields };
    entries.set(keyOf(entry), withMember(entry, 'fieldsV1', all));
  };
  for (const entry of ownersOf(before)) {
    const fields = member(entry, 'fieldsV1');
    add(entry, isObject(fields) ? withoutMember(fields, dataFields) : undefined);
  }
  for (const entry of ownersOf(pushed)) {
    const data = memberAt(entry, 'fieldsV1', dataFields);
    add(entry, data === undefined ? undefined : { [dataFields]: data });
  }
  const metadata = member(before, 'metadata');
  return withMember(before, 'metadata', {
    ...(isObject(metadata) ? metadata : {}),
    managedFields: [...entries.values()],
  });
}

const dataFields = 'f:data';

interface Entries {
  readonly before: JsonValue | undefined;
  readonly pushed: JsonValue | undefined;
  readonly now: JsonValue | undefined;
}

/** One manager's entry: the fields that the push gave or took go back, those that others gave or took since do not. */
function restoredEntry({ before, pushed, now }: Entries): JsonValue | undefined {
  if (deepEqual(now, pushed)) return before;
  const fields = mergedFields({
    before: member(before, 'fieldsV1'),
    pushed: member(pushed, 'fieldsV1'),
    now: member(now, 'fieldsV1'),
  });
  const entry = now ?? before;
  if (!isObject(entry) || fields === undefined) return undefined;
  return withMember(entry, 'fieldsV1', fields);
}

/** Sets of fields are mappings all the way down, so that there is never a conflict. */
function mergedFields({ before, pushed, now }: Entries): JsonValue | undefined {
  if (deepEqual(before, pushed) || deepEqual(now, before)) return now;
  if (deepEqual(now, pushed)) return before;
  const result: Record<string, JsonValue> = {};
  for (const key of new Set([before, pushed, now].flatMap((set) => Object.keys(set ?? {})))) {
    const [a, b, c] = [before, pushed, now].map((set) => member(set, key));
    const value = mergedFields({ before: a, pushed: b, now: c });
    if (value !== undefined) setOwn(result, key, value);
  }
  return Object.keys(result).length === 0 ? undefined : result;
}

function keyOf(entry: JsonValue): string {
  return ['subresource', 'operation', 'apiVersion', 'manager']
    .map((field) => stringMember(entry, field))
    .join('/');
}
