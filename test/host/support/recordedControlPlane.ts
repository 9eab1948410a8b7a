// A control plane that serves the recorded releases, their watches, and members behind its cluster proxy.
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import recorded from '../../fixtures/live/releases.json' with { type: 'json' };

interface Named {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
}

const plurals: Readonly<Record<string, string>> = {
  Cluster: 'clusters',
  PropagationPolicy: 'propagationpolicies',
  OverridePolicy: 'overridepolicies',
  ResourceBinding: 'resourcebindings',
  Work: 'works',
  HelmRelease: 'helmreleases',
  HelmRepository: 'helmrepositories',
  Event: 'events',
};

/** A server with a life of its own for the tests. */
export interface RecordedControlPlane {
  readonly url: string;
  /** Puts an object in the place of the one of its name, and tells who watches. */
  put(object: object): void;
  /** The recorded object of a kind and name. */
  find(kind: string, name: string): Named & Record<string, unknown>;
  /** Whether members answer 403, as they do until somebody gives rights. */
  mayReadMembers: boolean;
  stop(): Promise<void>;
}

/** Starts one on a free port. */
export async function startRecordedControlPlane(): Promise<RecordedControlPlane> {
  const objects = structuredClone(recorded) as unknown as (Named & Record<string, unknown>)[];
  const watchers = new Map<string, Set<ServerResponse>>();
  let version = 100_000;
  const plane = { mayReadMembers: false };

  const list = (plural: string) => objects.filter(({ kind }) => plurals[kind] === plural);
  const find = (plural: string, namespace: string, name: string) =>
    list(plural).find(
      ({ metadata }) => metadata.name === name && (metadata.namespace ?? '') === namespace,
    );
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://server');
    const path = url.pathname;
    const found = discovery(path);
    if (found) return send(response, 200, found);
    const member = /^\/apis\/cluster\.karmada\.io\/v1alpha1\/clusters\/([^/]+)\/proxy(\/.*)$/.exec(
      path,
    );
    if (member && !plane.mayReadMembers) return send(response, 403, refusal);
    if (path.endsWith('/selfsubjectreviews')) return send(response, 201, self);
    if (member?.[2]?.endsWith('/events')) {
      const isRelease = url.searchParams.get('fieldSelector')?.includes('kind=HelmRelease');
      return send(response, 200, isRelease ? fluxEvents : { ...fluxEvents, items: [] });
    }
    const [, namespace = '', plural = '', name = ''] =
      /^\/(?:api|apis\/[^/]+)\/[^/]+(?:\/namespaces\/([^/]+))?\/([a-z]+)(?:\/([^/]+))?$/.exec(
        member?.[2] ?? path,
      ) ?? [];
    if (name !== '') {
      const object = member
        ? manifest(objects, member[1] ?? '', plural, name)
        : find(plural, namespace, name);
      return object
        ? send(response, 200, object)
        : send(response, 404, { kind: 'Status', code: 404 });
    }
    if (!Object.values(plurals).includes(plural)) {
      return send(response, 404, { kind: 'Status', code: 404 });
    }
    if (url.searchParams.get('watch')) {
      response.writeHead(200, { 'content-type': 'application/json' }).flushHeaders();
      const all = watchers.get(plural) ?? new Set();
      watchers.set(plural, all.add(response));
      response.on('close', () => all.delete(response));
      return undefined;
    }
    const metadata = { resourceVersion: String(version) };
    return send(response, 200, { kind: 'List', apiVersion: 'v1', metadata, items: list(plural) });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return Object.assign(plane, {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    find(kind: string, name: string) {
      const object = objects.find((one) => one.kind === kind && one.metadata.name === name);
      if (!object) throw new Error(`${kind} ${name} is not recorded`);
      return object;
    },
    put(given: object) {
      const object = given as Named & Record<string, unknown>;
      const changed = {
        ...object,
        metadata: { ...object.metadata, resourceVersion: String((version += 1)) },
      };
      const at = objects.findIndex(
        (one) =>
          one.kind === object.kind &&
          one.metadata.name === object.metadata.name &&
          one.metadata.namespace === object.metadata.namespace,
      );
      objects[at] = changed;
      const line = `${JSON.stringify({ type: 'MODIFIED', object: changed })}\n`;
      for (const watcher of watchers.get(plurals[object.kind] ?? '') ?? []) watcher.write(line);
    },
    stop: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  });
}

