import { member } from '../../engine/index.ts';
import { isKubeError, KubeError } from '../../live/index.ts';
import type { AuthProvider } from '../kubeconfig/kubeconfig.ts';
import type { Auth, AuthSource, CredentialOptions, CredentialSource } from './authSource.ts';
import { bearer } from './headerText.ts';
import { refreshIdToken } from './oidcRefresh.ts';
import type { OidcTokens } from './oidcRefresh.ts';
import { createSharedRun } from './sharedRun.ts';

/** A token counts as expired so long before it does, in ms: clocks differ. */
const leeway = 10_000;
/** A token that was renewed is not renewed again so soon because of a 401, in ms. */
const renewPeriod = 60_000;

/**
 * The ID token of the auth-provider `oidc`, renewed with its refresh token (client-go `plugin/pkg/client/auth/oidc`).
 * Unlike kubectl it does not write renewed tokens into the kubeconfig: it keeps them in memory until it is disposed.
 */
export function createOidcAuth(
  { config }: AuthProvider,
  { userName }: CredentialSource,
  options: CredentialOptions,
): AuthSource {
  const now = options.now ?? Date.now;
  const of = `user “${userName}”`;
  let tokens: OidcTokens = {
    idToken: config.get('id-token') ?? '',
    refreshToken: config.get('refresh-token') ?? '',
  };
  let auth: Auth | undefined;
  let isRefused = false;
  let renewedAt = -Infinity;

  const shared = createSharedRun(async (signal) => {
    if (tokens.refreshToken === '') {
      throw new KubeError('credentials', `The sign-in of ${of} has expired. Sign in again.`);
    }
    tokens = await refreshIdToken(config, tokens, of, options, signal);
    renewedAt = now();
    isRefused = false;
    auth = { authorization: bearer(tokens.idToken, of) };
    return auth;
  });
  return {
    async get(signal) {
      const isValid = tokens.idToken !== '' && now() + leeway < expiryOf(tokens.idToken, of);
      if (!isValid || isRefused) return await shared.get(signal);
      auth ??= { authorization: bearer(tokens.idToken, of) };
      return auth;
    },
    renew() {
      if (tokens.refreshToken === '' || now() - renewedAt < renewPeriod) return false;
      isRefused = true;
      return true;
    },
    dispose: () => shared.dispose(),
  };
}

/** When a JWT expires, in ms since the epoch; one that does not say has expired, as for client-go. */
function expiryOf(idToken: string, of: string): number {
  const [, payload = '', signature] = idToken.split('.');
  try {
    if (signature === undefined) throw new KubeError('credentials', '');
    const claims: unknown = JSON.parse(Buffer.from(payload, 'base64url').toString('utf8'));
    const exp = member(claims as Parameters<typeof member>[0], 'exp');
    return typeof exp === 'number' ? exp * 1000 : 0;
  } catch (error) {
    if (!isKubeError(error) && !(error instanceof SyntaxError)) throw error;
    throw new KubeError('credentials', `The id-token of ${of} is no JSON web token.`);
  }
}
