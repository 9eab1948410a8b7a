import { identityOf } from './identityOf.ts';
import type { AuthProvider, KubeCluster, Kubeconfig, KubeUser } from './kubeconfig.ts';
import { proxyProblem, serverUrl } from './serverUrl.ts';

/**
 * Why a context cannot be used, as a sentence, '' when it can: what client-go's `tools/clientcmd/validation.go` and
 * `transport/transport.go` say without reading another file. Where kubectl would go to localhost:8080 or ask for a
 * user name and password, the sentence says what is missing.
 */
export function contextProblem(kubeconfig: Kubeconfig, name: string): string {
  const context = kubeconfig.contexts.get(name);
  if (!context) return missingContext(kubeconfig, name);
  if (context.cluster === '') return `Context “${name}” names no cluster.`;
  const cluster = kubeconfig.clusters.get(context.cluster);
  if (!cluster)
    return `Context “${name}” names the cluster “${context.cluster}”, which is not there.`;
  if (cluster.server === '') return `Cluster “${context.cluster}” has no server.`;
  const server = serverUrl(cluster.server);
  if ('problem' in server) return `The server of cluster “${context.cluster}” ${server.problem}.`;

  const user = kubeconfig.users.get(context.user);
  const found = clusterProblem(cluster, context.cluster, server.isTls);
  if (found !== '') return found;
  const userFound = user ? userProblem(user, context.user, server.isTls) : '';
  // client-go reads no credentials for plain HTTP, so there none are needed.
  if (userFound !== '' || !server.isTls) return userFound;
  if (context.user === '') return `Context “${name}” names no user.`;
  if (!user) return `Context “${name}” names the user “${context.user}”, which is not there.`;
  return identityOf(user) !== 'none'
    ? ''
    : `User “${context.user}” has no credentials, such as a client certificate, a token or an exec plugin.`;
}

function missingContext(kubeconfig: Kubeconfig, name: string): string {
  const { files, missing, contexts } = kubeconfig;
  if (missing.length > 0 && missing.length === files.length) {
    return files.length === 1
      ? `There is no kubeconfig at ${files.join('')}.`
      : `None of the kubeconfigs is there: ${files.join(', ')}.`;
  }
  if (contexts.size === 0) return `The kubeconfig has no contexts: ${files.join(', ')}.`;
  return name === ''
    ? 'The kubeconfig has no current context.'
    : `The kubeconfig has no context “${name}”.`;
}

function clusterProblem(cluster: KubeCluster, name: string, isTls: boolean): string {
  const proxy = proxyProblem(cluster.proxyUrl);
  if (proxy !== '') return `The proxy-url of cluster “${name}” ${proxy}.`;
  const { certificateAuthority: file, certificateAuthorityData: data } = cluster;
  if (file !== '' && data !== '') {
    return `Cluster “${name}” has both certificate-authority and certificate-authority-data.`;
  }
  if (isTls && cluster.insecureSkipTlsVerify && (file !== '' || data !== '')) {
    return `Cluster “${name}” has a certificate authority and insecure-skip-tls-verify; only one can hold.`;
  }
  return '';
}

function userProblem(user: KubeUser, name: string, isTls: boolean): string {
  return (
    certificateProblem(user, name) ||
    execProblem(user, name) ||
    methodsProblem(user, name) ||
    (isTls ? usedProblem(user, name) : '')
  );
}

function certificateProblem(user: KubeUser, name: string): string {
  const { clientCertificate, clientCertificateData, clientKey, clientKeyData } = user;
  if (clientCertificate === '' && clientCertificateData === '') return '';
  if (clientCertificate !== '' && clientCertificateData !== '') {
    return `User “${name}” has both client-certificate and client-certificate-data.`;
  }
  if (clientKey !== '' && clientKeyData !== '') {
    return `User “${name}” has both client-key and client-key-data.`;
  }
  return clientKey === '' && clientKeyData === ''
    ? `User “${name}” has a client certificate without a client key.`
    : '';
}

function execProblem({ exec, authProvider }: KubeUser, name: string): string {
  if (!exec) return '';
  const plugin = `The exec plugin of user “${name}”`;
  if (authProvider) return `User “${name}” has both an exec plugin and an auth-provider.`;
  if (exec.command === '') return `${plugin} has no command.`;
  if (exec.apiVersion === '') return `${plugin} has no apiVersion.`;
  if (exec.env.some((variable) => variable.name === '')) {
    return `${plugin} has an environment variable without a name.`;
  }
  if (exec.interactiveMode === '') return `${plugin} has no interactiveMode.`;
  if (!['Never', 'IfAvailable', 'Always'].includes(exec.interactiveMode)) {
    return `${plugin} has the interactiveMode ${exec.interactiveMode}; Never, IfAvailable and Always are known.`;
  }
  return '';
}

function methodsProblem(user: KubeUser, name: string): string {
  if (user.token !== '' && (user.username !== '' || user.password !== '')) return twoWays(name);
  const { user: as, uid, groups, extra } = user.impersonate;
  return as === '' && (uid !== '' || groups.length > 0 || extra.size > 0)
    ? `User “${name}” has as-uid, as-groups or as-user-extra without as.`
    : '';
}

function twoWays(name: string): string {
  return `User “${name}” has both a token and a user name with a password; only one can hold.`;
}

/** What only matters where credentials are used. */
function usedProblem(user: KubeUser, name: string): string {
  const { exec, authProvider } = user;
  const plugin = `The exec plugin of user “${name}”`;
  if (exec && !/^client\.authentication\.k8s\.io\/v1(?:beta1)?$/.test(exec.apiVersion)) {
    return `${plugin} has the apiVersion ${exec.apiVersion}; client.authentication.k8s.io/v1 and v1beta1 are known.`;
  }
  if (exec?.interactiveMode === 'Always' && identityOf(user) === 'exec') {
    return `${plugin} needs a terminal (interactiveMode Always), and there is none here.`;
  }
  if (user.username !== '' && user.tokenFile !== '') return twoWays(name);
  return authProvider ? authProviderProblem(authProvider, name) : '';
}

/** client-go `plugin/pkg/client/auth`: only `oidc` is left, the others were removed in 1.26. */
function authProviderProblem({ name, config }: AuthProvider, user: string): string {
  if (name === 'oidc') {
    const wanted = ['idp-issuer-url', 'client-id'].find((key) => (config.get(key) ?? '') === '');
    return wanted === undefined ? '' : `The auth-provider oidc of user “${user}” has no ${wanted}.`;
  }
  const instead = replacements.get(name);
  return instead === undefined
    ? `User “${user}” has the auth-provider ${name}, which is not known.`
    : `User “${user}” has the auth-provider ${name}, which Kubernetes removed in 1.26; use ${instead} instead.`;
}

const replacements: ReadonlyMap<string, string> = new Map([
  ['gcp', 'gke-gcloud-auth-plugin'],
  ['azure', 'kubelogin'],
]);
