import jsonPatch from 'fast-json-patch';
import { isArray, isObject, setOwn } from '../engine/index.ts';
import type { JsonArray, JsonObject, JsonValue } from '../engine/index.ts';
import { escapeStep, pointerSteps, valueBelow } from './pointer.ts';

/** A place where two values differ; `before` or `after` is absent where nothing is there. */
export interface Difference {
  readonly path: readonly string[];
  readonly before?: JsonValue;
  readonly after?: JsonValue;
  /** The operations of JSON patch that make it, in their order. */
  readonly operations: readonly Operation[];
}

interface Operation {
  readonly op: string;
  readonly path: readonly string[];
}

/**
 * The places where two objects differ, as deep as can be named, none within another one. A list for which `isWhole` says so
 * is one place.
 */
export function differences(
  before: JsonObject,
  after: JsonObject,
  isWhole: (before: JsonArray, after: JsonArray) => boolean,
): readonly Difference[] {
  const found = new Map<string, Difference & { operations: Operation[] }>();
  const operations = jsonPatch.compare(comparableObject(before), comparableObject(after));
  for (const { op, path: pointer } of operations) {
    const steps = pointerSteps(pointer);
    const path = steps.slice(0, lengthOfPlace(before, after, steps, isWhole));
    const key = path.map(escapeStep).join('/');
    const [old, next] = [valueBelow(before, path), valueBelow(after, path)];
    const place = found.get(key) ?? {
      path,
      ...(old !== undefined && { before: old }),
      ...(next !== undefined && { after: next }),
      operations: [],
    };
    place.operations.push({ op, path: steps });
    found.set(key, place);
  }
  // What is there already is compared from its end.
  const all = [...found.values()];
  const isNew = (place: Difference): boolean => place.before === undefined;
  return [...all.filter((place) => !isNew(place)).reverse(), ...all.filter(isNew)];
}

function lengthOfPlace(
  before: JsonValue,
  after: JsonValue,
  steps: readonly string[],
  isWhole: (before: JsonArray, after: JsonArray) => boolean,
): number {
  let [old, next]: (JsonValue | undefined)[] = [before, after];
  for (const [index, step] of steps.entries()) {
    if (isArray(old) && isArray(next) && isWhole(old, next)) return index;
    old = old && valueBelow(old, [step]);
    next = next && valueBelow(next, [step]);
  }
  return steps.length;
}

const mark = '\0';

/** The value as `compare` understands it: integers beyond a number's reach as marked texts, whichever type they have. */
function comparable(value: JsonValue): JsonValue {
  if (isArray(value)) return value.map(comparable);
  if (isObject(value)) return comparableObject(value);
  if (typeof value === 'string') return value.startsWith(mark) ? mark + value : value;
  if (typeof value !== 'number' && typeof value !== 'bigint') return value;
  const number = Number(value);
  return Number.isInteger(number) && !Number.isSafeInteger(number) ? mark + BigInt(value) : number;
}

function comparableObject(object: JsonObject): JsonObject {
  const copy: Record<string, JsonValue> = {};
  for (const [key, child] of Object.entries(object)) setOwn(copy, key, comparable(child));
  return copy;
}
