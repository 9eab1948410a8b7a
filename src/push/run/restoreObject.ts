import {
  arrayMember,
  isArray,
  isObject,
  member,
  memberAt,
  setOwn,
  stringMember,
  withMember,
} from '../../engine/index.ts';
import type { JsonObject, JsonValue } from '../../engine/index.ts';
import type { PushApi } from '../ports.ts';
import type { ObjectChange } from '../types.ts';
import { isKubeError } from '../../live/index.ts';
import { isDefinite } from './isDefinite.ts';
import { withPrecondition } from '../prepare/withPrecondition.ts';
import { contentOf, hasSameContent, isBookkeeping } from './objectContent.ts';
import { withOwners, withPresentOwners } from './presentOwners.ts';
import { hasSameOwners, holdManager, ownersOf } from './standing.ts';
import { withSecretValuesOf } from './withoutSecretValues.ts';

/**
 * Makes the server hold `change.after` again: its content over what the server and Karmada noted on the object, then
 * its fields' owners, which takes a second write, because the first one makes us the owner of all that it changes. The
 * values of a Secret, which no review has, stay.
 */
export async function restoreObject(
  api: PushApi,
  { reference, after }: ObjectChange,
  { now, isHeld }: { now: JsonObject | undefined; isHeld: boolean },
): Promise<{ readonly result?: JsonObject; readonly note?: string }> {
  if (after === undefined) return now ? { result: now } : {};
  const kept = now ? withSecretValuesOf(after, now) : after;
  const wanted = isHeld && now ? withHoldOf(now, kept) : kept;
  let held = now;
  if (held === undefined) {
    held = (await api.apply(reference, withPrecondition(contentOf(wanted), undefined), {})).object;
  } else if (!hasSameContent(held, wanted)) {
    held = await api.replace(reference, withContent(held, wanted));
  }
  // Karmada may have taken its notes off since the review was made.
  const owned = withPresentOwners(held, wanted);
  if (ownersOf(owned).length === 0 || hasSameOwners(held, owned)) return { result: held };
  try {
    return { result: await api.replace(reference, owned) };
  } catch (error) {
    // Who lost a race tries again; where the server refuses, the content is back and only its owners are others.
    if (!isDefinite(error) || (isKubeError(error) && error.reason === 'conflict')) throw error;
    return { result: held, note: 'Its fields stay ours: the server refuses to give them back.' };
  }
}

/** An object with another one's content; status, what the server set and Karmada's bookkeeping stay. */
export function withContent(object: JsonObject, wanted: JsonObject): JsonObject {
  const result: Record<string, JsonValue> = { ...contentOf(wanted) };
  const status = member(object, 'status');
  if (status !== undefined) setOwn(result, 'status', status);
  const metadata = member(object, 'metadata');
  setOwn(result, 'metadata', mergedMetadata(metadata, member(result, 'metadata')));
  return result;
}

function mergedMetadata(now: JsonValue | undefined, wanted: JsonValue | undefined): JsonObject {
  const merged: Record<string, JsonValue> = {};
  const content = isObject(now) ? member(contentOf({ metadata: now }), 'metadata') : undefined;
  for (const [key, value] of Object.entries(isObject(now) ? now : {})) {
    // What is content goes, but for the notes of Karmada that stand among it.
    const notes = notesIn(key, value);
    if (notes !== undefined) setOwn(merged, key, notes);
    else if (member(content, key) === undefined) setOwn(merged, key, value);
  }
  for (const [key, value] of Object.entries(isObject(wanted) ? wanted : {})) {
    const notes = member(merged, key);
    if (isArray(notes) && isArray(value)) setOwn(merged, key, [...value, ...notes]);
    else if (isObject(notes) && isObject(value)) setOwn(merged, key, { ...value, ...notes });
    else setOwn(merged, key, value);
  }
  return merged;
}

/** Karmada's labels, annotations and finalizers; `undefined` for other fields of `metadata`. */
function notesIn(key: string, value: JsonValue): JsonValue | undefined {
  if (key === 'finalizers')
    return arrayMember({ key: value }, 'key').filter(
      (item) => typeof item === 'string' && isBookkeeping(item),
    );
  if ((key !== 'labels' && key !== 'annotations') || !isObject(value)) return undefined;
  const notes: Record<string, JsonValue> = {};
  for (const [name, text] of Object.entries(value))
    if (isBookkeeping(name)) setOwn(notes, name, text);
  return notes;
}

/** What an earlier step holds stays held until a later one lets it go, also when a policy is put back between them. */
function withHoldOf(now: JsonObject, wanted: JsonObject): JsonObject {
  const spec = member(wanted, 'spec');
  const suspension = memberAt(now, 'spec', 'suspension');
  if (!isObject(spec) || suspension === undefined) return wanted;
  const held = withMember(wanted, 'spec', withMember(spec, 'suspension', suspension));
  const holds = ownersOf(now).filter((entry) => stringMember(entry, 'manager') === holdManager);
  return withOwners(held, [...ownersOf(wanted), ...holds]);
}
