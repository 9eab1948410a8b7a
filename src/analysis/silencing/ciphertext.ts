import { isArray, member } from '../../engine/index.ts';
import type { JsonValue } from '../../engine/index.ts';
import type { Finding } from '../findings/finding.ts';
import { isEncrypted } from './encrypted.ts';

/** Whether a finding speaks of a value that only its owner can read, or of what SOPS wrote beside it. */
export function isAboutCiphertext({ item, path }: Finding): boolean {
  if (!isEncrypted(item.source)) return false;
  if (path[0] === 'sops') return true;
  let at: JsonValue | undefined = item.source;
  for (const step of path) {
    at = typeof step === 'string' ? member(at, step) : isArray(at) ? at[step] : undefined;
  }
  return typeof at === 'string' && at.startsWith('ENC[');
}
