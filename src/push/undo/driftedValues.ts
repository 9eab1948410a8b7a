import { isObject, memberAt, stringMember } from '../../engine/index.ts';
import type { JsonObject, JsonValue } from '../../engine/index.ts';
import { dataOwners } from '../run/standing.ts';
import type { DriftedField } from '../types.ts';
import { fieldText } from './driftedFields.ts';

/**
 * The values of a Secret that somebody has written since, by who owns them and since when: no push keeps them to compare
 * with. They are not told.
 */
export function driftedValues(pushed: JsonObject, now: JsonObject): readonly DriftedField[] {
  const [then, owned] = [entriesOf(pushed), entriesOf(now)];
  const keys = new Set<string>();
  let isSame = true;
  for (const id of new Set([...then.keys(), ...owned.keys()])) {
    const [before, after] = [then.get(id), owned.get(id)];
    const isWritten = stringMember(before, 'time') !== stringMember(after, 'time');
    const [had, has] = [keysOf(before), keysOf(after)];
    const gone = [...had].filter((key) => !has.has(key));
    const come = [...has].filter((key) => isWritten || !had.has(key));
    for (const key of [...gone, ...come]) keys.add(key);
    if (isWritten || gone.length > 0 || come.length > 0) isSame = false;
  }
  if (isSame) return [];
  const paths = keys.size === 0 ? [['data']] : [...keys].sort().map((key) => ['data', key]);
  return paths.map((path) => ({
    field: fieldText(path),
    path,
    ...(memberAt(pushed, ...path) !== undefined && { pushed: hidden }),
    ...(memberAt(now, ...path) !== undefined && { now: hidden }),
  }));
}

const hidden = '***';

/** Entries of owners of values, by who it is and how. */
function entriesOf(secret: JsonObject): ReadonlyMap<string, JsonValue> {
  const parts = ['manager', 'operation', 'subresource', 'apiVersion'];
  return new Map(
    dataOwners(secret).map((entry) => [
      parts.map((part) => stringMember(entry, part)).join('/'),
      entry,
    ]),
  );
}

function keysOf(entry: JsonValue | undefined): ReadonlySet<string> {
  const fields = memberAt(entry, 'fieldsV1', 'f:data');
  const names = isObject(fields) ? Object.keys(fields) : [];
  return new Set(names.filter((name) => name.startsWith('f:')).map((name) => name.slice(2)));
}
