import { readGoYaml } from '../../yaml/index.ts';
import { fieldsOf, ShapeError } from './fields.ts';
import type { Fields } from './fields.ts';
import type { ExecPlugin, KubeCluster, KubeContext, KubeUser } from './kubeconfig.ts';

/** One kubeconfig file, paths as it has them. */
export interface KubeconfigFile {
  readonly currentContext: string;
  readonly contexts: ReadonlyMap<string, KubeContext>;
  readonly clusters: ReadonlyMap<string, KubeCluster>;
  readonly users: ReadonlyMap<string, KubeUser>;
}

const execExtension = 'client.authentication.k8s.io/exec';

/**
 * Reads one kubeconfig file, YAML or JSON, as kubectl's codec does (client-go `tools/clientcmd/api/v1`): unknown
 * fields are tolerated, wrong types, a name given twice and another kind are not. The error names no value.
 */
export function readKubeconfig(
  text: string,
): { readonly value: KubeconfigFile } | { readonly error: string } {
  const read = readGoYaml(text.replace(/^\uFEFF/, ''));
  if ('error' in read) return { error: withoutQuotes(read.error) };
  try {
    return { value: fileOf(fieldsOf(read.value, '')) };
  } catch (error) {
    if (error instanceof ShapeError) return { error: error.message };
    throw error;
  }
}

/** What Go's messages quote of a file may be a token. */
function withoutQuotes(error: string): string {
  return error.replaceAll(/`[^]*`/g, 'a value').replace(/(unknown anchor )'[^]*'/, '$1');
}

function fileOf(file: Fields): KubeconfigFile {
  const [kind, apiVersion] = [file.string('kind'), file.string('apiVersion')];
  if (kind !== '' && kind !== 'Config') throw new ShapeError(`its kind is ${kind}, not Config`);
  if (apiVersion !== '' && apiVersion !== 'v1') {
    throw new ShapeError(`its apiVersion is ${apiVersion}, not v1`);
  }
  return {
    currentContext: file.string('current-context'),
    contexts: named(file.items('contexts'), 'contexts', (item) =>
      contextOf(item.struct('context')),
    ),
    clusters: named(file.items('clusters'), 'clusters', (item) =>
      clusterOf(item.struct('cluster')),
    ),
    users: named(file.items('users'), 'users', (item) => userOf(item.struct('user'))),
  };
}

function named<T>(
  items: readonly Fields[],
  where: string,
  read: (item: Fields) => T,
): ReadonlyMap<string, T> {
  const found = new Map<string, T>();
  for (const item of items) {
    const name = item.string('name');
    if (found.has(name)) throw new ShapeError(`${where} has the name “${name}” twice`);
    found.set(name, read(item));
  }
  return found;
}

function contextOf(context: Fields): KubeContext {
  return {
    cluster: context.string('cluster'),
    user: context.string('user'),
    namespace: context.string('namespace'),
  };
}

function clusterOf(cluster: Fields): KubeCluster {
  const extension = cluster
    .items('extensions')
    .find((item) => item.string('name') === execExtension);
  return {
    server: cluster.string('server'),
    tlsServerName: cluster.string('tls-server-name'),
    insecureSkipTlsVerify: cluster.boolean('insecure-skip-tls-verify'),
    certificateAuthority: cluster.string('certificate-authority'),
    certificateAuthorityData: cluster.base64('certificate-authority-data'),
    proxyUrl: cluster.string('proxy-url'),
    disableCompression: cluster.boolean('disable-compression'),
    execConfig: extension?.value('extension'),
  };
}

function userOf(user: Fields): KubeUser {
  const authProvider = user.pointer('auth-provider');
  const exec = user.pointer('exec');
  return {
    clientCertificate: user.string('client-certificate'),
    clientCertificateData: user.base64('client-certificate-data'),
    clientKey: user.string('client-key'),
    clientKeyData: user.base64('client-key-data'),
    token: user.string('token'),
    tokenFile: user.string('tokenFile'),
    username: user.string('username'),
    password: user.string('password'),
    impersonate: {
      user: user.string('as'),
      uid: user.string('as-uid'),
      groups: user.strings('as-groups'),
      extra: user.lists('as-user-extra'),
    },
    authProvider: authProvider && {
      name: authProvider.string('name'),
      config: authProvider.texts('config'),
    },
    exec: exec && execOf(exec),
  };
}

function execOf(exec: Fields): ExecPlugin {
  const apiVersion = exec.string('apiVersion');
  const interactiveMode = exec.string('interactiveMode');
  return {
    command: exec.string('command'),
    args: exec.strings('args'),
    env: exec.items('env').map((item) => ({
      name: item.string('name'),
      value: item.string('value'),
    })),
    apiVersion,
    installHint: exec.string('installHint'),
    provideClusterInfo: exec.boolean('provideClusterInfo'),
    // client-go `tools/clientcmd/api/v1/defaults.go`: later versions must say it.
    interactiveMode:
      interactiveMode === '' && /\/v1(?:alpha|beta)1$/.test(apiVersion)
        ? 'IfAvailable'
        : interactiveMode,
  };
}
