import { isObject, member, memberAt, setOwn, withMember, withoutMember } from '../engine/index.ts';
import type { JsonObject, JsonValue } from '../engine/index.ts';

const lastApplied = 'kubectl.kubernetes.io/last-applied-configuration';
const dataFields = ['data', 'stringData'];

/** Whether an object is a core Secret, whose values are never shown. */
export function isSecret(object: JsonObject): boolean {
  return member(object, 'kind') === 'Secret' && member(object, 'apiVersion') === 'v1';
}

/**
 * The object with every value of a Secret's `data` and `stringData` replaced, as `kubectl diff` does: `***`, or
 * `*** (before)` and `*** (after)` where the two sides differ. Keys stay. kubectl's last-applied annotation, which
 * holds the same values, is left out.
 *
 * @param other the other side of the comparison
 * @param side which side `object` is
 */
export function maskSecret(
  object: JsonObject,
  other: JsonObject | undefined,
  side: 'before' | 'after',
): JsonObject {
  let masked = object;
  for (const field of dataFields) {
    const data = member(object, field);
    if (data === undefined || data === null) continue;
    masked = withMember(masked, field, maskData(data, other && member(other, field), side));
  }
  const metadata = member(masked, 'metadata');
  const annotations = memberAt(masked, 'metadata', 'annotations');
  if (isObject(metadata) && isObject(annotations) && Object.hasOwn(annotations, lastApplied)) {
    const rest = withoutMember(annotations, lastApplied);
    masked = withMember(masked, 'metadata', withMember(metadata, 'annotations', rest));
  }
  return masked;
}

function maskData(
  data: JsonValue,
  other: JsonValue | undefined,
  side: 'before' | 'after',
): JsonValue {
  if (!isObject(data)) return '***';
  const out: Record<string, JsonValue> = {};
  for (const [key, value] of Object.entries(data)) {
    const twin = member(other, key);
    setOwn(out, key, twin === undefined || twin === value ? '***' : `*** (${side})`);
  }
  return out;
}

/**
 * An error text without what it may quote of the object: Karmada's messages can print a value or a whole document.
 */
export function maskErrorText(text: string): string {
  return text
    .replace(/is missing in '[^]*'$/, "is missing in '***'")
    .replace(/(image value\()[^]*(\), error)/, '$1***$2')
    .replace(/(parsing ")[^]*?(": invalid syntax)/g, '$1***$2');
}
