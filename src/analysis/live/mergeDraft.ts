import { isObject, member, setOwn, withMember } from '../../engine/index.ts';
import type { JsonObject, JsonValue } from '../../engine/index.ts';
import { isBookkeeping } from '../displayManifest.ts';

/** What the controllers of Flux put on objects that they apply, beside what the documents say. */
const fluxOwned = /^(?:kustomize|helm)\.toolkit\.fluxcd\.io\/(?:name|namespace)$/;

const known = new WeakMap<JsonObject, { readonly live: JsonObject; readonly merged: JsonObject }>();

/**
 * What the control plane holds once a draft is applied over the live object of its name: an apply leaves labels and
 * annotations alone that it does not mention and never set, so the claims and marks of Karmada and Flux stay
 * (`pkg/detector/claim.go` writes them). The same object for the same two.
 */
export function mergeDraft(draft: JsonObject, live: JsonObject): JsonObject {
  const before = known.get(draft);
  if (before?.live === live) return before.merged;
  const merged = withInherited(draft, live);
  known.set(draft, { live, merged });
  return merged;
}

function withInherited(draft: JsonObject, live: JsonObject): JsonObject {
  const metadata = member(draft, 'metadata');
  if (!isObject(metadata)) return draft;
  let merged = metadata;
  for (const field of ['labels', 'annotations']) {
    const inherited = inheritedIn(member(member(live, 'metadata'), field));
    const own = member(metadata, field);
    const added = Object.keys(inherited).some((key) => !isObject(own) || !Object.hasOwn(own, key));
    if (added) merged = withMember(merged, field, combined(inherited, own));
  }
  return merged === metadata ? draft : withMember(draft, 'metadata', merged);
}

/** The draft's own entries in their order, then those that only the live object has. */
function combined(inherited: JsonObject, own: JsonValue | undefined): JsonObject {
  const map: Record<string, JsonValue> = {};
  if (isObject(own)) for (const [key, value] of Object.entries(own)) setOwn(map, key, value);
  for (const [key, value] of Object.entries(inherited)) {
    if (!Object.hasOwn(map, key)) setOwn(map, key, value);
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
