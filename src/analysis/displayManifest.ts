import { isObject, member, pruneManifest, withMember, withoutMember } from '../engine/index.ts';
import type { JsonObject } from '../engine/index.ts';
import { printYaml } from '../yaml/index.ts';
import { isSecret, maskSecret } from './maskSecret.ts';

export interface DisplayOptions {
  /** The other side of the comparison, which decides how a Secret's values are masked. */
  readonly other?: JsonObject | undefined;
  readonly side: 'before' | 'after';
  /** Whether labels and annotations of karmada.io domains are shown. */
  readonly bookkeeping: boolean;
}

/**
 * An object as a preview shows it: what a member receives (no status, nothing that only the control plane knows), a
 * Secret's values masked, Karmada's bookkeeping left out unless asked for.
 */
export function displayedObject(object: JsonObject, options: DisplayOptions): JsonObject {
  const { other, side, bookkeeping } = options;
  const pruned = prunedOrSame(object);
  const masked =
    isSecret(object) || (other && isSecret(other))
      ? maskSecret(pruned, other && prunedOrSame(other), side)
      : pruned;
  return bookkeeping ? masked : withoutBookkeeping(masked);
}

const texts = {
  plain: new WeakMap<JsonObject, string>(),
  bookkeeping: new WeakMap<JsonObject, string>(),
};

/**
 * The YAML text of `displayedObject`, in the object's own key order. Printed once an object, except for a Secret, whose
 * text depends on the other side.
 */
export function displayedText(object: JsonObject, options: DisplayOptions): string {
  const { other, bookkeeping } = options;
  const known = texts[bookkeeping ? 'bookkeeping' : 'plain'];
  const isShared = !isSecret(object) && !(other && isSecret(other));
  const printed = isShared ? known.get(object) : undefined;
  if (printed !== undefined) return printed;
  const text = printYaml(displayedObject(object, options));
  if (isShared) known.set(object, text);
  return text;
}

/** Whether a label or annotation key belongs to Karmada. */
export function isBookkeeping(key: string): boolean {
  const slash = key.indexOf('/');
  return key.startsWith('karmada.io/') || (slash >= 0 && key.endsWith('.karmada.io', slash));
}

/** The object without Karmada's labels and annotations, and without the maps that are empty then. */
export function withoutBookkeeping(object: JsonObject): JsonObject {
  let metadata = member(object, 'metadata');
  if (!isObject(metadata)) return object;
  for (const field of ['labels', 'annotations']) {
    const map = member(metadata, field);
    if (!isObject(map)) continue;
    const kept = Object.entries(map).filter(([key]) => !isBookkeeping(key));
    if (kept.length === 0) metadata = withoutMember(metadata, field);
    else if (kept.length < Object.keys(map).length) {
      metadata = withMember(metadata, field, Object.fromEntries(kept));
    }
  }
  return metadata === member(object, 'metadata')
    ? object
    : withMember(object, 'metadata', metadata);
}

/** The object as a member receives it, without what Karmada adds. For comparing what overrides changed. */
export function memberSide(object: JsonObject): JsonObject {
  return withoutBookkeeping(prunedOrSame(object));
}

function prunedOrSame(object: JsonObject): JsonObject {
  const pruned = pruneManifest(object);
  return 'value' in pruned ? pruned.value : object;
}
