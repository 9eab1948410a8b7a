import { deepEqual, isArray } from '../../engine/index.ts';
import type { JsonArray, JsonObject, JsonValue } from '../../engine/index.ts';
import { differences } from '../differences.ts';
import type { Difference } from '../differences.ts';
import { escapeStep, valueBelow } from '../pointer.ts';

/** One entry of a plaintext overrider; `value` is absent for `remove`. */
export interface PlaintextEntry {
  readonly path: string;
  readonly operator: 'add' | 'replace' | 'remove';
  readonly value?: JsonValue;
}

type Path = readonly string[];

/**
 * The entries that turn one object into another by Karmada's JSON patch (`pkg/util/overridemanager/overridemanager.go`,
 * which applies them with evanphx/json-patch). A map is changed key by key, for a `replace` of it would take away what the
 * template gets later; of the ways to change a list the shortest is taken. `undefined` where no entries can do it.
 */
export function overrideDifference(
  before: JsonObject,
  after: JsonObject,
): readonly PlaintextEntry[] | undefined {
  const entries = new Map<string, readonly PlaintextEntry[]>();
  const wholes: string[] = [];
  for (const place of differences(before, after, () => true)) {
    const path = reachable(place.path, place.after === undefined);
    if (path.length === 0) return undefined;
    const isWhole = path.length < place.path.length;
    if (isWhole) wholes.push(`${pointerOf(path)}/`);
    const made = isWhole ? [entry('replace', path, valueBelow(after, path))] : entriesOf(place);
    entries.set(pointerOf(path), made);
  }
  return [...entries]
    .filter(([pointer]) => !wholes.some((whole) => pointer.startsWith(whole)))
    .flatMap(([, made]) => made);
}

/** The nearest place that the patch library reaches: nothing below an empty key, which it cannot remove either. */
function reachable(path: Path, isRemoved: boolean): Path {
  const empty = path.indexOf('');
  if (empty < 0) return path;
  return path.slice(0, empty === path.length - 1 && isRemoved ? empty : empty + 1);
}

function entriesOf({ path, before, after, operations }: Difference): readonly PlaintextEntry[] {
  if (after === undefined) return [entry('remove', path)];
  const whole = [entry(before === undefined ? 'add' : 'replace', path, after)];
  if (!isArray(before) || !isArray(after) || path.includes('')) return whole;
  const items = operations.map(({ op, path: to }) => {
    const below = valueBelow(after, to.slice(path.length));
    // Behind the last item, whatever its number is by then.
    const isLast = op === 'add' && isArray(valueBelow(after, to.slice(path.length, -1)));
    return entry(op, isLast ? [...to.slice(0, -1), '-'] : to, below);
  });
  const isReached = operations.every(({ path: to }) => !to.includes(''));
  const ways = [...(isReached ? [items] : []), ...spliced(path, before, after), whole];
  return ways.reduce((best, way) => (lengthOf(way) < lengthOf(best) ? way : best));
}

/** The way that only inserts some items in a row, or removes them, if that is all. */
function spliced(path: Path, before: JsonArray, after: JsonArray): readonly PlaintextEntry[][] {
  const [short, long] = before.length < after.length ? [before, after] : [after, before];
  const first = short.findIndex((item, index) => !deepEqual(item, long[index]));
  const start = first < 0 ? short.length : first;
  const end = start + long.length - short.length;
  if (!deepEqual(short.slice(start), long.slice(end))) return [];
  const places = long.slice(start, end).map((_, index) => [...path, String(start + index)]);
  return [
    long === after
      ? places.map((to, index) => entry('add', to, after[start + index]))
      : places.toReversed().map((to) => entry('remove', to)),
  ];
}

function entry(operation: string, path: Path, value?: JsonValue): PlaintextEntry {
  const at = pointerOf(path);
  if (operation === 'remove') return { path: at, operator: 'remove' };
  return { path: at, operator: operation === 'add' ? 'add' : 'replace', value: value ?? null };
}

function pointerOf(path: Path): string {
  return path.map((step) => `/${escapeStep(step)}`).join('');
}

/** About the letters that entries take in a file. */
function lengthOf(entries: readonly PlaintextEntry[]): number {
  const text = JSON.stringify(entries, (_, value: unknown) =>
    typeof value === 'bigint' ? String(value) : value,
  );
  return text.length;
}
