import { deepEqual, isArray, isObject, member } from '../engine/index.ts';
import type { JsonValue } from '../engine/index.ts';
import { readGoYaml } from '../yaml/index.ts';
import { briefValue } from './briefValue.ts';
import { escapeStep } from './pointer.ts';

/** One place inside a document that a string holds. */
export interface DocumentChange {
  /** JSON pointer inside the document. */
  readonly pointer: string;
  readonly before: JsonValue | undefined;
  readonly after: JsonValue | undefined;
}

const most = 50;

/** What differs between two documents in strings of several lines; `undefined` for other values. */
export function documentChanges(
  before: JsonValue | undefined,
  after: JsonValue | undefined,
): readonly DocumentChange[] | undefined {
  const [a, b] = [documentIn(before), documentIn(after)];
  if (a === undefined || b === undefined) return undefined;
  const changes: DocumentChange[] = [];
  collect(a, b, '', changes);
  return changes;
}

/** The same in a few words: `domainFilters/0: us.example.com, owner: fleet-us`. */
export function documentChangesText(changes: readonly DocumentChange[]): string {
  return changes
    .map(
      ({ pointer, after }) =>
        `${pointer.slice(1)}: ${after === undefined ? 'removed' : briefValue(after)}`,
    )
    .join(', ');
}

function documentIn(value: JsonValue | undefined): JsonValue | undefined {
  if (typeof value !== 'string' || !/[\r\n{[]/.test(value)) return undefined;
  const read = readGoYaml(value);
  return 'value' in read && isCollection(read.value) ? read.value : undefined;
}

function collect(a: JsonValue, b: JsonValue, pointer: string, changes: DocumentChange[]): void {
  if (changes.length >= most || deepEqual(a, b)) return;
  const isAlike = (isObject(a) && isObject(b)) || (isArray(a) && isArray(b));
  if (!isAlike) {
    changes.push({ pointer, before: a, after: b });
    return;
  }
  for (const key of new Set([...Object.keys(a), ...Object.keys(b)])) {
    const [x, y] = [childOf(a, key), childOf(b, key)];
    const inner = `${pointer}/${escapeStep(key)}`;
    if (x !== undefined && y !== undefined) collect(x, y, inner, changes);
    else changes.push({ pointer: inner, before: x, after: y });
  }
}

function childOf(value: JsonValue, key: string): JsonValue | undefined {
  return isArray(value) ? value[Number(key)] : member(value, key);
}

function isCollection(value: JsonValue): boolean {
  return typeof value === 'object' && value !== null;
}
