import { member, stringMember } from '../json.ts';
import type { JsonArray, JsonObject, Result } from '../types.ts';
import type { PatchOperation } from './jsonPatch.ts';
import { patchObject } from './objectPatch.ts';

const compiled = new WeakMap<JsonArray, readonly PatchOperation[]>();

/** Applies the whole `plaintext` list of a rule as one patch, all or nothing. */
export function applyPlaintext(object: JsonObject, items: JsonArray): Result<JsonObject> {
  return patchObject(object, plaintextOperations(items));
}

/**
 * The patch that a `plaintext` list stands for (`parseJSONPatchesByPlaintext` of
 * `pkg/util/overridemanager/overridemanager.go`). A value that is absent is null.
 */
export function plaintextOperations(items: JsonArray): readonly PatchOperation[] {
  const known = compiled.get(items);
  if (known) return known;
  const operations = items.map((item) => ({
    op: stringMember(item, 'operator'),
    path: stringMember(item, 'path'),
    value: member(item, 'value') ?? null,
  }));
  compiled.set(items, operations);
  return operations;
}
