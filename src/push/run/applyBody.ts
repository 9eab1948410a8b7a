import { member, setOwn, withMember } from '../../engine/index.ts';
import type { JsonObject, JsonValue } from '../../engine/index.ts';
import type { ObjectChange } from '../types.ts';

/** Stand-in. */
export function applyBody({ source, before }: ObjectChange): JsonObject {
  const object = source?.object ?? {};
  const metadata = member(object, 'metadata') as JsonObject;
  const out: Record<string, JsonValue> = { ...metadata };
  const version = member(member(before, 'metadata'), 'resourceVersion');
  if (version !== undefined) setOwn(out, 'resourceVersion', version);
  return withMember(object, 'metadata', out);
}
