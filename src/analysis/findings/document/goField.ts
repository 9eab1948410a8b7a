import { isArray, isObject, member } from '../../../engine/index.ts';
import type { JsonValue } from '../../../engine/index.ts';
import type { SourcePath } from '../../../yaml/index.ts';

/**
 * The path that Go's JSON decoder means by `cannot unmarshal TYPE into Go struct field STRUCT.a.b.c of type T`: it tells
 * no indices, so the first value of that type there is taken. Empty when the text is another or nothing is found.
 */
export function pathOfGoField(object: JsonValue, text: string): SourcePath {
  const match = /cannot unmarshal (\w+)[^]*? into Go struct field \w+\.(\S+) of type/.exec(text);
  const [, type = '', field = ''] = match ?? [];
  return find(object, field.split('.'), type, []) ?? [];
}

function find(
  value: JsonValue | undefined,
  steps: readonly string[],
  type: string,
  path: SourcePath,
): SourcePath | undefined {
  const [step, ...rest] = steps;
  if (step === undefined && typeName(value) === type) return path;
  if (isArray(value)) {
    for (const [i, item] of value.entries()) {
      const found = find(item, steps, type, [...path, i]);
      if (found) return found;
    }
  }
  if (!isObject(value)) return undefined;
  if (step === undefined) {
    // The values of a mapping of texts go by the name of the mapping.
    const wrong = Object.keys(value).find((key) => typeName(value[key]) === type);
    return wrong === undefined ? undefined : [...path, wrong];
  }
  if (Object.hasOwn(value, step)) return find(member(value, step), rest, type, [...path, step]);
  // Embedded structs have a name in Go and none in JSON.
  return rest.length > 0 ? find(value, rest, type, path) : undefined;
}

function typeName(value: JsonValue | undefined): string {
  if (isArray(value)) return 'array';
  if (typeof value === 'bigint') return 'number';
  return typeof value === 'boolean' ? 'bool' : typeof value;
}
