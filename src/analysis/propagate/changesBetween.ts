import { deepEqual, isArray, isObject, member } from '../../engine/index.ts';
import type { JsonArray, JsonValue } from '../../engine/index.ts';
import type { SourcePath } from '../../yaml/index.ts';
import type { Change } from '../fixes/changes.ts';

/** The steps that make one value of another and leave alone whatever is in both. Each holds after those before it. */
export function changesBetween(
  path: SourcePath,
  before: JsonValue | undefined,
  after: JsonValue,
): readonly Change[] {
  if (before !== undefined && deepEqual(before, after)) return [];
  if (isObject(before) && isObject(after) && Object.keys(before).length > 0) {
    const kept = Object.keys(after).flatMap((key) =>
      changesBetween([...path, key], member(before, key), after[key] ?? null),
    );
    const gone = Object.keys(before).filter((key) => !Object.hasOwn(after, key));
    return [...kept, ...gone.map((key) => ({ type: 'remove', path: [...path, key] }) as const)];
  }
  if (isArray(before) && isArray(after) && before.length > 0 && after.length > 0) {
    return changedList(path, before, after);
  }
  return [{ type: 'set', path, value: after }];
}

function changedList(path: SourcePath, before: JsonArray, after: JsonArray): readonly Change[] {
  if (before.length === after.length && after.every(isObject)) {
    return after.flatMap((value, i) => changesBetween([...path, i], before[i], value));
  }
  const isIn = (list: JsonArray, value: JsonValue): boolean =>
    list.some((other) => deepEqual(other, value));
  const stays = before.filter((value) => isIn(after, value));
  const added = after.filter((value) => !isIn(before, value));
  if (!deepEqual([...stays, ...added], after)) return [{ type: 'set', path, value: after }];
  // What is added comes first, so that the list never runs empty and loses its comments.
  const inserts = added.map(
    (value, i) => ({ type: 'insert', path: [...path, before.length + i], value }) as const,
  );
  const removals = before
    .flatMap((value, i) => (isIn(after, value) ? [] : [i]))
    .reverse()
    .map((i) => ({ type: 'remove', path: [...path, i] }) as const);
  return [...inserts, ...removals];
}
