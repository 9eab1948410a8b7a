import { isObject, member, setOwn, withMember } from '../../engine/index.ts';
import type { JsonObject, JsonValue } from '../../engine/index.ts';

/**
 * What is applied, with what must hold on the server: the very object and version that was read, or that there is none.
 * The version alone does not tell: where there is no object any more, an API server takes any version for a new one and
 * creates it; so the uid is said too. For the same reason version 1, which no object has, means that there must be none.
 */
export function withPrecondition(object: JsonObject, before: JsonObject | undefined): JsonObject {
  const metadata = member(object, 'metadata');
  const held = member(before, 'metadata');
  const out: Record<string, JsonValue> = { ...(isObject(metadata) ? metadata : {}) };
  delete out['uid'];
  setOwn(out, 'resourceVersion', member(held, 'resourceVersion') ?? '1');
  const uid = member(held, 'uid');
  if (uid !== undefined) setOwn(out, 'uid', uid);
  return withMember(object, 'metadata', out);
}
