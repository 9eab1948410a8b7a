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

/**
 * Whether two manifests say the same, bookkeeping aside. Fastest with the one that has more of that in front; a push
 * compares a hundred thousand of them.
 */
export function isSameContent(a: JsonObject, b: JsonObject): boolean {
  if (a === b) return true;
  let left = Object.keys(b).length;
  for (const key in a) {
    left--;
    const [value, other] = [a[key], b[key]];
    if (value === other && value !== undefined) continue;
    const isSame = key === 'metadata' ? isSameMetadata : deepEqual;
    if (!Object.hasOwn(b, key) || !isSame(value, other)) return false;
  }
  return left === 0;
}

function isSameMetadata(a: JsonValue | undefined, b: JsonValue | undefined): boolean {
  if (!isObject(a) || !isObject(b)) return deepEqual(a, b);
  let left = 0;
  for (const key in b) if (!isMap(key)) left++;
  for (const key in a) {
    if (isMap(key)) continue;
    left--;
    if (!Object.hasOwn(b, key) || !deepEqual(a[key], b[key])) return false;
  }
  return (
    left === 0 &&
    isSameMap(member(a, 'labels'), member(b, 'labels')) &&
    isSameMap(member(a, 'annotations'), member(b, 'annotations'))
  );
}

/** Whether a field of the metadata holds bookkeeping, too. */
function isMap(field: string): boolean {
  return field === 'labels' || field === 'annotations';
}

const empty: JsonObject = {};

function isSameMap(a: JsonValue = empty, b: JsonValue = empty): boolean {
  if (!isObject(a) || !isObject(b)) return deepEqual(a, b);
  let left = Object.keys(b).length;
  for (const key in a) {
    const isIn = Object.hasOwn(b, key);
    if (isIn) left--;
    if ((!isIn || !deepEqual(a[key], b[key])) && isOwnKey(key)) return false;
  }
  return left === 0 || Object.keys(b).every((key) => Object.hasOwn(a, key) || !isOwnKey(key));
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

/** Whether two manifests have the same text. */
export function isSameText(a: JsonObject, b: JsonObject): boolean {
  return a === b || manifestText(a) === manifestText(b);
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
