import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFile as readFromDisk } from 'node:fs/promises';
import { KubeError } from '../../live/index.ts';
import type { TlsMaterial } from '../types.ts';
import type { CredentialOptions, CredentialSource } from './authSource.ts';

/** Files are looked at again after this time, in ms: client-go's period for token files. */
export const filePeriod = 60_000;

/** TLS material from a kubeconfig's data and files. */
export interface TlsFiles {
  /** The same object while nothing changed. Rejects with a `KubeError`. */
  get(): Promise<TlsMaterial>;
  /** Whether files are involved, which are then read again. */
  renew(): boolean;
}

/**
 * Reads the certificate authority, the client certificate and its key, which rotate as files do under client-go
 * (`transport/cert_rotation.go`). A file that cannot be read any more leaves the material as it was.
 */
export function createTlsFiles(source: CredentialSource, options: CredentialOptions): TlsFiles {
  const { cluster, user } = source;
  const now = options.now ?? Date.now;
  const paths = [cluster.certificateAuthority, user?.clientCertificate, user?.clientKey];
  const hasFiles = paths.some((path) => path !== undefined && path !== '');
  let material: TlsMaterial | undefined;
  let texts = '';
  let readAt = 0;
  let reading: Promise<TlsMaterial> | undefined;

  const read = async (): Promise<TlsMaterial> => {
    try {
      const found = await readTexts(source, options);
      const all = JSON.stringify(found);
      if (material === undefined || all !== texts) {
        material = materialOf(found, source);
        texts = all;
      }
    } catch (error) {
      if (material === undefined) throw error;
    }
    readAt = now();
    return material;
  };
  return {
    get() {
      if (material && (!hasFiles || now() - readAt < filePeriod)) return Promise.resolve(material);
      reading ??= read().finally(() => (reading = undefined));
      return reading;
    },
    renew() {
      readAt = -Infinity;
      return hasFiles;
    },
  };
}

interface Texts {
  readonly ca: string;
  readonly cert: string;
  readonly key: string;
}

/** Reads without judging. Rejects with a `KubeError` when a file cannot be read. */
export async function readTexts(
  source: CredentialSource,
  options: CredentialOptions,
): Promise<Texts> {
  const { cluster, user, clusterName, userName } = source;
  const readFile = options.readFile ?? ((path: string) => readFromDisk(path, 'utf8'));
  const text = async (data: string, path: string, what: string): Promise<string> => {
    if (data !== '') return Buffer.from(data, 'base64').toString('utf8');
    if (path === '') return '';
    try {
      return await readFile(path);
    } catch (error) {
      throw unreadable('kubeconfig', what, path, error);
    }
  };
  const ca = await text(
    cluster.certificateAuthorityData,
    cluster.certificateAuthority,
    `certificate authority of cluster “${clusterName}”`,
  );
  // A key without a certificate identifies nobody: client-go leaves it alone.
  if (!user || (user.clientCertificate === '' && user.clientCertificateData === '')) {
    return { ca, cert: '', key: '' };
  }
  return {
    ca,
    cert: await text(
      user.clientCertificateData,
      user.clientCertificate,
      `client certificate of user “${userName}”`,
    ),
    key: await text(user.clientKeyData, user.clientKey, `client key of user “${userName}”`),
  };
}

/** A file that a kubeconfig names and that cannot be read. */
export function unreadable(
  reason: 'kubeconfig' | 'credentials',
  what: string,
  path: string,
  error: unknown,
): KubeError {
  const { code } = error as NodeJS.ErrnoException;
  const why = code === 'ENOENT' ? 'is not there' : `cannot be read: ${code ?? 'unknown error'}`;
  return new KubeError(reason, `The ${what}, ${path}, ${why}.`, { cause: error });
}

function materialOf({ ca, cert, key }: Texts, source: CredentialSource): TlsMaterial {
  const { tlsServerName, insecureSkipTlsVerify } = source.cluster;
  if (cert !== '') checkKeyPair(cert, key, `user “${source.userName}”`, 'kubeconfig');
  return {
    ...(ca === '' ? {} : { ca: authoritiesOf(ca, source.clusterName) }),
    ...(cert === '' ? {} : { cert, key }),
    ...(tlsServerName === '' ? {} : { servername: tlsServerName }),
    rejectUnauthorized: !insecureSkipTlsVerify,
  };
}

/** The certificates that can be read, as Go takes them; one that cannot would spoil the rest for Node. */
function authoritiesOf(ca: string, clusterName: string): string {
  const blocks = ca.match(/-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g) ?? [];
  const good = blocks.filter(isCertificate);
  if (good.length === 0) {
    throw new KubeError(
      'kubeconfig',
      `The certificate authority of cluster “${clusterName}” holds no PEM certificate.`,
    );
  }
  return `${good.join('\n')}\n`;
}

function isCertificate(pem: string): boolean {
  try {
    return new X509Certificate(pem).raw.length > 0;
  } catch {
    return false;
  }
}

/** Throws unless certificate and key are PEM and belong together, as Go's `tls.X509KeyPair`. `of` is whose they are. */
export function checkKeyPair(
  cert: string,
  key: string,
  of: string,
  reason: 'kubeconfig' | 'credentials',
): void {
  if (!isCertificate(cert)) {
    throw new KubeError(reason, `The client certificate of ${of} is no PEM certificate.`);
  }
  let privateKey;
  try {
    privateKey = createPrivateKey(key);
  } catch {
    throw new KubeError(reason, `The client key of ${of} is no PEM private key without password.`);
  }
  if (!new X509Certificate(cert).checkPrivateKey(privateKey)) {
    throw new KubeError(reason, `The client key of ${of} does not belong to its certificate.`);
  }
}
