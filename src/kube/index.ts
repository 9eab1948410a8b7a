/** The only door of the Kubernetes client. It is a bundle of its own, loaded when the user connects. */
export type {
  ApplyAnswer,
  ApplyOptions,
  ContextTarget,
  ControlPlaneInfo,
  ControlPlaneSession,
  Credentials,
  Identity,
  Interest,
  KubeAnswer,
  KubeRequest,
  ListOptions,
  RequestCredentials,
  ResourceType,
  SessionState,
  StreamState,
  TlsMaterial,
  Transport,
  WriteOptions,
} from './types.ts';
export type { Kubeconfig } from './kubeconfig/kubeconfig.ts';
export { kubeconfigFiles, loadKubeconfig } from './kubeconfig/loadKubeconfig.ts';
export type { KubeconfigSources } from './kubeconfig/loadKubeconfig.ts';
export { contextProblem } from './kubeconfig/contextProblem.ts';
export { listContexts } from './kubeconfig/listContexts.ts';
export type { ContextSummary } from './kubeconfig/listContexts.ts';
export { resolveContext } from './kubeconfig/resolveContext.ts';
export { contextFingerprint, watchedPaths } from './kubeconfig/watchedPaths.ts';
export { createTransport } from './transport.ts';
export { discover } from './discovery.ts';
export { systemClock } from './clock.ts';
export type { Clock } from './clock.ts';
export { createReflector } from './reflector.ts';
export type { Reflector, ReflectorOptions } from './reflector.ts';
export type { RowChanges } from './rowBatch.ts';
export { createSession } from './session.ts';
export type { SessionOptions } from './session.ts';
