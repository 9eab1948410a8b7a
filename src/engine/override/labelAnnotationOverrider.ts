import { compareBytes, isObject, member, stringMember, withMember } from '../json.ts';
import type { JsonObject, JsonValue, Result } from '../types.ts';
import type { PatchOperation } from './jsonPatch.ts';
import { nestedStringMap } from './nestedField.ts';
import { patchObject } from './objectPatch.ts';

/**
 * Applies one `labelsOverrider` or `annotationsOverrider` entry
 * (`pkg/util/overridemanager/labelannotationoverrider.go`). `replace` and `remove` pass over keys that are not there;
 * a map with a value that is no string counts as absent, so that `add` starts a new one.
 */
export function applyLabelAnnotationOverrider(
  object: JsonObject,
  item: JsonValue,
  field: 'labels' | 'annotations',
): Result<JsonObject> {
  const entries = stringEntries(member(item, 'value'));
  const operator = stringMember(item, 'operator');
  const start = operator === 'add' && entries.length ? withStringMap(object, field) : object;
  if (!start) return { value: object };
  const present = stringMap(start, field);
  const operations: PatchOperation[] = [];
  for (const [key, value] of entries) {
    if (operator !== 'add' && !(present && Object.hasOwn(present, key))) continue;
    const path = `/metadata/${field}/${key.replaceAll('/', '~1')}`;
    operations.push({ op: operator, path, value });
  }
  return operations.length ? patchObject(start, operations) : { value: start };
}

function stringEntries(value: JsonValue | undefined): [string, string][] {
  if (!isObject(value)) return [];
  const keys = Object.keys(value).sort(compareBytes);
  return keys.map((key) => [key, stringMember(value, key)]);
}

/** The map when it is there and all its values are strings. */
function stringMap(object: JsonObject, field: string): JsonObject | undefined {
  const map = nestedStringMap(object, ['metadata', field]);
  return 'error' in map ? undefined : map.value;
}

/** The object with an empty map put in when there is no good one; `undefined` when `metadata` is no mapping. */
function withStringMap(object: JsonObject, field: string): JsonObject | undefined {
  if (stringMap(object, field)) return object;
  const metadata = member(object, 'metadata') ?? {};
  if (!isObject(metadata) || member(object, 'metadata') === null) return undefined;
  return withMember(object, 'metadata', withMember(metadata, field, {}));
}
