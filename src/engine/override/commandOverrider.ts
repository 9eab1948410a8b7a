import { arrayMember, isArray, isObject, member, stringMember } from '../json.ts';
import type { JsonObject, JsonValue, Result } from '../types.ts';
import { goPrintString, goType } from './goPrint.ts';
import type { PatchOperation } from './jsonPatch.ts';
import { nestedSlice } from './nestedField.ts';
import { patchObject } from './objectPatch.ts';
import { podTemplatePath } from './podTemplate.ts';

/**
 * Applies one `commandOverrider` or `argsOverrider` entry (`pkg/util/overridemanager/commandargsoverride.go`) to every
 * container of that name. A container without the field gets it, even when there is nothing to put in.
 */
export function applyCommandOverrider(
  object: JsonObject,
  item: JsonValue,
  field: 'command' | 'args',
): Result<JsonObject> {
  const operations = buildOperations(object, item, field);
  return 'error' in operations ? operations : patchObject(object, operations.value);
}

function buildOperations(
  object: JsonObject,
  item: JsonValue,
  field: 'command' | 'args',
): Result<PatchOperation[]> {
  const podSpec = podTemplatePath(stringMember(object, 'kind'));
  if (!podSpec) return { value: [] };
  const path = [...podSpec, 'containers'];
  const containers = nestedSlice(object, path);
  if ('error' in containers) {
    return {
      error: `failed to retrieves path(${path.join('/')}) from rawObj, error: ${containers.error}`,
    };
  }
  const name = stringMember(item, 'containerName');
  const operations: PatchOperation[] = [];
  for (const [index, container] of (containers.value ?? []).entries()) {
    if (!isObject(container)) return { error: crash(container, 'map[string]interface {}') };
    if ((member(container, 'name') ?? null) !== name) continue;
    const current = member(container, field) ?? null;
    if (current !== null && !isArray(current)) return { error: crash(current, '[]interface {}') };
    operations.push({
      op: current === null ? 'add' : 'replace',
      path: `/${path.join('/')}/${index}/${field}`,
      value: overrideWords((current ?? []).map(goPrintString), item),
    });
  }
  return { value: operations };
}

function overrideWords(words: readonly string[], item: JsonValue): readonly string[] {
  const given = arrayMember(item, 'value').filter((word) => typeof word === 'string');
  switch (stringMember(item, 'operator')) {
    case 'add':
      return [...words, ...given];
    case 'remove':
      return words.filter((word) => !given.includes(word));
    default:
      return words;
  }
}

/** Karmada itself crashes on such a value. */
function crash(found: JsonValue, expected: string): string {
  return `panic: interface conversion: interface {} is ${found === null ? 'nil' : goType(found)}, not ${expected}`;
}
