import type { KubeUser } from '../kubeconfig/kubeconfig.ts';
import type { Auth, AuthSource, CredentialOptions, CredentialSource } from './authSource.ts';
import { bearer } from './headerText.ts';
import { createExecAuth } from './execAuth.ts';
import { createOidcAuth } from './oidcAuth.ts';
import { createTokenFileAuth } from './tokenFileAuth.ts';

/**
 * How the user of a context identifies on requests. One way: a token before a user name, and an exec plugin only where
 * there is nothing else, not even a client certificate; OIDC goes together with one (client-go `rest/transport.go`).
 */
export function createAuth(source: CredentialSource, options: CredentialOptions): AuthSource {
  const { user, userName } = source;
  if (!user) return fixedAuth(() => ({}));
  if (user.tokenFile !== '') return createTokenFileAuth(user, userName, options);
  if (user.token !== '') {
    return fixedAuth(() => ({ authorization: bearer(user.token, `user "${userName}"`) }));
  }
  // A password alone is none, as for client-go.
  if (user.username !== '') {
    const pair = Buffer.from(`${user.username}:${user.password}`, 'utf8').toString('base64');
    return fixedAuth(() => ({ authorization: `Basic ${pair}` }));
  }
  if (user.exec && !hasCertificate(user)) return createExecAuth(user.exec, source, options);
  if (user.authProvider) return createOidcAuth(user.authProvider, source, options);
  return fixedAuth(() => ({}));
}

function hasCertificate(user: KubeUser): boolean {
  return user.clientCertificate !== '' || user.clientCertificateData !== '';
}

function fixedAuth(make: () => Auth): AuthSource {
  let made: Auth | undefined;

  const get = async (): Promise<Auth> => await Promise.resolve((made ??= make()));
  return { get, renew: () => false, dispose: () => undefined };
}
