/** The only door of the Kubernetes client. It is a bundle of its own, loaded when the user connects. */
export type {
  ContextTarget,
  ControlPlaneInfo,
  ControlPlaneSession,
  Credentials,
  Interest,
  KubeRequest,
  RequestCredentials,
  ResourceType,
  SessionState,
  StreamState,
  TlsMaterial,
  Transport,
} from './types.ts';
