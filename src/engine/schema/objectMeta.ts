import { arrayMember, isArray, isObject, member, stringMember } from '../json.ts';
import { goQuote } from '../override/goNumber.ts';
import { labelKeyErrors, labelValueErrors, utf8Length } from '../selection/labelSyntax.ts';
import type { JsonValue } from '../types.ts';
import { isDateTime } from './dateTime.ts';
import { objectMetaSchema } from './objectMetaSchema.ts';
import {
  fieldText,
  invalidValue,
  isInt64,
  missingField,
  tooLong,
  typeOf,
  type SchemaProblem,
} from './schemaProblem.ts';
import type { Schema } from './types.ts';

/**
 * Why `metadata` cannot be decoded, in the words of Go's JSON decoder, or `undefined`. Nulls are fine everywhere.
 * Follows `GetObjectMetaWithOptions` in `k8s.io/apiextensions-apiserver/pkg/apiserver/schema/objectmeta`.
 */
export function undecodableMetadata(metadata: JsonValue): SchemaProblem | undefined {
  return firstMismatch(metadata, objectMetaSchema, ['metadata']);
}

function firstMismatch(
  value: JsonValue,
  schema: Schema,
  path: readonly (string | number)[],
): SchemaProblem | undefined {
  if (value === null) return undefined;
  if (!fits(value, schema)) return mismatch(value, schema, path);
  if (isArray(value)) {
    const { items } = schema;
    if (items === undefined) return undefined;
    return first(value.entries(), ([i, item]) => firstMismatch(item, items, [...path, i]));
  }
  if (!isObject(value)) return undefined;
  const { properties = {}, additionalProperties } = schema;
  return first(Object.entries(value), ([key, item]) => {
    const known = Object.hasOwn(properties, key) ? properties[key] : additionalProperties;
    return known && firstMismatch(item, known, [...path, key]);
  });
}

function first<T>(
  items: Iterable<T>,
  find: (item: T) => SchemaProblem | undefined,
): SchemaProblem | undefined {
  for (const item of items) {
    const found = find(item);
    if (found !== undefined) return found;
  }
  return undefined;
}

function fits(value: JsonValue, schema: Schema): boolean {
  if (schema.type === 'integer') return isInt64(value);
  if (typeOf(value) !== schema.type) return false;
  return schema.format !== 'date-time' || (typeof value === 'string' && isDateTime(value));
}

function mismatch(
  value: JsonValue,
  schema: Schema,
  path: readonly (string | number)[],
): SchemaProblem {
  const found = typeOf(value).replace('integer', 'number').replace('boolean', 'bool');
  const last = path.findLast((step) => typeof step === 'string') ?? '';
  const at = path.length > 1 ? `struct field ObjectMeta.${last}` : 'value';
  return {
    code: 'wrong-type',
    path,
    reason: 'FieldValueTypeInvalid',
    field: fieldText(path),
    message: `json: cannot unmarshal ${found} into Go ${at} of type ${goTypeOf(schema)}`,
    expected: schema.type === undefined ? [] : [schema.type],
  };
}

function goTypeOf(schema: Schema): string {
  if (schema === objectMetaSchema) return 'v1.ObjectMeta';
  if (schema.format === 'date-time') return 'v1.Time';
  if (schema.type === 'integer') return 'int64';
  if (schema.type === 'boolean') return 'bool';
  if (schema.additionalProperties !== undefined) return 'map[string]string';
  if (schema.type === 'array') return schema.items?.type === 'string' ? '[]string' : '[]v1.Struct';
  return schema.type === 'object' ? 'v1.Struct' : 'string';
}

const annotationBytes = 262144;

/**
 * What the API server finds wrong in the metadata of an object being created: name, namespace, labels, annotations,
 * owners and finalizers. Metadata that cannot be decoded is for `undecodableMetadata`. Follows
 * `k8s.io/apimachinery/pkg/api/validation/objectmeta.go`.
 */
