import { readFile as readFromDisk } from 'node:fs/promises';
import { KubeError } from '../../live/index.ts';
import type { KubeUser } from '../kubeconfig/kubeconfig.ts';
import type { Auth, AuthSource, CredentialOptions } from './authSource.ts';
import { bearer } from './headerText.ts';
import { filePeriod, unreadable } from './tlsFiles.ts';

/**
 * The token in a file, read again after a while (client-go `transport/token_source.go`): what could be read last holds,
 * before that the user's own token if there is one.
 */
export function createTokenFileAuth(
  { tokenFile, token }: KubeUser,
  userName: string,
  options: CredentialOptions,
): AuthSource {
  const now = options.now ?? Date.now;
  const readFile = options.readFile ?? ((path: string) => readFromDisk(path, 'utf8'));
  const of = `user “${userName}”`;
  let auth: Auth | undefined;
  let readAt = -Infinity;

  const read = async (): Promise<Auth> => {
    try {
      const found = await readToken(tokenFile, of, readFile);
      if (auth?.authorization !== found) auth = { authorization: found };
    } catch (error) {
      if (!auth && token === '') throw error;
      auth ??= { authorization: bearer(token, of) };
    }
    readAt = now();
    return auth;
  };
  const isFresh = (): boolean => now() - readAt < filePeriod;
  return {
    get: () => (auth && isFresh() ? Promise.resolve(auth) : read()),
    renew() {
      readAt = -Infinity;
      return true;
    },
    dispose: () => undefined,
  };
}

async function readToken(
  path: string,
  of: string,
  readFile: (path: string) => Promise<string>,
): Promise<string> {
  let text: string;
  try {
    text = await readFile(path);
  } catch (error) {
    throw unreadable('credentials', `token file of ${of}`, path, error);
  }
  const token = text.trim();
  if (token === '')
    throw new KubeError('credentials', `The token file of ${of}, ${path}, is empty.`);
  return bearer(token, of);
}
