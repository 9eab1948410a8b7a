import { readFile as readFromDisk } from 'node:fs/promises';
import { stringMember } from '../../engine/index.ts';
import type { JsonValue } from '../../engine/index.ts';
import { KubeError } from '../../live/index.ts';
import type { AuthProvider } from '../kubeconfig/kubeconfig.ts';
import type { CredentialOptions } from './authSource.ts';
import { httpText } from './httpText.ts';
import type { HttpAnswer } from './httpText.ts';
import { unreadable } from './tlsFiles.ts';

export interface OidcTokens {
  readonly idToken: string;
  readonly refreshToken: string;
}

/**
 * Gets a new ID token for a refresh token: asks the issuer where its token endpoint is and sends the grant there, as
 * client-go's `plugin/pkg/client/auth/oidc` does. Ours because the OpenIDConnectAuth of `@kubernetes/client-node`
 * brings its whole configuration (1.3 MB of source) along and asks with the global `fetch`, without time-out.
 */
export async function refreshIdToken(
  config: AuthProvider['config'],
  { refreshToken }: OidcTokens,
  of: string,
  options: CredentialOptions,
  signal: AbortSignal,
): Promise<OidcTokens> {
  const fail = (what: string): KubeError =>
    new KubeError('credentials', `The sign-in of ${of} could not be renewed: ${what}.`);
  const ca = await authorityOf(config, of, options);
  const ask = async (url: string, form?: URLSearchParams, authorization?: string) => {
    const answer = await httpText(url, { ca, form, authorization, signal });
    if (typeof answer === 'string') throw fail(answer);
    return answer;
  };

  const issuer = config.get('idp-issuer-url') ?? '';
  const discovery = `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`;
  const metadata = await ask(discovery);
  if (metadata.status !== 200)
    throw fail(`the issuer answered ${metadata.status} to the question for its endpoints`);
  const endpoint = stringMember(jsonOf(metadata), 'token_endpoint');
  if (endpoint === '') throw fail('the issuer names no token endpoint');

  const [id, secret] = [config.get('client-id') ?? '', config.get('client-secret') ?? ''];
  const grant = { grant_type: 'refresh_token', refresh_token: refreshToken };
  const pair = `${encodeURIComponent(id)}:${encodeURIComponent(secret)}`;
  const basic = `Basic ${Buffer.from(pair, 'utf8').toString('base64')}`;
  let answer = await ask(endpoint, new URLSearchParams(grant), basic);
  if (answer.status >= 400) {
    // Some issuers want the client's name in the form instead.
    const form = { ...grant, client_id: id, ...(secret === '' ? {} : { client_secret: secret }) };
    answer = await ask(endpoint, new URLSearchParams(form));
  }
  const tokens = jsonOf(answer);
  if (answer.status < 200 || answer.status > 299) {
    const code = stringMember(tokens, 'error');
    const text = stringMember(tokens, 'error_description');
    const why = [code, text].filter((part) => part !== '').join(', ');
    throw fail(
      why === ''
        ? `the issuer answered ${answer.status}`
        : `the issuer says ${why.slice(0, longestReason)}`,
    );
  }
  const idToken = stringMember(tokens, 'id_token');
  if (idToken === '') throw fail('the issuer gave no id_token');
  return { idToken, refreshToken: stringMember(tokens, 'refresh_token') || refreshToken };
}

const longestReason = 500;

async function authorityOf(
  config: AuthProvider['config'],
  of: string,
  options: CredentialOptions,
): Promise<string | undefined> {
  const data = config.get('idp-certificate-authority-data') ?? '';
  if (data !== '') return Buffer.from(data, 'base64').toString('utf8');
  const path = config.get('idp-certificate-authority') ?? '';
  if (path === '') return undefined;
  try {
    return await (options.readFile ?? ((file: string) => readFromDisk(file, 'utf8')))(path);
  } catch (error) {
    throw unreadable('credentials', `idp-certificate-authority of ${of}`, path, error);
  }
}

function jsonOf({ text }: HttpAnswer): JsonValue {
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    return null;
  }
}
