import { arrayMember, deepEqual, isArray, isObject, member, setOwn } from '../../engine/index.ts';
import type { JsonObject, JsonValue } from '../../engine/index.ts';

/** `metadata` that an API server sets itself. */
const serverSet: ReadonlySet<string> = new Set([
  'uid',
  'resourceVersion',
  'generation',
  'creationTimestamp',
  'deletionTimestamp',
  'deletionGracePeriodSeconds',
  'selfLink',
  'managedFields',
]);

/** Keys below karmada.io that users write; all others are Karmada's notes (`pkg/util/constants.go`, `pkg/apis`). */
const usersKeys: ReadonlySet<string> = new Set([
  'namespace.karmada.io/skip-auto-propagation',
  'resourcetemplate.karmada.io/deletion-protected',
  'resourcetemplate.karmada.io/retain-replicas',
  'work.karmada.io/conflict-resolution',
]);

/** Whether a label, an annotation or a finalizer is one that Karmada's controllers write and remove. */
export function isBookkeeping(key: string): boolean {
  const domain = key.slice(0, Math.max(0, key.indexOf('/')));
  return (domain === 'karmada.io' || domain.endsWith('.karmada.io')) && !usersKeys.has(key);
}

/** What writers of an object say: without status, what the server sets in its metadata and Karmada's bookkeeping. */
export function contentOf(object: JsonObject): JsonObject {
  const content: Record<string, JsonValue> = {};
  for (const [key, value] of Object.entries(object)) {
    if (key === 'status') continue;
    setOwn(content, key, key === 'metadata' && isObject(value) ? metadataContent(value) : value);
  }
  return content;
}

function metadataContent(metadata: JsonObject): JsonObject {
  const content: Record<string, JsonValue> = {};
  for (const [key, value] of Object.entries(metadata)) {
    if (serverSet.has(key)) continue;
    const kept =
      key === 'labels' || key === 'annotations'
        ? withoutBookkeeping(value)
        : key === 'finalizers'
          ? arrayMember(metadata, key).filter(
              (item) => typeof item !== 'string' || !isBookkeeping(item),
            )
          : value;
    const isEmpty = isArray(kept)
      ? kept.length === 0
      : isObject(kept) && Object.keys(kept).length === 0;
    if (!isEmpty) setOwn(content, key, kept);
  }
  return content;
}

function withoutBookkeeping(value: JsonValue): JsonValue {
  if (!isObject(value)) return value;
  const kept: Record<string, JsonValue> = {};
  for (const [key, text] of Object.entries(value)) if (!isBookkeeping(key)) setOwn(kept, key, text);
  return kept;
}

/** Whether two objects say the same, whatever the server and Karmada noted on them. */
export function hasSameContent(a: JsonObject, b: JsonObject): boolean {
  return deepEqual(contentOf(a), contentOf(b));
}

/** Whether an object says all that was sent: every value of `sent` is in it. Lists are compared item by item. */
export function says(object: JsonValue | undefined, sent: JsonValue): boolean {
  if (isObject(sent)) {
    return (
      isObject(object) &&
      Object.entries(sent).every(
        ([key, value]) => value === null || says(member(object, key), value),
      )
    );
  }
  if (isArray(sent)) {
    return (
      isArray(object) &&
      object.length === sent.length &&
      sent.every((item, index) => says(object[index], item))
    );
  }
  return deepEqual(object, sent);
}
