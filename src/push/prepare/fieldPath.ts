import { isArray, isObject, member } from '../../engine/index.ts';
import type { JsonValue } from '../../engine/index.ts';

export type FieldPath = readonly (string | number)[];

/**
 * Where a field lies in an object, from the name that server-side apply gives it (`fieldpath.Path` of
 * structured-merge-diff): `.spec.values.a`, `[0]`, `[name="x"]` for the item with that key, `[="x"]` for an item of a
 * set. Names are not escaped there, so that `.metadata.labels.app.kubernetes.io/name` is read by what the object has:
 * the longest key that fits. `undefined` where the object has no such field.
 */
export function findField(object: JsonValue, field: string): FieldPath | undefined {
  if (field === '') return [];
  if (field.startsWith('[')) return findItem(object, field);
  if (!field.startsWith('.') || !isObject(object)) return undefined;
  const rest = field.slice(1);
  const keys = Object.keys(object)
    .filter((key) => rest.startsWith(key) && /^(?:$|[.[])/.test(rest.slice(key.length)))
    .sort((a, b) => b.length - a.length);
  for (const key of keys) {
    const below = findField(object[key] ?? null, rest.slice(key.length));
    if (below) return [key, ...below];
  }
  return undefined;
}

function findItem(list: JsonValue, field: string): FieldPath | undefined {
  if (!isArray(list)) return undefined;
  const inside = bracketed(field);
  if (inside === undefined) return undefined;
  const rest = field.slice(inside.length + 2);
  const index = /^\d+$/.test(inside) ? Number(inside) : list.findIndex(matcherOf(inside));
  const item = list[index];
  if (item === undefined) return undefined;
  const below = findField(item, rest);
  return below && [index, ...below];
}

/** What the brackets hold, quoted texts with brackets in them included. */
function bracketed(field: string): string | undefined {
  return /^\[((?:"(?:[^"\\]|\\.)*"|[^\]"])*)\]/.exec(field)?.[1];
}

function matcherOf(inside: string): (item: JsonValue) => boolean {
  if (inside.startsWith('=')) return (item) => isJson(item, inside.slice(1));
  const keys = [...inside.matchAll(/([^=,]+)=("(?:[^"\\]|\\.)*"|[^,]*),?/g)];
  return (item) =>
    keys.length > 0 && keys.every(([, key = '', text = '']) => isJson(member(item, key), text));
}

function isJson(value: JsonValue | undefined, text: string): boolean {
  return (
    value !== undefined && (typeof value === 'bigint' ? `${value}` : JSON.stringify(value)) === text
  );
}

/** The value at a path, `undefined` where there is none. */
export function valueAtPath(object: JsonValue | undefined, path: FieldPath): JsonValue | undefined {
  let at = object;
  for (const step of path) {
    at = typeof step === 'string' ? member(at, step) : isArray(at) ? at[step] : undefined;
  }
  return at;
}

/** Such as `spec.placement.clusterAffinity.clusterNames[0]`. */
export function fieldName(path: FieldPath): string {
  return path
    .map((step, i) => (typeof step === 'number' ? `[${step}]` : i === 0 ? step : `.${step}`))
    .join('');
}
