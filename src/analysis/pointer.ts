import { isArray, isObject, member } from '../engine/index.ts';
import type { JsonValue } from '../engine/index.ts';

/** A step as it stands in a JSON pointer (RFC 6901). */
export function escapeStep(step: string): string {
  return step.replaceAll('~', '~0').replaceAll('/', '~1');
}

/** The steps of a JSON pointer; one without its first slash is read as if it had it. */
export function pointerSteps(pointer: string): readonly string[] {
  if (pointer === '') return [];
  const body = pointer.startsWith('/') ? pointer.slice(1) : pointer;
  return body.split('/').map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
}

/** The value that the steps lead to, `undefined` when there is none. */
export function valueBelow(root: JsonValue, steps: readonly string[]): JsonValue | undefined {
  let at: JsonValue | undefined = root;
  for (const step of steps) {
    if (isArray(at)) at = /^(?:0|[1-9]\d{0,8})$/.test(step) ? at[Number(step)] : undefined;
    else at = isObject(at) ? member(at, step) : undefined;
  }
  return at;
}
