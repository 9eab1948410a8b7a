import { isObject, member, stringMember } from '../../engine/index.ts';
import { KubeError } from '../../live/index.ts';
import { readGoYaml } from '../../yaml/index.ts';
import type { Auth } from './authSource.ts';
import { bearer } from './headerText.ts';
import { checkKeyPair } from './tlsFiles.ts';

export interface ExecCredential {
  readonly auth: Auth;
  /** Milliseconds since the epoch; never is Infinity. */
  readonly expires: number;
}

/**
 * Reads what an exec plugin printed, with the checks of client-go's `plugin/pkg/client/auth/exec`. Throws a `KubeError`
 * 'credentials' that quotes nothing of it: it may hold a token.
 */
export function readExecCredential(
  stdout: string,
  apiVersion: string,
  program: string,
): ExecCredential {
  const fail = (what: string): KubeError => new KubeError('credentials', `${program} ${what}.`);
  const read = readGoYaml(stdout);
  if ('error' in read || stringMember(read.value, 'kind') !== 'ExecCredential') {
    throw fail('printed no ExecCredential');
  }
  const printed = stringMember(read.value, 'apiVersion');
  if (printed !== apiVersion) {
    throw fail(`is configured for ${apiVersion} and printed ${printed || 'no apiVersion'}`);
  }
  const status = member(read.value, 'status');
  if (!isObject(status)) throw fail('printed an ExecCredential without status');
  const text = (key: string): string => {
    const found = member(status, key) ?? '';
    if (typeof found !== 'string') throw fail(`printed an ExecCredential whose ${key} is no text`);
    return found;
  };
  const [token, cert, key] = [
    text('token'),
    text('clientCertificateData'),
    text('clientKeyData'),
  ] as const;
  if (token === '' && cert === '' && key === '') throw fail('gave neither token nor certificate');
  if ((cert === '') !== (key === '')) throw fail('gave only one of certificate and key');
  if (cert !== '') checkKeyPair(cert, key, program, 'credentials');

  const timestamp = text('expirationTimestamp');
  const expires = timestamp === '' ? Infinity : Date.parse(timestamp);
  if (Number.isNaN(expires)) throw fail('gave an expirationTimestamp that is no time');
  return {
    auth: {
      ...(token === '' ? {} : { authorization: bearer(token, program) }),
      ...(cert === '' ? {} : { cert, key }),
    },
    expires,
  };
}
