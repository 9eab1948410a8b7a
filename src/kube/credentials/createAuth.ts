import { identityOf } from '../kubeconfig/identityOf.ts';
import type { Auth, AuthSource, CredentialOptions, CredentialSource } from './authSource.ts';
import { createExecAuth } from './execAuth.ts';
import { bearer } from './headerText.ts';
import { createOidcAuth } from './oidcAuth.ts';
import { createTokenFileAuth } from './tokenFileAuth.ts';

/** How the user of a context identifies on requests, its client certificate aside. */
export function createAuth(source: CredentialSource, options: CredentialOptions): AuthSource {
  const { user, userName } = source;
  const identity = user ? identityOf(user) : 'none';
  if (user && identity === 'tokenFile') return createTokenFileAuth(user, userName, options);
  if (user && identity === 'token') {
    return fixedAuth(() => ({ authorization: bearer(user.token, `user “${userName}”`) }));
  }
  if (user && identity === 'password') {
    const pair = Buffer.from(`${user.username}:${user.password}`, 'utf8').toString('base64');
    return fixedAuth(() => ({ authorization: `Basic ${pair}` }));
  }
  if (user?.exec && identity === 'exec') return createExecAuth(user.exec, source, options);
  if (user?.authProvider && identity === 'authProvider') {
    return createOidcAuth(user.authProvider, source, options);
  }
  return fixedAuth(() => ({}));
}

function fixedAuth(make: () => Auth): AuthSource {
  let made: Auth | undefined;
  const get = async (): Promise<Auth> => await Promise.resolve((made ??= make()));
  return { get, renew: () => false, dispose: () => undefined };
}
