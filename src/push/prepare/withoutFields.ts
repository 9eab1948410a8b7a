import { isArray, isObject, setOwn } from '../../engine/index.ts';
import type { JsonObject, JsonValue } from '../../engine/index.ts';
import type { FieldPath } from './fieldPath.ts';

/**
 * An object without fields. What holds nothing any more by that goes as well: an empty mapping would be applied, and
 * owned, as one. `metadata` and the object itself stay, and so do items of lists, whose keys name them.
 */
export function withoutFields(object: JsonObject, paths: readonly FieldPath[]): JsonObject {
  // From the back, so that the indexes of items before are still right.
  const ordered = [...paths].sort(byLastFirst);
  return ordered.reduce<JsonObject>((rest, path) => {
    const left = without(rest, path, 0);
    return isObject(left) ? left : rest;
  }, object);
}

function byLastFirst(a: FieldPath, b: FieldPath): number {
  for (let i = 0; i < Math.min(a.length, b.length); i++) {
    const [x, y] = [a[i], b[i]];
    if (typeof x === 'number' && typeof y === 'number' && x !== y) return y - x;
    if (x !== y) return 0;
  }
  return b.length - a.length;
}

/** `undefined` where nothing is left. */
function without(value: JsonValue, path: FieldPath, depth: number): JsonValue | undefined {
  const step = path[depth];
  if (step === undefined) return undefined;
  if (typeof step === 'number') {
    const item = isArray(value) ? value[step] : undefined;
    if (!isArray(value) || item === undefined) return value;
    const left = without(item, path, depth + 1);
    return value.flatMap((one, i) => (i !== step ? [one] : left === undefined ? [] : [left]));
  }
  if (!isObject(value) || !Object.hasOwn(value, step)) return value;
  const left = without(value[step] ?? null, path, depth + 1);
  const copy: Record<string, JsonValue> = {};
  for (const [key, child] of Object.entries(value)) {
    const kept = key === step ? left : child;
    if (kept !== undefined) setOwn(copy, key, kept);
  }
  const isHeld =
    depth === 0 || typeof path[depth - 1] === 'number' || (depth === 1 && path[0] === 'metadata');
  return Object.keys(copy).length === 0 && !isHeld ? undefined : copy;
}
