import type { KubeCluster, KubeUser } from '../kubeconfig/kubeconfig.ts';
import type { ServerUrl } from '../kubeconfig/serverUrl.ts';
import type { ProgramOptions } from './runProgram.ts';

/** The parts of a context that say who asks whom. */
export interface CredentialSource {
  readonly server: ServerUrl;
  readonly cluster: KubeCluster;
  readonly clusterName: string;
  readonly user: KubeUser | undefined;
  readonly userName: string;
}

export interface CredentialOptions extends Omit<ProgramOptions, 'onStderr'> {
  /** Told the last line that a login program wrote while it is waited for, and '' when it no longer is. */
  readonly onWaiting?: (line: string) => void;
  readonly readFile?: (path: string) => Promise<string>;
  /** Milliseconds since the epoch. */
  readonly now?: () => number;
}

/** What a way to identify oneself gives; the same object until it changes. */
export interface Auth {
  /** The value of the header. */
  readonly authorization?: string;
  /** PEM texts. */
  readonly cert?: string;
  readonly key?: string;
}

/** A way to identify oneself. */
export interface AuthSource {
  get(signal?: AbortSignal): Promise<Auth>;
  /** See `Credentials.renew`. */
  renew(): boolean;
  /** See `Credentials.forgetFailure`; absent where none is remembered. */
  forgetFailure?(): void;
  dispose(): void;
}