export function checkMetadata(
  metadata: JsonValue | undefined,
  namespaced: boolean,
): SchemaProblem[] {
  const problems: SchemaProblem[] = [];
  const text = (key: string): string => stringMember(metadata, key);
  const name = text('name');
  const generateName = text('generateName');
  const add = (key: string, value: string, details: readonly string[]): void => {
    for (const detail of details) {
      problems.push(invalidValue(['metadata', key], goQuote(value), detail));
    }
  };
  if (generateName !== '') add('generateName', generateName, prefixErrors(generateName));
  if (name !== '') add('name', name, subdomainErrors(name));
  else if (generateName === '') {
    problems.push(missingField(['metadata', 'name'], 'name or generateName is required'));
  }
  const namespace = text('namespace');
  if (namespaced && namespace !== '') add('namespace', namespace, labelErrors(namespace));
  for (const [key, value] of stringEntries(member(metadata, 'labels'))) {
    add('labels', key, labelKeyErrors(key));
    add('labels', value, labelValueErrors(value));
  }
  problems.push(...checkAnnotations(member(metadata, 'annotations')));
  arrayMember(metadata, 'ownerReferences').forEach((owner, i) => {
    problems.push(...checkOwner(owner, i));
  });
  for (const finalizer of arrayMember(metadata, 'finalizers')) {
    if (typeof finalizer === 'string') add('finalizers', finalizer, labelKeyErrors(finalizer));
  }
  return problems;
}

function stringEntries(value: JsonValue | undefined): [string, string][] {
  if (!isObject(value)) return [];
  return Object.entries(value).map(([key, item]) => [key, typeof item === 'string' ? item : '']);
}

function checkAnnotations(annotations: JsonValue | undefined): SchemaProblem[] {
  const problems: SchemaProblem[] = [];
  let bytes = 0;
  for (const [key, value] of stringEntries(annotations)) {
    bytes += utf8Length(key) + utf8Length(value);
    for (const detail of labelKeyErrors(key.toLowerCase())) {
      problems.push(invalidValue(['metadata', 'annotations'], goQuote(key), detail));
    }
  }
  if (bytes > annotationBytes) problems.push(tooLong(['metadata', 'annotations'], annotationBytes));
  return problems;
}

function checkOwner(owner: JsonValue, index: number): SchemaProblem[] {
  const problems: SchemaProblem[] = [];
  // The API server names the list, not the item.
  const require = (key: string, detail: string): void => {
    if (stringMember(owner, key) !== '') return;
    problems.push({
      ...invalidValue(['metadata', 'ownerReferences', index, key], '""', detail),
      field: `metadata.ownerReferences.${key}`,
    });
  };
  require('apiVersion', 'version must not be empty');
  for (const key of ['kind', 'name', 'uid']) require(key, 'must not be empty');
  return problems;
}

const label = '[a-z0-9]([-a-z0-9]*[a-z0-9])?';
const labelPattern = new RegExp(`^${label}$`);
const subdomainPattern = new RegExp(`^${label}(\\.${label})*$`);

/** What is wrong with a name that must be a DNS subdomain (`IsDNS1123Subdomain`); empty when nothing is. */
export function subdomainErrors(name: string): string[] {
  const errors: string[] = [];
  if (utf8Length(name) > 253) errors.push('must be no more than 253 characters');
  if (!subdomainPattern.test(name)) {
    errors.push(
      "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start " +
        "and end with an alphanumeric character (e.g. 'example.com', regex used for validation is " +
        `'${label}(\\.${label})*')`,
    );
  }
  return errors;
}

/** The same for the beginning of a name, which may end in a dash. */
function prefixErrors(prefix: string): string[] {
  const isDashed = prefix.length > 1 && prefix.endsWith('-');
  return subdomainErrors(isDashed ? `${prefix.slice(0, -2)}a` : prefix);
}

/** What is wrong with a name that must be a DNS label (`IsDNS1123Label`), such as a namespace. */
export function labelErrors(name: string): string[] {
  const errors: string[] = [];
  if (utf8Length(name) > 63) errors.push('must be no more than 63 characters');
  if (labelPattern.test(name)) return errors;
  errors.push(
    subdomainPattern.test(name)
      ? 'must not contain dots'
      : "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end " +
          "with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is " +
          `'${label}')`,
  );
  return errors;
}
