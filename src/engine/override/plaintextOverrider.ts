import { member, stringMember } from '../json.ts';
import type { JsonArray, JsonObject, Result } from '../types.ts';
import type { PatchOperation } from './jsonPatch.ts';
import { patchObject } from './objectPatch.ts';

const compiled = new WeakMap<JsonArray, readonly PatchOperation[]>();

/**
 * Applies the whole `plaintext` list of a rule as one patch, all or nothing
 * (`parseJSONPatchesByPlaintext` of `pkg/util/overridemanager/overridemanager.go`). A value that is absent is null.
 */
export function applyPlaintext(object: JsonObject, items: JsonArray): Result<JsonObject> {
  let operations = compiled.get(items);
  if (!operations) {
    operations = items.map((item) => ({
      op: stringMember(item, 'operator'),
      path: stringMember(item, 'path'),
      value: member(item, 'value') ?? null,
    }));
    compiled.set(items, operations);
  }
  return patchObject(object, operations);
}
