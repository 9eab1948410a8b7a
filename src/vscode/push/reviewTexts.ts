import { isSecret } from '../../analysis/index.ts';
import { isObject, member, setOwn, withMember, withoutMember } from '../../engine/index.ts';
import type { JsonObject, JsonValue } from '../../engine/index.ts';
import { compareManifests } from '../../live/index.ts';
import type { ObjectChange } from '../../push/index.ts';

/** Both sides of a diff; '' for a side that does not exist. */
export interface Sides {
  readonly before: string;
  readonly after: string;
}

/** What the server holds of an object beside what it will hold; Secrets masked, what only the server keeps left out. */
export function changeTexts({ before, after, secretKeys = [] }: ObjectChange): Sides {
  return textsOf(
    before && withoutServersOwn(marked(before, after, secretKeys, 'before')),
    after && withoutServersOwn(marked(after, before, secretKeys, 'after')),
  );
}

/** What members get now beside what they will get. */
export function manifestTexts({
  before,
  after,
}: {
  readonly before?: JsonObject;
  readonly after?: JsonObject;
}): Sides {
  return textsOf(before, after);
}

function textsOf(before: JsonObject | undefined, after: JsonObject | undefined): Sides {
  const none = { before: '', after: '' };
  if (before && after) return withoutNotes(compareManifests(before, after, none));
  const one = before ?? after;
  if (!one) return none;
  const { after: text } = withoutNotes(compareManifests(one, one, none));
  return before ? { before: text, after: '' } : { before: '', after: text };
}

/** The headline of a comparison without difference is in the title already. */
function withoutNotes({ before, after }: Sides): Sides {
  const bare = (text: string) => text.replace(/^(?:#.*\n)+/, '');
  return { before: bare(before), after: bare(after) };
}

/** What an API server adds to every namespace. */
function withoutServersOwn(object: JsonObject): JsonObject {
  if (member(object, 'kind') !== 'Namespace') return object;
  const metadata = member(object, 'metadata');
  const labels = member(metadata, 'labels');
  const rest = withoutMember(object, 'spec');
  if (!isObject(metadata) || !isObject(labels)) return rest;
  const kept = withoutMember(labels, 'kubernetes.io/metadata.name');
  const bare = withoutMember(metadata, 'labels');
  const isEmpty = Object.keys(kept).length === 0;
  return withMember(rest, 'metadata', isEmpty ? bare : withMember(metadata, 'labels', kept));
}

/**
 * A Secret comes without its values; which of them change is told by the keys alone. They are given other values here, so
 * that the mask shows a difference where there is one.
 */
function marked(
  object: JsonObject,
  other: JsonObject | undefined,
  keys: readonly string[],
  side: string,
): JsonObject {
  if (!isSecret(object) || !other || keys.length === 0) return object;
  const data = member(object, 'data');
  if (!isObject(data)) return object;
  const out: Record<string, JsonValue> = {};
  for (const [key, value] of Object.entries(data)) {
    setOwn(out, key, keys.includes(key) ? side : value);
  }
  return withMember(object, 'data', out);
}
