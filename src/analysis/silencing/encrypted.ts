import { isObject, member } from '../../engine/index.ts';
import type { JsonObject } from '../../engine/index.ts';

/**
 * Whether SOPS encrypted an object: it left its `sops` mapping, with the message authentication code, at the top.
 * Flux decrypts it and takes that mapping away before the API server sees the object.
 */
export function isEncrypted(object: JsonObject): boolean {
  const sops = member(object, 'sops');
  return isObject(sops) && Object.hasOwn(sops, 'mac');
}