/** What a member holds: what its Work brought. */
function manifest(
  objects: readonly Named[],
  cluster: string,
  plural: string,
  name: string,
): unknown {
  for (const work of objects as readonly (Named & {
    spec?: { workload?: { manifests: Named[] } };
  })[]) {
    if (work.kind !== 'Work' || work.metadata.namespace !== `karmada-es-${cluster}`) continue;
    const found = work.spec?.workload?.manifests[0];
    if (found && plurals[found.kind] === plural && found.metadata.name === name) return found;
  }
  return undefined;
}

const self = { status: { userInfo: { username: 'ada', groups: ['devs'] } } };

/** What helm-controller said on a member. */
const fluxEvents = {
  ...{ kind: 'EventList', apiVersion: 'v1', metadata: {} },
  items: [
    {
      ...{ kind: 'Event', apiVersion: 'v1', type: 'Normal', reason: 'InstallSucceeded' },
      metadata: { name: 'podinfo.1', namespace: 'apps', uid: 'e1', resourceVersion: '1' },
      involvedObject: { kind: 'HelmRelease', namespace: 'apps', name: 'podinfo' },
      message: 'Helm install succeeded for release apps/podinfo.v1 with chart podinfo@5.0.3',
      lastTimestamp: '2026-11-23T01:00:39Z',
      source: { component: 'helm-controller' },
    },
  ],
};

/** Says who was refused no more than Kubernetes 1.36 does. */
const refusal = {
  kind: 'Status',
  code: 403,
  reason: 'Forbidden',
  message:
    'helmreleases.helm.toolkit.fluxcd.io "podinfo" is forbidden: User "system:serviceaccount:karmada-cluster:karmada-impersonator" cannot impersonate-on:user-info:get resource "helmreleases" in API group "helm.toolkit.fluxcd.io" in the namespace "apps"',
};

function send(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

const served: readonly (readonly [groupVersion: string, kinds: readonly string[]])[] = [
  ['cluster.karmada.io/v1alpha1', ['Cluster']],
  ['policy.karmada.io/v1alpha1', ['PropagationPolicy', 'OverridePolicy']],
  ['work.karmada.io/v1alpha2', ['ResourceBinding']],
  ['work.karmada.io/v1alpha1', ['Work']],
  ['helm.toolkit.fluxcd.io/v2', ['HelmRelease']],
  ['source.toolkit.fluxcd.io/v1', ['HelmRepository']],
];

function resourceList(groupVersion: string, kinds: readonly string[]) {
  const resources = kinds.map((kind) => ({
    ...{ name: plurals[kind], kind, namespaced: kind !== 'Cluster' },
    verbs: ['get', 'list', 'watch'],
  }));
  return { kind: 'APIResourceList', groupVersion, resources };
}

function discovery(path: string): unknown {
  if (path === '/version') return { gitVersion: 'v1.36.1' };
  if (path === '/api') return { kind: 'APIVersions', versions: ['v1'] };
  if (path === '/api/v1') return resourceList('v1', ['Event']);
  if (path === '/apis') {
    const names = [...new Set(served.map(([groupVersion]) => groupVersion.split('/')[0]))];
    const groups = names.map((name) => {
      const versions = served
        .filter(([groupVersion]) => groupVersion.startsWith(`${name}/`))
        .map(([groupVersion]) => ({ groupVersion, version: groupVersion.split('/')[1] }));
      return { name, versions, preferredVersion: versions[0] };
    });
    return { kind: 'APIGroupList', groups };
  }
  const found = served.find(([groupVersion]) => path === `/apis/${groupVersion}`);
  return found && resourceList(...found);
}
