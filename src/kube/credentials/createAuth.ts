import type { CredentialOptions, CredentialSource, Auth, AuthSource } from './authSource.ts';
import type { TlsFiles } from './tlsFiles.ts';

/** How the user of a context identifies on requests, its client certificate aside. */
export function createAuth(
  { user }: CredentialSource,
  _files: TlsFiles,
  _options: CredentialOptions,
): AuthSource {
  if (user && user.token !== '') return fixedAuth({ authorization: `Bearer ${user.token}` });
  if (user && (user.username !== '' || user.password !== '')) {
    const pair = Buffer.from(`${user.username}:${user.password}`, 'utf8').toString('base64');
    return fixedAuth({ authorization: `Basic ${pair}` });
  }
  return fixedAuth({});
}

function fixedAuth(auth: Auth): AuthSource {
  return { get: () => Promise.resolve(auth), renew: () => false, dispose: () => undefined };
}
