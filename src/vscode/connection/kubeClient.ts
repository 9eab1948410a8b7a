import type { ContextTarget, ControlPlaneSession } from '../../kube/index.ts';

/** The part of the Kubernetes client that the connection uses. */
export interface KubeClient {
  /** Makes a session; nothing is contacted before somebody holds an interest. */
  createSession(target: ContextTarget, options: SessionOptions): ControlPlaneSession;
  /** Reads and merges the kubeconfig files as kubectl does. Rejects with a `KubeError` when there is none. */
  loadKubeconfig(options: KubeconfigOptions): Promise<Kubeconfig>;
}

export interface KubeconfigOptions {
  /** The user's setting; empty for KUBECONFIG and then `~/.kube/config`. */
  readonly path: string;
}

export interface Kubeconfig {
  /** The files that were looked for, in order; also those that are missing. */
  readonly files: readonly string[];
  readonly currentContext: string;
  readonly contexts: readonly KubeconfigContext[];
  /** Throws a `KubeError` when the context is missing or broken. */
  target(context: string): ContextTarget;
}

export interface KubeconfigContext {
  readonly name: string;
  readonly cluster: string;
  readonly user: string;
  readonly server: string;
  /** What is wrong with it, a sentence; absent when it can be used. */
  readonly problem?: string;
}

export interface SessionOptions {
  readonly log: (message: string) => void;
}

/** Loads dist/kube.cjs: the bundle is a file of its own so that nothing of it costs anything before. */
export async function loadKubeClient(): Promise<KubeClient> {
  const loaded: unknown = await import('../../kube/index.ts');
  return loaded as KubeClient;
}
