import { readFile as readFromDisk } from 'node:fs/promises';
import type { JsonValue } from '../../engine/index.ts';
import type { ExecPlugin } from '../kubeconfig/kubeconfig.ts';
import type { CredentialOptions, CredentialSource } from './authSource.ts';
import { unreadable } from './tlsFiles.ts';

/**
 * The text of `KUBERNETES_EXEC_INFO` for an exec plugin, as client-go writes it (`plugin/pkg/client/auth/exec`,
 * `rest/exec.go`): an ExecCredential of the plugin's version with a spec, with the cluster if the plugin wants it.
 */
export async function execInfo(
  exec: ExecPlugin,
  source: CredentialSource,
  options: CredentialOptions,
): Promise<string> {
  const cluster = exec.provideClusterInfo
    ? { cluster: await clusterInfo(source, options) }
    : undefined;
  const info = {
    kind: 'ExecCredential',
    apiVersion: exec.apiVersion,
    spec: { ...cluster, interactive: false },
  };
  return JSON.stringify(info, (_key, value: unknown) =>
    typeof value === 'bigint' ? Number(value) : value,
  );
}

async function clusterInfo(
  { cluster, clusterName, server }: CredentialSource,
  options: CredentialOptions,
): Promise<Record<string, JsonValue>> {
  const { certificateAuthority: path, certificateAuthorityData: data } = cluster;
  const readFile = options.readFile ?? ((file: string) => readFromDisk(file, 'utf8'));
  let authority = data;
  if (data === '' && path !== '') {
    try {
      authority = Buffer.from(await readFile(path), 'utf8').toString('base64');
    } catch (error) {
      const what = `certificate authority of cluster “${clusterName}”`;
      throw unreadable('kubeconfig', what, path, error);
    }
  }
  return {
    server: server.url,
    ...(cluster.tlsServerName === '' ? {} : { 'tls-server-name': cluster.tlsServerName }),
    ...(cluster.insecureSkipTlsVerify ? { 'insecure-skip-tls-verify': true } : {}),
    ...(authority === '' ? {} : { 'certificate-authority-data': authority }),
    ...(cluster.proxyUrl === '' ? {} : { 'proxy-url': cluster.proxyUrl }),
    ...(cluster.disableCompression ? { 'disable-compression': true } : {}),
    config: cluster.execConfig ?? null,
  };
}
