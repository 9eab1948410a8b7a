import { isBookkeeping, isSecret, withoutBookkeeping } from '../../analysis/index.ts';
import {
  deepEqual,
  isArray,
  isObject,
  member,
  withMember,
  withoutMember,
} from '../../engine/index.ts';
import type { JsonObject, JsonValue } from '../../engine/index.ts';

const lastApplied = 'kubectl.kubernetes.io/last-applied-configuration';

/**
 * Whether a Work's manifest is the one that was simulated. Left out on both sides: labels and annotations of karmada.io
 * domains, which differ by cluster, and kubectl's copy of the object. Numbers compare by value, keys in any order. A
 * value of a Secret that one side does not know (null) counts as the same.
 */
export function isSameManifest(work: JsonObject, simulated: JsonObject): boolean {
  if (work === simulated) return true;
  if (isSecret(work) || isSecret(simulated)) {
    return textOf(withKnown(work, simulated)) === textOf(withKnown(simulated, work));
  }
  return isSameContent(work, simulated);
}

/** Whether two manifests say the same, bookkeeping aside. */
export function isSameContent(a: JsonObject, b: JsonObject): boolean {
  if (a === b) return true;
  const keys = Object.keys(a);
  if (keys.length !== Object.keys(b).length) return false;
  for (const key of keys) {
    if (!Object.hasOwn(b, key)) return false;
    const isSame = key === 'metadata' ? isSameMetadata : deepEqual;
    if (!isSame(a[key], b[key])) return false;
  }
  return true;
}

const maps = ['labels', 'annotations'];

function isSameMetadata(a: JsonValue | undefined, b: JsonValue | undefined): boolean {
  if (!isObject(a) || !isObject(b)) return deepEqual(a, b);
  let left = 0;
  for (const key of Object.keys(b)) if (!maps.includes(key)) left++;
  for (const key of Object.keys(a)) {
    if (maps.includes(key)) continue;
    if (!Object.hasOwn(b, key) || !deepEqual(a[key], b[key])) return false;
    left--;
  }
  return left === 0 && maps.every((field) => isSameMap(member(a, field), member(b, field)));
}

function isSameMap(a: JsonValue | undefined, b: JsonValue | undefined): boolean {
  const [own, others] = [a ?? {}, b ?? {}];
  if (!isObject(own) || !isObject(others)) return deepEqual(own, others);
  let left = 0;
  for (const key of Object.keys(others)) if (isOwnKey(key)) left++;
  for (const key of Object.keys(own)) {
    if (!isOwnKey(key)) continue;
    if (!Object.hasOwn(others, key) || !deepEqual(own[key], others[key])) return false;
    left--;
  }
  return left === 0;
}

function isOwnKey(key: string): boolean {
  return key !== lastApplied && !isBookkeeping(key);
}

const texts = new WeakMap<JsonObject, string>();

/** A text that is the same for manifests that compare as the same. Worked out once an object. */
export function manifestText(manifest: JsonObject): string {
  let text = texts.get(manifest);
  if (text === undefined) texts.set(manifest, (text = textOf(manifest)));
  return text;
}

function textOf(manifest: JsonObject): string {
  return canonical(withoutLastApplied(withoutBookkeeping(manifest)));
}

function withoutLastApplied(object: JsonObject): JsonObject {
  const metadata = member(object, 'metadata');
  if (!isObject(metadata)) return object;
  let left = metadata;
  const annotations = member(left, 'annotations');
  if (isObject(annotations) && Object.hasOwn(annotations, lastApplied)) {
    left = withMember(left, 'annotations', withoutMember(annotations, lastApplied));
  }
  for (const field of ['labels', 'annotations']) {
    const map = member(left, field);
    if (isObject(map) && Object.keys(map).length === 0) left = withoutMember(left, field);
  }
  return left === metadata ? object : withMember(object, 'metadata', left);
}

/** JSON with sorted keys; an integer is written the same whether it is a number or a bigint. */
function canonical(value: JsonValue): string {
  if (typeof value === 'bigint') return String(value);
  if (isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (!isObject(value)) return JSON.stringify(value);
  const entries = Object.keys(value)
    .sort()
    .map((key) => `${JSON.stringify(key)}:${canonical(value[key] ?? null)}`);
  return `{${entries.join(',')}}`;
}

/** A Secret with nothing for those of its values that the other side does not know. */
function withKnown(secret: JsonObject, other: JsonObject): JsonObject {
  const [data, theirs] = [member(secret, 'data'), member(other, 'data')];
  if (!isObject(data) || !isObject(theirs)) return secret;
  const known = Object.entries(data).map(([key, value]): [string, JsonValue] => [
    key,
    Object.hasOwn(theirs, key) && theirs[key] === null ? null : value,
  ]);
  return withMember(secret, 'data', Object.fromEntries(known));
}
