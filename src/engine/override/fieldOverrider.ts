import { readGoYaml } from '../../yaml/goYaml.ts';
import { arrayMember, member, stringMember } from '../json.ts';
import type { JsonArray, JsonObject, JsonValue, Result } from '../types.ts';
import { printGoYaml } from './goYamlPrinter.ts';
import { applyJsonPatch, type PatchOperation } from './jsonPatch.ts';
import { parsePointer, valueAtPointer, withValueAt } from './jsonPointer.ts';
import { patchJsonText } from './jsonText.ts';

/**
 * Applies one `fieldOverrider` entry (`applyFieldOverriders` of `pkg/util/overridemanager/overridemanager.go`): patches
 * the JSON or YAML document inside a string field. With neither list the field becomes empty.
 */
export function applyFieldOverrider(object: JsonObject, item: JsonValue): Result<JsonObject> {
  const fieldPath = stringMember(item, 'fieldPath');
  const steps = parsePointer(fieldPath);
  if ('error' in steps) return steps;
  const found = valueAtPointer(object, steps.value);
  if ('error' in found) return found;
  if (typeof found.value !== 'string') {
    return { error: `Get object's value by overrider's path(${fieldPath}) is not string` };
  }
  const patched = patchDocument(found.value, item);
  if ('error' in patched) return patched;
  if (patched.value === found.value) return { value: object };
  return { value: withValueAt(object, steps.value, patched.value) };
}

function patchDocument(text: string, item: JsonValue): Result<string> {
  const yaml = arrayMember(item, 'yaml');
  if (yaml.length) return patchYamlText(text, fieldOperations(yaml));
  const json = arrayMember(item, 'json');
  return json.length ? patchJsonText(text, fieldOperations(json)) : { value: '' };
}

/** Patches a YAML document: read by the rules of YAML 1.1, patched as JSON, printed anew. */
function patchYamlText(text: string, operations: readonly PatchOperation[]): Result<string> {
  const document = readGoYaml(text);
  if ('error' in document) return document;
  const patched = applyJsonPatch(document.value, operations);
  return 'error' in patched ? patched : printGoYaml(patched.value);
}

function fieldOperations(items: JsonArray): PatchOperation[] {
  return items.map((item) => ({
    op: stringMember(item, 'operator'),
    path: stringMember(item, 'subPath'),
    value: member(item, 'value') ?? null,
  }));
}
