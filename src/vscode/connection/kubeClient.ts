import type * as Kube from '../../kube/index.ts';

/** The door of the Kubernetes client as far as the connection goes through it; tests put another one behind it. */
export type KubeClient = Pick<
  typeof Kube,
  | 'contextFingerprint'
  | 'createSession'
  | 'createTransport'
  | 'discover'
  | 'kubeconfigFiles'
  | 'listContexts'
  | 'loadKubeconfig'
  | 'resolveContext'
  | 'watchedPaths'
>;

/** Loads dist/kube.cjs: the bundle is a file of its own so that nothing of it costs anything before. */
export async function loadKubeClient(): Promise<KubeClient> {
  return await import('../../kube/index.ts');
}
