import { isArray, isObject, member } from '../../../engine/index.ts';
import type { JsonObject, JsonValue } from '../../../engine/index.ts';
import type { SourcePath } from '../../../yaml/index.ts';

/** The field by which people know an entry of each list. */
const namingFields: { readonly [overrider: string]: readonly string[] } = {
  plaintext: ['path'],
  fieldOverrider: ['fieldPath'],
  imageOverrider: ['predicate', 'path'],
  commandOverrider: ['containerName'],
  argsOverrider: ['containerName'],
};

/** Where a finding about an override entry stands: its path, or its first key when it has none. */
export function entryPlace(
  policy: JsonObject,
  entry: SourcePath,
): { readonly path: SourcePath; readonly on: 'key' | 'value' } {
  const written = valueAt(policy, entry);
  const naming = namingFields[String(entry.at(-2))];
  if (naming && isScalar(valueAt(written, naming))) {
    return { path: [...entry, ...naming], on: 'value' };
  }
  const [first] = isObject(written) ? Object.keys(written) : [];
  return { path: first === undefined ? entry : [...entry, first], on: 'key' };
}

function isScalar(value: JsonValue | undefined): boolean {
  return value !== undefined && value !== null && typeof value !== 'object';
}

function valueAt(root: JsonValue | undefined, path: SourcePath): JsonValue | undefined {
  let at = root;
  for (const step of path) {
    if (isArray(at)) at = typeof step === 'number' ? at[step] : undefined;
    else at = isObject(at) ? member(at, String(step)) : undefined;
  }
  return at;
}
