import { isArray, isObject, member, stringMember } from '../json.ts';
import type { JsonObject, JsonValue, Result } from '../types.ts';
import { goJson } from './goJson.ts';
import { applyJsonPatch, type PatchOperation } from './jsonPatch.ts';
import { patchJsonText } from './jsonText.ts';

/**
 * Patches a whole object as `applyJSONPatch` does (`pkg/util/overridemanager/overridemanager.go`): the patched text is
 * decoded as an unstructured object, which must have a kind. Even an empty patch checks that.
 */
export function patchObject(
  object: JsonObject,
  operations: readonly PatchOperation[],
): Result<JsonObject> {
  const patched: Result<JsonValue> = operations.length
    ? applyJsonPatch(object, operations)
    : { value: object };
  if ('error' in patched) return patched;
  const { value } = patched;
  if (isArray(value)) {
    return {
      error: 'json: cannot unmarshal array into Go value of type map[string]interface {}',
    };
  }
  if (isObject(value) && hasKind(value)) return { value };
  // Only the text form knows where new keys stand, and only this message shows it.
  const text = patchJsonText(goJson(object), operations);
  return 'error' in text ? text : { error: `Object 'Kind' is missing in '${text.value}'` };
}

/** An `apiVersion` that is no group and version hides the kind (apimachinery `Unstructured.GroupVersionKind`). */
function hasKind(object: JsonObject): boolean {
  const kind = member(object, 'kind');
  if (typeof kind !== 'string' || kind === '') return false;
  return stringMember(object, 'apiVersion').split('/').length <= 2;
}
