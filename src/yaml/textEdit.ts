import type { JsonArray, JsonObject, JsonValue } from '../engine/types.ts';

/** A replacement of a part of a text. Several of one list do not overlap and all speak of the text before them. */
export interface TextEdit {
  readonly start: number;
  readonly end: number;
  readonly newText: string;
}

/** The text after some edits. */
export function applyEdits(text: string, edits: readonly TextEdit[]): string {
  const parts: string[] = [];
  let at = 0;
  for (const edit of edits.toSorted((a, b) => a.start - b.start || a.end - b.end)) {
    parts.push(text.slice(at, edit.start), edit.newText);
    at = edit.end;
  }
  parts.push(text.slice(at));
  return parts.join('');
}

/** Whether two values are the same JSON, the order of keys aside. */
export function isSameValue(a: JsonValue, b: JsonValue): boolean {
  if (a === b) return true;
  if (isList(a)) {
    if (!isList(b) || a.length !== b.length) return false;
    return a.every((item, i) => isSameValue(item, b[i] ?? null));
  }
  if (isMap(a)) {
    if (!isMap(b)) return false;
    const keys = Object.keys(a);
    if (keys.length !== Object.keys(b).length) return false;
    return keys.every(
      (key) => Object.hasOwn(b, key) && isSameValue(a[key] ?? null, b[key] ?? null),
    );
  }
  const areNumbers = isNumber(a) && isNumber(b);
  // eslint-disable-next-line eqeqeq -- number and bigint compare by value only with ==
  return areNumbers && a == b;
}

function isNumber(value: JsonValue): value is number | bigint {
  return typeof value === 'number' || typeof value === 'bigint';
}

export function isList(value: JsonValue | undefined): value is JsonArray {
  return Array.isArray(value);
}

export function isMap(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !isList(value);
}

/** A copy of a value with one place changed by `change`, which gets what is there and the last step of the path. */
export function changedAt(
  value: JsonValue | undefined,
  path: readonly (string | number)[],
  change: (container: JsonValue | undefined, last: string | number) => JsonValue,
): JsonValue {
  const [first, ...rest] = path;
  if (first === undefined) return value ?? null;
  if (rest.length === 0) return change(value, first);
  const inner = changedAt(childOf(value, first), rest, change);
  return withChild(value, first, inner);
}

function childOf(value: JsonValue | undefined, step: string | number): JsonValue | undefined {
  if (isList(value)) return typeof step === 'number' ? value[step] : undefined;
  return isMap(value) && Object.hasOwn(value, step) ? value[String(step)] : undefined;
}

/** A copy of a mapping or list with one member set; a new mapping or list where there is none. */
export function withChild(
  value: JsonValue | undefined,
  step: string | number,
  child: JsonValue,
): JsonValue {
  if (typeof step === 'number' && !isMap(value)) {
    const items = isList(value) ? [...value] : [];
    items[step] = child;
    return items;
  }
  const members = isMap(value) ? Object.entries(value) : [];
  // fromEntries makes own properties of all keys, __proto__ included; a later entry wins in the place of the earlier.
  return Object.fromEntries([...members, [String(step), child]]);
}

export function withoutChild(value: JsonValue | undefined, step: string | number): JsonValue {
  if (isList(value)) return value.filter((_, index) => index !== step);
  if (!isMap(value)) return value ?? null;
  return Object.fromEntries(Object.entries(value).filter(([key]) => key !== String(step)));
}
