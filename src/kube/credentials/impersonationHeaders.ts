import type { Impersonation } from '../kubeconfig/kubeconfig.ts';
import type { RequestCredentials } from '../types.ts';
import { headerText } from './headerText.ts';

/** Headers of client-go's `transport/round_trippers.go`: one for each group and each value of an extra. */
export function impersonationHeaders(impersonate: Impersonation): RequestCredentials['headers'] {
  const { user, uid, groups, extra } = impersonate;
  if (user === '') return {};
  const headers: Record<string, string | string[]> = {
    'Impersonate-User': text(user),
  };
  if (uid !== '') headers['Impersonate-Uid'] = text(uid);
  if (groups.length > 0) headers['Impersonate-Group'] = groups.map(text);
  for (const [key, values] of extra) {
    if (values.length > 0) headers[`Impersonate-Extra-${escapeHeaderKey(key)}`] = values.map(text);
  }
  return headers;
}

function text(value: string): string {
  return headerText(value, 'What the kubeconfig impersonates');
}

/** Percent-encodes the bytes that a header's name cannot hold, and the percent sign. */
function escapeHeaderKey(key: string): string {
  return [...new TextEncoder().encode(key)]
    .map((byte) => {
      const character = String.fromCharCode(byte);
      return /[!#$&'*+\-.^_`|~0-9A-Za-z]/.test(character)
        ? character
        : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
    })
    .join('');
}
