import type { JsonValue } from '../../engine/index.ts';

/** What several kubeconfig files say together, paths made absolute. Holds secrets: for no log. */
export interface Kubeconfig {
  /** Every file that was looked for, absolute, in order. */
  readonly files: readonly string[];
  /** Those of them that are not there. */
  readonly missing: readonly string[];
  readonly currentContext: string;
  readonly contexts: ReadonlyMap<string, KubeContext>;
  readonly clusters: ReadonlyMap<string, KubeCluster>;
  readonly users: ReadonlyMap<string, KubeUser>;
  /** Changes when any byte of the files does, or when one comes or goes. */
  readonly fingerprint: string;
}

export interface KubeContext {
  readonly cluster: string;
  readonly user: string;
  readonly namespace: string;
}

/** Absent texts are ''. */
export interface KubeCluster {
  readonly server: string;
  readonly tlsServerName: string;
  readonly insecureSkipTlsVerify: boolean;
  readonly certificateAuthority: string;
  /** Base64 of PEM, as the file has it. */
  readonly certificateAuthorityData: string;
  readonly proxyUrl: string;
  readonly disableCompression: boolean;
  /** Of the extension `client.authentication.k8s.io/exec`, for exec plugins that want to know the cluster. */
  readonly execConfig: JsonValue | undefined;
}

/** Absent texts are ''; data are base64 of PEM, as the file has it. */
export interface KubeUser {
  readonly clientCertificate: string;
  readonly clientCertificateData: string;
  readonly clientKey: string;
  readonly clientKeyData: string;
  readonly token: string;
  readonly tokenFile: string;
  readonly username: string;
  readonly password: string;
  readonly impersonate: Impersonation;
  readonly authProvider: AuthProvider | undefined;
  readonly exec: ExecPlugin | undefined;
}

export interface Impersonation {
  readonly user: string;
  readonly uid: string;
  readonly groups: readonly string[];
  readonly extra: ReadonlyMap<string, readonly string[]>;
}

export interface AuthProvider {
  readonly name: string;
  readonly config: ReadonlyMap<string, string>;
}

export interface ExecPlugin {
  readonly command: string;
  readonly args: readonly string[];
  readonly env: readonly { readonly name: string; readonly value: string }[];
  readonly apiVersion: string;
  readonly installHint: string;
  readonly provideClusterInfo: boolean;
  readonly interactiveMode: string;
}
