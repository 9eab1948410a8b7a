import type { Credentials, RequestCredentials, TlsMaterial } from '../types.ts';
import type { Auth, CredentialOptions, CredentialSource } from './authSource.ts';
import { createAuth } from './createAuth.ts';
import { impersonationHeaders } from './impersonationHeaders.ts';
import { createTlsFiles, readTexts } from './tlsFiles.ts';

/**
 * Credentials of a context with client-go's precedence (`rest/transport.go`, `transport/round_trippers.go`): for plain
 * HTTP only impersonation; else token file before token before basic before exec plugin or OIDC, and the client
 * certificate besides.
 */
export function createCredentials(
  source: CredentialSource,
  options: CredentialOptions = {},
): Credentials {
  if (!source.server.isTls) return plainCredentials(source, options);

  const files = createTlsFiles(source, options);
  const auth = createAuth(source, options);
  let headers: RequestCredentials['headers'] | undefined;
  let last: { credentials: RequestCredentials; tls: TlsMaterial; auth: Auth } | undefined;
  return {
    async get(signal) {
      const tls = await files.get();
      const found = await auth.get(signal);
      headers ??= headersOf(source);
      if (last?.tls === tls && last.auth === found) return last.credentials;
      const previous = last?.credentials.tls;
      last = { credentials: join(headers, tls, found, previous), tls, auth: found };
      return last.credentials;
    },
    renew(refused) {
      if (refused && last && refused !== last.credentials) return true;
      const canChange = auth.renew();
      return files.renew() || canChange;
    },
    forgetFailure: () => auth.forgetFailure?.(),
    dispose: () => auth.dispose(),
  };
}

/** The files that the kubeconfig names must be there all the same, as for kubectl. */
function plainCredentials(source: CredentialSource, options: CredentialOptions): Credentials {
  let credentials: RequestCredentials | undefined;
  return {
    async get() {
      if (credentials) return credentials;
      await readTexts(source, options);
      credentials = { headers: headersOf(source), tls: { rejectUnauthorized: true } };
      return credentials;
    },
    renew: () => false,
    forgetFailure: () => undefined,
    dispose: () => undefined,
  };
}

function headersOf({ user }: CredentialSource): RequestCredentials['headers'] {
  return user ? impersonationHeaders(user.impersonate) : {};
}

/** The TLS material stays the previous object when it says the same: a new token must not cost a new connection. */
function join(
  headers: RequestCredentials['headers'],
  tls: TlsMaterial,
  { authorization, cert, key }: Auth,
  previous: TlsMaterial | undefined,
): RequestCredentials {
  const all = cert !== undefined && key !== undefined ? { ...tls, cert, key } : tls;
  return {
    headers: authorization === undefined ? headers : { ...headers, Authorization: authorization },
    tls: previous && isSame(previous, all) ? previous : all,
  };
}

function isSame(a: TlsMaterial, b: TlsMaterial): boolean {
  return (
    a.ca === b.ca &&
    a.cert === b.cert &&
    a.key === b.key &&
    a.servername === b.servername &&
    a.rejectUnauthorized === b.rejectUnauthorized
  );
}
