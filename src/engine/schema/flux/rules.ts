import { member } from '../../json.ts';
import type { JsonValue } from '../../types.ts';

/** CEL's `has(self.name)`. A null counts as absent, as the API server drops it where it is not allowed. */
export function has(self: JsonValue | undefined, name: string): boolean {
  const value = member(self, name);
  return value !== undefined && value !== null;
}

/** CEL's `!has(self.name)`. */
export function hasNot(self: JsonValue | undefined, name: string): boolean {
  return !has(self, name);
}
