/** Where and how to reach an API server that a test started. */
export interface ApiServer {
  /** https://127.0.0.1:PORT, the same after a restart. */
  readonly address: string;
  /** PEM of the authority that signed its certificate. */
  readonly ca: string;
  /** The administrator's. */
  readonly token: string;
  /** By user: `admin`; `viewer` and `narrow`, which may do nothing until a role is bound to them. */
  readonly tokens: Readonly<Record<'admin' | 'viewer' | 'narrow', string>>;
  /** Its files and logs; removed by `stop`. */
  readonly folder: string;
  /** Path. Contexts `certificate` (an administrator, the current one), `admin`, `viewer` and `narrow`. */
  readonly kubeconfig: string;
  /** Path of the program. */
  readonly kubectl: string;
  /** Address of its etcd. */
  readonly etcd: string;
  readonly pids: () => (number | undefined)[];
  /** Ends kube-apiserver at once, connections and all; `restart` brings it back on the same port with the same data. */
  readonly kill: () => Promise<void>;
  readonly restart: () => Promise<void>;
  readonly stop: () => Promise<void>;
}

export function startApiServer(options?: {
  say?: (line: string) => void;
  programs?: { apiServer: string; etcd: string; kubectl: string };
}): Promise<ApiServer>;
