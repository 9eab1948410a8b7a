import { createCredentials } from '../credentials/createCredentials.ts';
import type { CredentialOptions } from '../credentials/authSource.ts';
import { KubeError } from '../../live/index.ts';
import type { ContextTarget } from '../types.ts';
import { contextProblem } from './contextProblem.ts';
import type { Kubeconfig } from './kubeconfig.ts';
import { serverUrl } from './serverUrl.ts';

/**
 * What a context of the kubeconfig stands for; '' is the current one. Reads no file and starts no program: that is
 * left to the credentials' first `get`. Throws a `KubeError` 'kubeconfig' when the context cannot be used.
 */
export function resolveContext(
  kubeconfig: Kubeconfig,
  context: string,
  options: CredentialOptions = {},
): ContextTarget {
  const name = context === '' ? kubeconfig.currentContext : context;
  const problem = contextProblem(kubeconfig, name);
  const found = kubeconfig.contexts.get(name);
  const cluster = kubeconfig.clusters.get(found?.cluster ?? '');
  const server = serverUrl(cluster?.server ?? '');
  if (problem !== '' || !found || !cluster || 'problem' in server) {
    throw new KubeError('kubeconfig', problem);
  }
  return {
    context: name,
    cluster: found.cluster,
    user: found.user,
    namespace: found.namespace === '' ? 'default' : found.namespace,
    server: server.url,
    proxyUrl: cluster.proxyUrl,
    credentials: createCredentials(
      {
        server,
        cluster,
        clusterName: found.cluster,
        user: kubeconfig.users.get(found.user),
        userName: found.user,
      },
      options,
    ),
  };
}
