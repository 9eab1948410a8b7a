import { isArray, isObject, member, setOwn } from '../json.ts';
import { goJson } from '../override/goJson.ts';
import type { JsonValue } from '../types.ts';
import type { GoField, GoStruct, GoType } from './goTypes.ts';

/**
 * What `encoding/json` writes for a decoded struct, as a value: fields in Go's order, empty `omitempty` members left
 * out, structs and `apiextensionsv1.JSON` always present.
 */
export function goValue(type: GoType, value: JsonValue | undefined): JsonValue {
  switch (type.type) {
    case 'pointer':
      return value === undefined ? null : goValue(type.of, value);
    case 'struct': {
      const encoded: Record<string, JsonValue> = {};
      for (const [field, item] of emitted(type, value)) {
        setOwn(encoded, field.name, goValue(field.of, item));
      }
      return encoded;
    }
    case 'list': {
      const { of } = type;
      return isArray(value) ? value.map((item) => goValue(of, item)) : null;
    }
    default:
      return value ?? empty[type.type];
  }
}

/** The same as text, in the compact form that errors show: keys of maps sorted, `<`, `>` and `&` escaped. */
export function goStructJson(type: GoType, value: JsonValue | undefined): string {
  switch (type.type) {
    case 'pointer':
      return value === undefined ? 'null' : goStructJson(type.of, value);
    case 'struct':
      return `{${emitted(type, value)
        .map(([field, item]) => `"${field.name}":${goStructJson(field.of, item)}`)
        .join(',')}}`;
    case 'list': {
      const { of } = type;
      return isArray(value) ? `[${value.map((item) => goStructJson(of, item)).join(',')}]` : 'null';
    }
    default:
      return goJson(value ?? empty[type.type]);
  }
}

const empty = { string: '', bool: false, int32: 0, int64: 0, json: null, map: null } as const;

function emitted(type: GoStruct, value: JsonValue | undefined): [GoField, JsonValue | undefined][] {
  const fields: [GoField, JsonValue | undefined][] = [];
  for (const field of type.fields) {
    const item = member(value, field.name);
    if (field.always === true || !isOmitted(field.of, item)) fields.push([field, item]);
  }
  return fields;
}

function isOmitted(type: GoType, value: JsonValue | undefined): boolean {
  switch (type.type) {
    case 'pointer':
      return value === undefined;
    case 'struct':
    case 'json':
      return false;
    case 'list':
      return !isArray(value) || value.length === 0;
    case 'map':
      return !isObject(value) || Object.keys(value).length === 0;
    default:
      // 0 and 0n, which `encoding/json` both leaves out, are falsy like the other zero values.
      return !value;
  }
}
