import { createHash } from 'node:crypto';
import type { Kubeconfig } from './kubeconfig.ts';

/**
 * Files whose change can change what a context stands for: the kubeconfigs, also those that are not there yet, and the
 * certificates and keys of the given context, or of all.
 */
export function watchedPaths(kubeconfig: Kubeconfig, context?: string): readonly string[] {
  const contexts = [...kubeconfig.contexts]
    .filter(([name]) => context === undefined || name === context)
    .map(([, found]) => found);
  const referenced = contexts.flatMap(({ cluster, user }) => {
    const foundUser = kubeconfig.users.get(user);
    return [
      kubeconfig.clusters.get(cluster)?.certificateAuthority ?? '',
      foundUser?.clientCertificate ?? '',
      foundUser?.clientKey ?? '',
    ];
  });
  return [...new Set([...kubeconfig.files, ...referenced.filter((path) => path !== '')])];
}

/**
 * Changes when something about a context does: another server, another user. Switching the current context or adding
 * a cluster leaves it alone. '' for a context that is not there.
 */
export function contextFingerprint(kubeconfig: Kubeconfig, name: string): string {
  const context = kubeconfig.contexts.get(name);
  if (!context) return '';
  const parts = [
    context,
    kubeconfig.clusters.get(context.cluster),
    kubeconfig.users.get(context.user),
  ];
  const text = JSON.stringify(parts, (_key, value: unknown) => {
    if (value instanceof Map) return [...value];
    return typeof value === 'bigint' ? String(value) : value;
  });
  return createHash('sha256').update(text).digest('hex');
}
