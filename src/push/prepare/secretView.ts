import {
  deepEqual,
  isObject,
  member,
  memberAt,
  setOwn,
  withMember,
  withoutMember,
} from '../../engine/index.ts';
import type { JsonObject, JsonValue } from '../../engine/index.ts';
import { isSecret } from '../../analysis/index.ts';

const lastApplied = 'kubectl.kubernetes.io/last-applied-configuration';

/** An object without what nobody may see: of a Secret the keys are left, and kubectl's copy of it goes. */
export function withoutValues(object: JsonObject): JsonObject {
  if (!isSecret(object)) return object;
  let quiet = object;
  for (const field of ['data', 'stringData']) {
    const data = member(object, field);
    if (data === undefined) continue;
    const keys: Record<string, JsonValue> = {};
    if (isObject(data)) for (const key of Object.keys(data)) setOwn(keys, key, null);
    quiet = withMember(quiet, field, keys);
  }
  const metadata = member(quiet, 'metadata');
  const annotations = memberAt(quiet, 'metadata', 'annotations');
  if (!isObject(metadata) || !isObject(annotations) || !Object.hasOwn(annotations, lastApplied)) {
    return quiet;
  }
  const rest = withoutMember(annotations, lastApplied);
  return withMember(quiet, 'metadata', withMember(metadata, 'annotations', rest));
}

/** Keys of a Secret's data that are not the same on both sides, sorted. */
export function changedKeys(
  before: JsonObject | undefined,
  after: JsonObject | undefined,
): readonly string[] {
  const [old, now] = [dataOf(before), dataOf(after)];
  const keys = new Set([...old.keys(), ...now.keys()]);
  return [...keys].filter((key) => !deepEqual(old.get(key), now.get(key))).sort();
}

/** `stringData` is written over `data`; a server answers with `data` alone. */
function dataOf(object: JsonObject | undefined): ReadonlyMap<string, JsonValue> {
  const all = ['data', 'stringData'].flatMap((field) => {
    const data = member(object, field);
    return isObject(data) ? Object.entries(data) : [];
  });
  return new Map(all);
}
