import { isArray, isObject, member, memberAt, stringMember } from '../json.ts';
import type { JsonArray, JsonObject, JsonValue, Result } from '../types.ts';
import { editImage, parseImage, printImage, type ImageComponent } from './imageReference.ts';
import type { PatchOperation } from './jsonPatch.ts';
import { patchObject } from './objectPatch.ts';
import { podTemplatePath } from './podTemplate.ts';
import { typedConversionError } from './typedConversion.ts';

const components: readonly string[] = ['Registry', 'Repository', 'Tag'] satisfies ImageComponent[];

/**
 * Applies one `imageOverrider` entry (`pkg/util/overridemanager/imageoverride.go`). Without a predicate it edits the
 * image of every container of the workload kinds, told by kind alone, and leaves other kinds as they are.
 */
export function applyImageOverrider(object: JsonObject, item: JsonValue): Result<JsonObject> {
  const predicate = member(item, 'predicate') ?? null;
  const operations =
    predicate === null
      ? containerOperations(object, item)
      : predicateOperations(object, item, stringMember(predicate, 'path'));
  return 'error' in operations ? operations : patchObject(object, operations.value);
}

function containerOperations(object: JsonObject, item: JsonValue): Result<PatchOperation[]> {
  const kind = stringMember(object, 'kind');
  const path = podTemplatePath(kind);
  if (!path) return { value: [] };
  const mismatch = typedConversionError(object, kind);
  if (mismatch !== undefined) {
    return { error: `failed to convert ${kind} from unstructured object: ${mismatch}` };
  }
  const found = memberAt(object, ...path, 'containers');
  const operations: PatchOperation[] = [];
  for (const [index, container] of (isArray(found) ? found : []).entries()) {
    const image = overrideImage(stringMember(container, 'image'), item);
    if ('error' in image) return image;
    operations.push({
      op: 'replace',
      path: `/${path.join('/')}/containers/${index}/image`,
      value: image.value,
    });
  }
  return { value: operations };
}

function predicateOperations(
  object: JsonObject,
  item: JsonValue,
  path: string,
): Result<PatchOperation[]> {
  const current = imageAt(object, path);
  if ('error' in current) {
    if (current.error.startsWith('panic: ')) return current;
    return {
      error: `failed to obtain imageValue with predicate path(${path}), error: ${current.error}`,
    };
  }
  if (!path.startsWith('/')) return { error: 'imagePath should be start with / character' };
  const image = overrideImage(current.value, item);
  if ('error' in image) return image;
  return { value: [{ op: 'replace', path, value: image.value }] };
}

/** Reads the image that a predicate points to. Unlike the patch that follows, this does not decode `~1` and `~0`. */
function imageAt(object: JsonObject, path: string): Result<string> {
  const segments = path.replace(/^\/+/, '').replace(/\/+$/, '').split('/');
  const last = segments[segments.length - 1] ?? '';
  let at = object;
  for (let i = 0; i < segments.length - 1; i++) {
    const segment = segments[i] ?? '';
    const next = member(at, segment);
    if (isObject(next)) at = next;
    else if (isArray(next)) {
      i++;
      const element = elementAt(next, segments[i] ?? '');
      if ('error' in element) return element;
      at = element.value;
    } else {
      return {
        error: `path(${segment}) of rawObj's type is not map[string]interface{} and []interface{}`,
      };
    }
  }
  const image = member(at, last);
  return typeof image === 'string'
    ? { value: image }
    : { error: `failed to convert path(${last}) to string` };
}

/** An element that must be a mapping; Karmada itself crashes when it is absent or something else. */
function elementAt(list: JsonArray, segment: string): Result<JsonObject> {
  const index = /^[+-]?[0-9]+$/.test(segment) ? Number(segment) : Number.NaN;
  if (!(index >= -(2 ** 31) && index < 2 ** 31)) {
    return { error: `path(${segment}) of rawObj's is not number` };
  }
  if (index < 0 || index >= list.length) {
    return {
      error: `panic: runtime error: index out of range [${index}] with length ${list.length}`,
    };
  }
  const element = list[index];
  return isObject(element)
    ? { value: element }
    : {
        error: 'panic: interface conversion: interface {} is not map[string]interface {}',
      };
}

function overrideImage(current: string, item: JsonValue): Result<string> {
  const image = parseImage(current);
  if ('error' in image) {
    return { error: `failed to parse image value(${current}), error: ${image.error}` };
  }
  const component = stringMember(item, 'component');
  if (!isComponent(component)) return { error: `unsupported image component(${component})` };
  const operator = stringMember(item, 'operator');
  const value = stringMember(item, 'value');
  return { value: printImage(editImage(image.value, component, operator, value)) };
}

function isComponent(component: string): component is ImageComponent {
  return components.includes(component);
}
