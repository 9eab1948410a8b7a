import { deepEqual, isArray, isObject } from '../../engine/index.ts';
import type { JsonArray, JsonObject, JsonValue } from '../../engine/index.ts';

/** One entry of a plaintext overrider; `value` is absent for `remove`. */
export interface PlaintextEntry {
  readonly path: string;
  readonly operator: 'add' | 'replace' | 'remove';
  readonly value?: JsonValue;
}

/** Deeper than any document that is read. */
const deepest = 500;

/**
 * The entries that turn one object into another by Karmada's JSON patch (`pkg/util/overridemanager/overridemanager.go`,
 * which applies them with evanphx/json-patch). A map is changed key by key, for a `replace` of it would take away what the
 * template gets later; of the ways to change a list the shortest is taken. `undefined` where no entries can do it.
 */
export function overrideDifference(
  before: JsonObject,
  after: JsonObject,
): readonly PlaintextEntry[] | undefined {
  return ofObjects(before, after, '', 0);
}

/** A key as a step of a JSON pointer. */
export function pointerStep(key: string): string {
  return `/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`;
}

function between(
  before: JsonValue,
  after: JsonValue,
  path: string,
  depth: number,
): readonly PlaintextEntry[] {
  if (deepEqual(before, after)) return [];
  const whole: PlaintextEntry = { path, operator: 'replace', value: after };
  // Nothing below an empty key can be reached.
  if (depth > deepest || path.endsWith('/')) return [whole];
  if (isObject(before) && isObject(after)) {
    return ofObjects(before, after, path, depth) ?? [whole];
  }
  if (isArray(before) && isArray(after)) {
    return shorter(ofLists(before, after, path, depth), [whole]);
  }
  return [whole];
}

/** `undefined` where the empty key would have to be removed, which the patch library cannot do. */
function ofObjects(
  before: JsonObject,
  after: JsonObject,
  path: string,
  depth: number,
): readonly PlaintextEntry[] | undefined {
  const entries: PlaintextEntry[] = [];
  for (const [key, value] of Object.entries(before)) {
    const at = path + pointerStep(key);
    if (Object.hasOwn(after, key)) {
      entries.push(...between(value, after[key] ?? null, at, depth + 1));
    } else if (key === '') return undefined;
    else entries.push({ path: at, operator: 'remove' });
  }
  for (const [key, value] of Object.entries(after)) {
    if (Object.hasOwn(before, key)) continue;
    entries.push({ path: path + pointerStep(key), operator: 'add', value });
  }
  return entries;
}

/** What both lists begin and end with stays; what is between is changed item by item, then removed or inserted. */
function ofLists(
  before: JsonArray,
  after: JsonArray,
  path: string,
  depth: number,
): readonly PlaintextEntry[] {
  const least = Math.min(before.length, after.length);
  let start = 0;
  while (start < least && deepEqual(before[start], after[start])) start += 1;
  let tail = 0;
  while (tail < least - start && deepEqual(before.at(-1 - tail), after.at(-1 - tail))) tail += 1;
  const entries: PlaintextEntry[] = [];
  const shared = least - tail;
  for (let i = start; i < shared; i++) {
    entries.push(...between(before[i] ?? null, after[i] ?? null, `${path}/${i}`, depth + 1));
  }
  for (let i = before.length - tail - 1; i >= shared; i--) {
    entries.push({ path: `${path}/${i}`, operator: 'remove' });
  }
  for (let i = shared; i < after.length - tail; i++) {
    // Behind the last item, whatever its number is by then.
    const step = tail === 0 ? '-' : String(i);
    entries.push({ path: `${path}/${step}`, operator: 'add', value: after[i] ?? null });
  }
  return entries;
}

function shorter(
  some: readonly PlaintextEntry[],
  others: readonly PlaintextEntry[],
): readonly PlaintextEntry[] {
  return lengthOf(some) <= lengthOf(others) ? some : others;
}

/** About the letters that entries take in a file. */
function lengthOf(entries: readonly PlaintextEntry[]): number {
  return entries.reduce(
    (sum, { path, value }) => sum + 30 + path.length + sizeOf(value ?? '', 0),
    0,
  );
}

function sizeOf(value: JsonValue, depth: number): number {
  if (depth > deepest) return 0;
  if (isArray(value))
    return value.reduce<number>((sum, item) => sum + 2 + sizeOf(item, depth + 1), 2);
  if (isObject(value)) {
    return Object.entries(value).reduce(
      (sum, [key, child]) => sum + key.length + 2 + sizeOf(child, depth + 1),
      2,
    );
  }
  return String(value).length;
}
