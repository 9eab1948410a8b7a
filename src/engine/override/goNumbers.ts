import { isArray, isObject, setOwn } from '../json.ts';
import type { JsonValue } from '../types.ts';
import { fitsInt64 } from './goNumber.ts';

/**
 * A value as Karmada holds it after decoding: an integer beyond 64 bits is a float64 there, and no
 * zero has a sign. Shares everything that
 * has no such number, in most cases the whole value.
 */
export function fitGoNumbers(value: JsonValue): JsonValue {
  if (typeof value === 'bigint') return fitsInt64(value) ? value : Number(value);
  if (Object.is(value, -0)) return 0;
  if (isArray(value)) {
    let changed: JsonValue[] | undefined;
    for (let i = 0; i < value.length; i++) {
      const item = value[i] ?? null;
      const fitted = fitGoNumbers(item);
      if (!Object.is(fitted, item)) (changed ??= [...value])[i] = fitted;
    }
    return changed ?? value;
  }
  if (!isObject(value)) return value;
  let changed: Record<string, JsonValue> | undefined;
  for (const key of Object.keys(value)) {
    const item = value[key] ?? null;
    const fitted = fitGoNumbers(item);
    if (!Object.is(fitted, item)) setOwn((changed ??= { ...value }), key, fitted);
  }
  return changed ?? value;
}
