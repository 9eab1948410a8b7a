import { KubeError } from '../../live/index.ts';

/** The header's value for a token. Throws a `KubeError` when it cannot stand in a header. `of` is whose it is. */
export function bearer(token: string, of: string): string {
  if (/[^\t\x20-\x7e\x80-\xff]/.test(token)) {
    throw new KubeError('credentials', `The token of ${of} has characters that no token has.`);
  }
  return `Bearer ${token}`;
}
