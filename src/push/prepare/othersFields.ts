import type { JsonObject } from '../../engine/index.ts';
import type { Verdict } from '../types.ts';

export function othersFields(
  _source: JsonObject,
  _before: JsonObject | undefined,
  _after: JsonObject | undefined,
): readonly Verdict[] {
  return [];
}
