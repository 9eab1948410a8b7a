import {
  arrayMember,
  deepEqual,
  isArray,
  isObject,
  member,
  setOwn,
  withMember,
  withoutMember,
} from '../../engine/index.ts';
import type { JsonArray, JsonObject, JsonValue } from '../../engine/index.ts';

/**
 * Entries of `metadata.managedFields` without the labels, annotations and finalizers that an object does not have. An
 * undo brings no note of Karmada back: were its owner kept, the first annotation that a user applies would be a conflict
 * with Karmada about the whole mapping.
 */
function presentOwners(owners: readonly JsonValue[], object: JsonObject): readonly JsonValue[] {
  return owners.flatMap((entry) => {
    const fields = member(entry, 'fieldsV1');
    const noted = member(fields, metadataFields);
    if (!isObject(entry) || !isObject(fields) || !isObject(noted)) return [entry];
    const present = presentFields(noted, member(object, 'metadata'));
    const left = present
      ? withMember(fields, metadataFields, present)
      : withoutMember(fields, metadataFields);
    return Object.keys(left).length === 0 ? [] : [withMember(entry, 'fieldsV1', left)];
  });
}

const metadataFields = 'f:metadata';

/** An object with the owners of another one, as far as it has what they own. */
export function withPresentOwners(object: JsonObject, owned: JsonObject): JsonObject {
  const owners = arrayMember(member(owned, 'metadata'), 'managedFields');
  return withOwners(object, presentOwners(owners, object));
}

/** An object with these entries of `metadata.managedFields`. */
export function withOwners(object: JsonObject, owners: readonly JsonValue[]): JsonObject {
  const metadata = member(object, 'metadata');
  const managedFields: JsonArray = [...owners];
  return withMember(object, 'metadata', { ...(isObject(metadata) ? metadata : {}), managedFields });
}

/** A set of fields as far as a value has them; `undefined` for none of them. */
function presentFields(fields: JsonObject, value: JsonValue | undefined): JsonObject | undefined {
  if (value === undefined) return undefined;
  const present: Record<string, JsonValue> = {};
  for (const [key, below] of Object.entries(fields)) {
    const kept = presentField(key, below, value);
    if (kept) setOwn(present, key, kept);
  }
  return Object.keys(present).length === 0 ? undefined : present;
}

/** `f:` names a field and `v:` an item of a set (`sigs.k8s.io/structured-merge-diff/v6/fieldpath/serialize-pe.go`). */
function presentField(key: string, below: JsonValue, value: JsonValue): JsonObject | undefined {
  if (!isObject(below)) return undefined;
  if (key.startsWith('f:')) {
    const named = member(value, key.slice(2));
    const isLeaf = Object.keys(below).length === 0;
    return isLeaf && named !== undefined ? below : presentFields(below, named);
  }
  if (!key.startsWith('v:') || !isArray(value)) return below;
  return value.some((item) => deepEqual(item, parsed(key.slice(2)))) ? below : undefined;
}

function parsed(text: string): JsonValue | undefined {
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    return undefined;
  }
}
