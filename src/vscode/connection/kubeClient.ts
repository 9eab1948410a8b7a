import type * as Kube from '../../kube/index.ts';

/** The door of the Kubernetes client as far as the connection goes through it; tests put another one behind it. */
export type KubeClient = Pick<
  typeof Kube,
  | 'contextFingerprint'
  | 'createTransport'
  | 'discover'
  | 'kubeconfigFiles'
  | 'listContexts'
  | 'loadKubeconfig'
  | 'resolveContext'
  | 'watchedPaths'
> & {
  createSession(
    target: Kube.ContextTarget,
    options: { readonly log: (message: string) => void },
  ): Kube.ControlPlaneSession;
};

/** Loads dist/kube.cjs: the bundle is a file of its own so that nothing of it costs anything before. */
export async function loadKubeClient(): Promise<KubeClient> {
  const loaded: unknown = await import('../../kube/index.ts');
  return loaded as KubeClient;
}
