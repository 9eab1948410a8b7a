import { isSecret } from '../../analysis/index.ts';
import {
  isArray,
  isObject,
  member,
  memberAt,
  setOwn,
  withMember,
  withoutMember,
} from '../../engine/index.ts';
import type { JsonObject, JsonValue } from '../../engine/index.ts';

/**
 * The same data with every Secret anywhere in it left without its values: keys of `data` and `stringData` stay, with
 * null, and copies of the values in annotations and in managed fields' neighbours go. What has no Secret in it stays the
 * identical value.
 */
export function withoutSecretValues<T>(value: T): T {
  return strip(value as JsonValue, 0) as T;
}

/** Whether a value of a Secret is missing because it was left out. */
export function lacksSecretValues(object: JsonObject): boolean {
  return (
    isSecret(object) &&
    dataFields.some((field) => {
      const data = member(object, field);
      return isObject(data) && Object.values(data).includes(null);
    })
  );
}

/** A Secret with the values of another one, and with its copy of them. Other kinds are left as they are. */
export function withSecretValuesOf(object: JsonObject, holder: JsonObject): JsonObject {
  if (!isSecret(object)) return object;
  let result = object;
  for (const field of dataFields) {
    const data = member(holder, field);
    result = data === undefined ? withoutMember(result, field) : withMember(result, field, data);
  }
  const copy = memberAt(holder, 'metadata', 'annotations', lastApplied);
  const metadata = member(result, 'metadata');
  if (copy === undefined || !isObject(metadata)) return result;
  const annotations = member(metadata, 'annotations');
  return withMember(
    result,
    'metadata',
    withMember(
      metadata,
      'annotations',
      withMember(isObject(annotations) ? annotations : {}, lastApplied, copy),
    ),
  );
}

const dataFields = ['data', 'stringData'];
const lastApplied = 'kubectl.kubernetes.io/last-applied-configuration';
/** Deeper than any object that a server accepts lies in a review. */
const deepest = 400;

function strip(value: JsonValue, depth: number): JsonValue {
  if (depth > deepest) return null;
  if (isArray(value)) {
    const items = value.map((item) => strip(item, depth + 1));
    return items.some((item, index) => item !== value[index]) ? items : value;
  }
  if (!isObject(value)) return value;
  const secret = isSecret(value);
  let isChanged = false;
  const copy: Record<string, JsonValue> = {};
  for (const [key, child] of Object.entries(value)) {
    const kept =
      secret && dataFields.includes(key)
        ? emptied(child)
        : secret && key === 'metadata'
          ? withoutCopy(child)
          : strip(child, depth + 1);
    if (kept !== child) isChanged = true;
    setOwn(copy, key, kept);
  }
  return isChanged ? copy : value;
}

function emptied(data: JsonValue): JsonValue {
  if (!isObject(data)) return null;
  const copy: Record<string, JsonValue> = {};
  for (const key of Object.keys(data)) setOwn(copy, key, null);
  return copy;
}

/** kubectl writes the whole object into an annotation. */
function withoutCopy(metadata: JsonValue): JsonValue {
  const annotations = member(metadata, 'annotations');
  if (!isObject(metadata) || !isObject(annotations) || !Object.hasOwn(annotations, lastApplied)) {
    return metadata;
  }
  const { [lastApplied]: _, ...rest } = annotations;
  return { ...metadata, annotations: rest };
}
