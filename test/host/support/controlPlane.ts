// A control plane of a few lines for the host tests: it serves discovery, lists and watches from memory.
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

interface Kind {
  readonly group: string;
  readonly version: string;
  readonly plural: string;
  readonly kind: string;
}

const karmadaKinds: readonly Kind[] = [
  { group: 'cluster.karmada.io', version: 'v1alpha1', plural: 'clusters', kind: 'Cluster' },
  {
    group: 'policy.karmada.io',
    version: 'v1alpha1',
    plural: 'propagationpolicies',
    kind: 'PropagationPolicy',
  },
  {
    group: 'policy.karmada.io',
    version: 'v1alpha1',
    plural: 'overridepolicies',
    kind: 'OverridePolicy',
  },
  {
    group: 'work.karmada.io',
    version: 'v1alpha2',
    plural: 'resourcebindings',
    kind: 'ResourceBinding',
  },
  { group: 'work.karmada.io', version: 'v1alpha1', plural: 'works', kind: 'Work' },
  {
    group: 'helm.toolkit.fluxcd.io',
    version: 'v2',
    plural: 'helmreleases',
    kind: 'HelmRelease',
  },
];
const plainKinds: readonly Kind[] = [
  { group: 'apps', version: 'v1', plural: 'deployments', kind: 'Deployment' },
];

/** A server that can be stopped, started again on the same port, and asked what reached it. */
export interface ControlPlane {
  readonly url: string;
  /** Paths of all requests, in order. */
  readonly requests: readonly string[];
  /** Connections that are open. */
  readonly socketCount: number;
  /** Connections that ever came. */
  readonly connectionCount: number;
  /** Answers every request with this status from now on; `undefined` ends that. */
  answerAll(status: number | undefined): void;
  /** Answers 403 for lists of this kind from now on. */
  forbid(plural: string): void;
  start(): Promise<void>;
  stop(): Promise<void>;
}

/** Starts one; `clusters` are the names of its member clusters, `undefined` makes it a plain API server. */
export async function startControlPlane(clusters?: readonly string[]): Promise<ControlPlane> {
  const kinds = clusters ? karmadaKinds : plainKinds;
  const requests: string[] = [];
  const sockets = new Set<Socket>();
  const forbidden = new Set<string>();
  let connectionCount = 0;
  let port = 0;
  let statusOfAll: number | undefined;

  const answer = (path: string, query: URLSearchParams, response: ServerResponse) => {
    if (statusOfAll) return send(response, statusOfAll, statusObject(statusOfAll));
    const kind = kinds.find((one) => path.endsWith(`/${one.plural}`));
    if (kind && forbidden.has(kind.plural)) return send(response, 403, refusal(kind));
    if (kind && query.get('watch')) return response.writeHead(200, json).flushHeaders();
    if (kind) return send(response, 200, listOf(kind, clusters ?? []));
    const found = discovery(path, kinds);
    return found ? send(response, 200, found) : send(response, 404, statusObject(404));
  };
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://server');
    requests.push(url.pathname);
    answer(url.pathname, url.searchParams, response);
  });
  server.on('connection', (socket) => {
    connectionCount += 1;
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  const start = () =>
    new Promise<void>((resolve) => {
      if (server.listening) return resolve();
      server.listen(port, '127.0.0.1', () => {
        port = (server.address() as AddressInfo).port;
        resolve();
      });
    });
  const stop = () =>
    new Promise<void>((resolve) => {
      if (!server.listening) return resolve();
      server.close(() => resolve());
      server.closeAllConnections();
    });
  await start();
  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    get socketCount() {
      return sockets.size;
    },
    get connectionCount() {
      return connectionCount;
    },
    answerAll: (status) => {
      statusOfAll = status;
      for (const socket of sockets) socket.destroy();
    },
    forbid: (plural) => void forbidden.add(plural),
    start,
    stop,
  };
}

const json = { 'content-type': 'application/json' };

function send(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, json).end(JSON.stringify(body));
}

function statusObject(code: number) {
  return { kind: 'Status', code, message: 'not this time' };
}

function refusal({ group, plural }: Kind) {
  const message = `${plural}.${group} is forbidden: User "tester" cannot list resource "${plural}"`;
  return { kind: 'Status', code: 403, reason: 'Forbidden', message };
}

function discovery(path: string, kinds: readonly Kind[]): unknown {
  if (path === '/version') return { gitVersion: 'v1.36.1' };
  if (path === '/api') return { kind: 'APIVersions', versions: ['v1'] };
  if (path === '/apis') {
    const groups = [...new Set(kinds.map(({ group }) => group))].map((name) => {
      const own = kinds.filter(({ group }) => group === name);
      const versions = [...new Set(own.map(({ version }) => version))];
      return { name, versions: versions.map((version) => ({ version })) };
    });
    return { kind: 'APIGroupList', groups };
  }
  const [, group, version] = /^\/apis\/([^/]+)\/([^/]+)$/.exec(path) ?? [];
  const resources = kinds.filter((kind) => kind.group === group && kind.version === version);
  if (resources.length === 0) return undefined;
  return {
    kind: 'APIResourceList',
    resources: resources.map(({ plural, kind }) => ({
      name: plural,
      kind,
      namespaced: kind !== 'Cluster',
    })),
  };
}

function listOf({ group, version, plural, kind }: Kind, clusters: readonly string[]) {
  const apiVersion = `${group}/${version}`;
  const items = plural === 'clusters' ? clusters.map(clusterObject) : [];
  return { apiVersion, kind: `${kind}List`, metadata: { resourceVersion: '10' }, items };
}

function clusterObject(name: string) {
  const lastTransitionTime = '2026-11-20T10:00:00Z';
  return {
    apiVersion: 'cluster.karmada.io/v1alpha1',
    kind: 'Cluster',
    metadata: {
      name,
      uid: `uid-${name}`,
      resourceVersion: '5',
      creationTimestamp: '2026-11-01T10:00:00Z',
      labels: { env: 'prod' },
    },
    spec: { syncMode: 'Push', provider: 'acme', region: 'eu-west' },
    status: {
      kubernetesVersion: 'v1.36.1',
      conditions: [
        {
          type: 'Ready',
          status: 'True',
          reason: 'ClusterReady',
          message: 'ok',
          lastTransitionTime,
        },
      ],
    },
  };
}
