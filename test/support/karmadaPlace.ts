import { execFileSync } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { clientOfKubeconfig } from './apiServerClient.ts';
import type { ApiServerClient, KubeList } from './apiServerClient.ts';
import { connectSession } from './liveSession.ts';
import type { LiveSession } from './liveSession.ts';

/** A Karmada that runs elsewhere, as tests reach it. */
export interface KarmadaPlace {
  readonly client: ApiServerClient;
  readonly live: LiveSession;
  dispose(): void;
}

const kubectl = process.env['KARMADA_TEST_KUBECTL'] ?? 'kubectl';

/** The current context of a kubeconfig, which has its certificates in it. */
export function currentContext(kubeconfig: string): string {
  const args = ['--kubeconfig', kubeconfig, 'config', 'current-context'];
  return execFileSync(kubectl, args, { encoding: 'utf8' }).trim();
}

/** Connects to the Karmada that KARMADA_E2E_KUBECONFIG names and waits until all of it is read. */
export async function connectKarmada(): Promise<KarmadaPlace> {
  const kubeconfig = process.env['KARMADA_E2E_KUBECONFIG'] ?? '';
  const client = clientOfKubeconfig(kubeconfig);
  const live = await connectSession({ kubeconfig, context: currentContext(kubeconfig) });
  await live.until('live', () => live.session.state.type === 'live', 60_000);
  return {
    client,
    live,
    dispose() {
      live.dispose();
      client.dispose();
    },
  };
}

export async function createNamespace(client: ApiServerClient, name: string): Promise<void> {
  const body = { apiVersion: 'v1', kind: 'Namespace', metadata: { name } };
  await again(() => client.raw('POST', '/api/v1/namespaces', body));
}

/** Tries again where the server has closed a connection that lay idle. */
async function again<T>(request: () => Promise<T>): Promise<T> {
  for (let left = 3; ; left--) {
    try {
      return await request();
    } catch (error) {
      const isCut = error instanceof Error && 'code' in error && error.code === 'ECONNRESET';
      if (!isCut || left === 0) throw error;
      await sleep(500);
    }
  }
}

const policyKinds = ['propagationpolicies', 'overridepolicies'] as const;
const templatePaths = [
  ['/apis/helm.toolkit.fluxcd.io/v2', 'helmreleases'],
  ['/apis/source.toolkit.fluxcd.io/v1', 'helmrepositories'],
  ['/api/v1', 'configmaps'],
  ['/apis/apps/v1', 'deployments'],
  ['/api/v1', 'secrets'],
] as const;

/**
 * Deletes a namespace, what tests make in it and the cluster-scoped policies whose names begin with its own. Policies go
 * first, or they would take templates over that others let go; templates next, with the Works they own.
 */
export function deleteNamespace(client: ApiServerClient, namespace: string): Promise<void> {
  return again(() => deleteOnce(client, namespace));
}

async function deleteOnce(client: ApiServerClient, namespace: string): Promise<void> {
  const policies = '/apis/policy.karmada.io/v1alpha1';
  for (const kind of policyKinds) {
    const { items } = await client.send<KubeList>('GET', `${policies}/cluster${kind}`);
    for (const { metadata } of items) {
      if (!metadata.name.startsWith(`${namespace}-`)) continue;
      await client.raw('DELETE', `${policies}/cluster${kind}/${metadata.name}`);
    }
    await client.raw('DELETE', `${policies}/namespaces/${namespace}/${kind}`);
  }
  for (const [api, plural] of templatePaths) {
    await client.raw('DELETE', `${api}/namespaces/${namespace}/${plural}`);
  }
  const roles = '/apis/rbac.authorization.k8s.io/v1/clusterroles';
  const { items: found } = await client.send<KubeList>('GET', roles);
  for (const { metadata } of found) {
    if (metadata.name.startsWith(`${namespace}-`)) {
      await client.raw('DELETE', `${roles}/${metadata.name}`);
    }
  }
  const bindings = `/apis/work.karmada.io/v1alpha2/namespaces/${namespace}/resourcebindings`;
  for (let i = 0; i < 100; i++) {
    const { items } = await client.send<KubeList>('GET', bindings);
    if (items.length === 0) break;
    await sleep(200);
  }
  await client.raw('DELETE', `/api/v1/namespaces/${namespace}`);
}
