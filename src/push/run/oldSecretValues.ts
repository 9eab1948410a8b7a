import { isSecret } from '../../analysis/index.ts';
import { isObject, member } from '../../engine/index.ts';
import type { JsonObject, JsonValue } from '../../engine/index.ts';

/**
 * The values of Secrets that a push has replaced. No review or journal has any, so that a Work with an old one would look
 * as expected; they are remembered as long as the push runs in this window, and nowhere else.
 */
export interface OldSecretValues {
  note(template: string, before: JsonObject | undefined, after: JsonObject | undefined): void;
  /** Whether a Work still sends a value that has been replaced. */
  isIn(template: string, manifest: JsonObject): boolean;
}

export function createOldSecretValues(): OldSecretValues {
  const replaced = new Map<string, ReadonlyMap<string, JsonValue>>();
  return {
    note(template, before, after) {
      if (!before || !after || !isSecret(after)) return;
      const [old, data] = [member(before, 'data'), member(after, 'data')];
      const values = Object.entries(isObject(old) ? old : {}).filter(
        ([key, value]) => value !== null && member(data, key) !== value,
      );
      replaced.set(template, new Map(values));
    },
    isIn(template, manifest) {
      const data = member(manifest, 'data');
      return [...(replaced.get(template) ?? [])].some(
        ([key, value]) => member(data, key) === value,
      );
    },
  };
}
