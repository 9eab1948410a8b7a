import { stringMember, type JsonObject } from '../../src/engine/index.ts';
import { KubeError } from '../../src/live/index.ts';
import type { KubeRequest, Transport } from '../../src/kube/types.ts';

interface Watch {
  readonly path: string;
  readonly request: KubeRequest;
  readonly onLine: (line: JsonObject) => void;
  readonly end: (error?: KubeError) => void;
}

/** A control plane in memory, for tests of what is above the transport. */
export interface FakeControlPlane extends Transport {
  /** What discovery says; by group, version and `plural:Kind`, with a `/` before a cluster-scoped one. */
  served: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;
  /** Lists that answer with this failure, by path; '' fails everything. */
  readonly failures: Map<string, KubeError>;
  readonly requests: KubeRequest[];
  readonly watches: ReadonlySet<Watch>;
  isDisposed: boolean;
  put(path: string, object: JsonObject): void;
  /** @param name `NAMESPACE/NAME`, or `NAME` of a cluster-scoped object */
  delete(path: string, name: string): void;
  /** Breaks every watch. */
  cut(error: KubeError): void;
}

export function fakeControlPlane(): FakeControlPlane {
  const lists = new Map<string, Map<string, JsonObject>>();
  const watches = new Set<Watch>();
  let version = 1;

  const listAt = (path: string): Map<string, JsonObject> => {
    let list = lists.get(path);
    if (!list) lists.set(path, (list = new Map()));
    return list;
  };
  const tell = (path: string, type: string, object: JsonObject): void => {
    for (const watch of watches) {
      const sent = watch.path === path ? seen(watch.request, object) : undefined;
      if (sent) watch.onLine({ type, object: sent });
    }
  };
  const failure = ({ path }: KubeRequest): KubeError | undefined =>
    plane.failures.get('') ?? plane.failures.get(path);
  const answer = (request: KubeRequest): JsonObject => {
    plane.requests.push(request);
    const error = failure(request);
    if (error) throw error;
    switch (request.path) {
      case '/version':
        return { gitVersion: 'v1.36.1' };
      case '/api':
        return discovery(plane.served, (group) => group === '');
      case '/apis':
        return discovery(plane.served, (group) => group !== '');
    }
    const list = lists.get(request.path);
    const items = [...(list?.values() ?? [])];
    const sent = items.map((item) => seen(request, item)).filter((item) => item !== undefined);
    return { metadata: { resourceVersion: String(version) }, items: sent };
  };

  const plane: FakeControlPlane = {
    server: 'https://fake',
    served: karmadaApis,
    failures: new Map(),
    requests: [],
    watches,
    isDisposed: false,
    get socketCount() {
      return watches.size;
    },
    request: async <T>(request: KubeRequest): Promise<T> => answer(request) as T,
    text: async (request) => JSON.stringify(answer(request)),
    answer: async (request) => ({
      status: 200,
      text: JSON.stringify(answer(request)),
      warnings: [],
    }),
    stream: (request, onLine, onOpen) =>
      new Promise<void>((resolve, reject) => {
        plane.requests.push(request);
        const error = failure(request);
        if (error) {
          reject(error);
          return;
        }
        const watch: Watch = {
          path: request.path,
          request,
          onLine,
          end(cause) {
            watches.delete(watch);
            if (cause) reject(cause);
            else resolve();
          },
        };
        watches.add(watch);
        request.signal?.addEventListener('abort', () =>
          watch.end(new KubeError('aborted', 'The request was given up.')),
        );
        onOpen?.();
      }),
    dispose() {
      plane.isDisposed = true;
      plane.cut(new KubeError('aborted', 'The request was given up.'));
    },
    put(path, object) {
      const metadata = object['metadata'] as JsonObject;
      const stored = { ...object, metadata: { ...metadata, resourceVersion: String(++version) } };
      const name = keyOf(metadata);
      const type = listAt(path).has(name) ? 'MODIFIED' : 'ADDED';
      listAt(path).set(name, stored);
      tell(path, type, stored);
    },
    delete(path, name) {
      const object = listAt(path).get(name);
      listAt(path).delete(name);
      version += 1;
      if (object) tell(path, 'DELETED', object);
    },
    cut(error) {
      for (const watch of watches) watch.end(error);
    },
  };
  return plane;
}

function keyOf(metadata: JsonObject): string {
  const namespace = stringMember(metadata, 'namespace');
  const name = stringMember(metadata, 'name');
  return namespace === '' ? name : `${namespace}/${name}`;
}

/** What a request gets to see of an object: its metadata alone where it asks for that, nothing of what it leaves out. */
function seen(
  { accept = '', query = {} }: KubeRequest,
  object: JsonObject,
): JsonObject | undefined {
  const left = String(query['fieldSelector'] ?? '').split(',');
  const isLeftOut = left.some((term) => {
    const [field = '', value] = term.split('!=');
    return value !== undefined && stringMember(object, field) === value;
  });
  if (isLeftOut) return undefined;
  if (!accept.includes('as=PartialObjectMetadata')) return object;
  const { metadata = {} } = object;
  return { apiVersion: 'meta.k8s.io/v1', kind: 'PartialObjectMetadata', metadata };
}

function discovery(
  served: FakeControlPlane['served'],
  isMeant: (group: string) => boolean,
): JsonObject {
  const groups = Object.entries(served).filter(([group]) => isMeant(group));
  return {
    kind: 'APIGroupDiscoveryList',
    items: groups.map(([name, versions]) => ({
      metadata: { name },
      versions: Object.entries(versions).map(([version, resources]) => ({
        version,
        resources: resources.map((text) => {
          const [plural = '', kind = ''] = text.replace('/', '').split(':');
          return {
            resource: plural,
            responseKind: { kind },
            scope: text.startsWith('/') ? 'Cluster' : 'Namespaced',
          };
        }),
      })),
    })),
  };
}

/** A Karmada with Flux's CRDs. */
export const karmadaApis: FakeControlPlane['served'] = {
  '': {
    v1: ['configmaps:ConfigMap', 'secrets:Secret', 'events:Event', '/namespaces:Namespace'],
  },
  'cluster.karmada.io': { v1alpha1: ['/clusters:Cluster'] },
  'policy.karmada.io': {
    v1alpha1: [
      'propagationpolicies:PropagationPolicy',
      '/clusterpropagationpolicies:ClusterPropagationPolicy',
      'overridepolicies:OverridePolicy',
      '/clusteroverridepolicies:ClusterOverridePolicy',
    ],
  },
  'work.karmada.io': {
    v1alpha2: [
      'resourcebindings:ResourceBinding',
      '/clusterresourcebindings:ClusterResourceBinding',
    ],
    v1alpha1: ['works:Work'],
  },
  'helm.toolkit.fluxcd.io': { v2: ['helmreleases:HelmRelease'] },
  'source.toolkit.fluxcd.io': { v1: ['helmrepositories:HelmRepository'] },
};
