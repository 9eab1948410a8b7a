import type { CredentialSource } from '../../../../src/kube/credentials/authSource.ts';
import type {
  ExecPlugin,
  KubeCluster,
  KubeUser,
} from '../../../../src/kube/kubeconfig/kubeconfig.ts';

const cluster: KubeCluster = {
  server: 'https://karmada.test',
  tlsServerName: '',
  insecureSkipTlsVerify: false,
  certificateAuthority: '',
  certificateAuthorityData: '',
  proxyUrl: '',
  disableCompression: false,
  execConfig: undefined,
};

const user: KubeUser = {
  clientCertificate: '',
  clientCertificateData: '',
  clientKey: '',
  clientKeyData: '',
  token: '',
  tokenFile: '',
  username: '',
  password: '',
  impersonate: { user: '', uid: '', groups: [], extra: new Map() },
  authProvider: undefined,
  exec: undefined,
};

/** The user `ada` of the cluster `main`, with the given parts. */
export function sourceOf(
  userParts: Partial<KubeUser>,
  clusterParts: Partial<KubeCluster> = {},
): CredentialSource {
  return {
    server: { url: 'https://karmada.test', isTls: true },
    cluster: { ...cluster, ...clusterParts },
    clusterName: 'main',
    user: { ...user, ...userParts },
    userName: 'ada',
  };
}

export function execOf(command: string, parts: Partial<ExecPlugin> = {}): ExecPlugin {
  return {
    command,
    args: [],
    env: [],
    apiVersion: 'client.authentication.k8s.io/v1',
    installHint: '',
    provideClusterInfo: false,
    interactiveMode: 'Never',
    ...parts,
  };
}

/** Time that the test moves. */
export function fakeTime(): { now: () => number; at: number } {
  const time = { at: 1_000_000_000_000, now: () => time.at };
  return time;
}
