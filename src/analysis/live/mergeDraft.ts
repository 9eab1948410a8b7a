import { isObject, member, setOwn, withMember } from '../../engine/index.ts';
import type { JsonObject, JsonValue } from '../../engine/index.ts';
import { isBookkeeping } from '../displayManifest.ts';

/** What the controllers of Flux put on objects that they apply, beside what the documents say. */
const fluxOwned = /^(?:kustomize|helm)\.toolkit\.fluxcd\.io\/(?:name|namespace)$/;

interface Known {
  readonly live: JsonObject;
  readonly kept: JsonObject | undefined;
  readonly merged: JsonObject;
}
const known = new WeakMap<JsonObject, Known>();

/**
 * What the control plane holds once a draft is applied over the live object of its name: an apply leaves alone what it
 * does not mention and no document ever set. That is `kept`, and the claims and marks of Karmada and Flux in any case
 * (`pkg/detector/claim.go` writes them). The same object for the same three.
 */
export function mergeDraft(draft: JsonObject, live: JsonObject, kept?: JsonObject): JsonObject {
  const before = known.get(draft);
  if (before?.live === live && before.kept === kept) return before.merged;
  const marked = withInherited(draft, live);
  const merged = kept ? withKept(marked, kept) : marked;
  known.set(draft, { live, kept, merged });
  return merged;
}

function withInherited(draft: JsonObject, live: JsonObject): JsonObject {
  const metadata = member(draft, 'metadata');
  if (!isObject(metadata)) return draft;
  let merged = metadata;
  for (const field of ['labels', 'annotations']) {
    const inherited = inheritedIn(member(member(live, 'metadata'), field));
    if (Object.keys(inherited).length === 0) continue;
    const own = member(metadata, field);
    const both = withKept(isObject(own) ? own : {}, inherited);
    if (both !== own) merged = withMember(merged, field, both);
  }
  return merged === metadata ? draft : withMember(draft, 'metadata', merged);
}

/** The draft's own members in their order, then those that only the live object has; the draft where there are none. */
function withKept(own: JsonObject, kept: JsonObject): JsonObject {
  const added: Record<string, JsonValue> = {};
  for (const [key, value] of Object.entries(kept)) {
    const mine = member(own, key);
    if (mine === undefined) {
      setOwn(added, key, value);
    } else if (isObject(mine) && isObject(value)) {
      const both = withKept(mine, value);
      if (both !== mine) setOwn(added, key, both);
    }
  }
  if (Object.keys(added).length === 0) return own;
  const map: Record<string, JsonValue> = {};
  for (const [key, value] of [...Object.entries(own), ...Object.entries(added)]) {
    setOwn(map, key, value);
  }
  return map;
}

function inheritedIn(map: JsonValue | undefined): JsonObject {
  const kept: Record<string, JsonValue> = {};
  if (!isObject(map)) return kept;
  for (const [key, value] of Object.entries(map)) {
    if (isBookkeeping(key) || fluxOwned.test(key)) setOwn(kept, key, value);
  }
  return kept;
}
