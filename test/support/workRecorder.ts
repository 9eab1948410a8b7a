import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { arrayMember, isObject, memberAt, stringMember } from '../../src/engine/index.ts';
import type { JsonObject } from '../../src/engine/index.ts';
import type { ApiServerClient, KubeList } from './apiServerClient.ts';

/** A version of a Work of some binding, as the control plane wrote it. */
export interface WorkVersion {
  readonly cluster: string;
  /** The binding's `NAMESPACE/NAME`. */
  readonly binding: string;
  readonly name: string;
  readonly resourceVersion: string;
  readonly manifest: JsonObject;
  readonly isHeld: boolean;
  readonly applied: AppliedOverrides;
}

/** Names of the policies whose rules Karmada has noted on a Work, one for each rule. */
export interface AppliedOverrides {
  readonly clusterOverrides: readonly string[];
  readonly overrides: readonly string[];
}

/** Every version of every Work of bindings since the recorder began, from a watch of its own. */
export interface WorkRecorder {
  /** The Works there are now of bindings in a namespace, by cluster and binding: `CLUSTER NAMESPACE/NAME`. */
  worksIn(namespace: string): ReadonlyMap<string, WorkVersion>;
  /** All versions in a namespace from a moment on; `mark` says which moment it is now. */
  versionsSince(namespace: string, mark: number): readonly WorkVersion[];
  mark(): number;
  /** Waits until the bindings of a namespace are scheduled and nothing of them or their Works changes any more. */
  settled(namespace: string, since: number): Promise<void>;
  stop(): void;
}

interface WatchEvent {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK' | 'ERROR';
  readonly object: JsonObject;
}

const worksPath = '/apis/work.karmada.io/v1alpha1/works';
const bindingPaths = ['resourcebindings', 'clusterresourcebindings'].map(
  (plural) => `/apis/work.karmada.io/v1alpha2/${plural}`,
);
/** Milliseconds without a change after which a namespace counts as settled; Karmada answers within a fraction of it. */
const quiet = 2_500;
const longest = 90_000;

/** Begins to record. Works of namespaces, which have no binding, are left out. */
export async function recordWorks(client: ApiServerClient): Promise<WorkRecorder> {
  const works = new Map<string, WorkVersion>();
  const bindings = new Map<string, JsonObject>();
  const versions: WorkVersion[] = [];
  const changedAt = new Map<string, number>();
  let problem = '';
  const follow = async (path: string, onEvent: (event: WatchEvent) => void) => {
    const list = await client.send<KubeList>('GET', path);
    for (const object of list.items) onEvent({ type: 'ADDED', object: object as JsonObject });
    const query = `watch=true&resourceVersion=${list.metadata.resourceVersion}&timeoutSeconds=3600`;
    const take = (event: unknown): void => onEvent(event as WatchEvent);
    return client.watch(`${path}?${query}`, take, (why) => (problem = why));
  };
  const stops = [
    await follow(worksPath, ({ type, object }) => {
      const version = versionOf(object);
      if (!version) return;
      const key = `${version.cluster} ${version.binding}`;
      if (type === 'DELETED') works.delete(key);
      else {
        works.set(key, version);
        versions.push(version);
      }
      changedAt.set(namespaceOf(version), performance.now());
    }),
    ...(await Promise.all(
      bindingPaths.map((path) =>
        follow(path, ({ type, object }) => {
          const metadata = memberAt(object, 'metadata');
          const namespace = stringMember(metadata, 'namespace');
          const key = `${namespace}/${stringMember(metadata, 'name')}`;
          if (type === 'DELETED') bindings.delete(key);
          else bindings.set(key, object);
          changedAt.set(placeOf(key), performance.now());
        }),
      ),
    )),
  ];
  const isScheduled = (namespace: string): boolean =>
    [...bindings].every(([key, binding]) => placeOf(key) !== namespace || isSeen(binding));
  return {
    worksIn: (namespace) =>
      new Map([...works].filter(([, version]) => namespaceOf(version) === namespace)),
    versionsSince: (namespace, mark) =>
      versions.slice(mark).filter((version) => namespaceOf(version) === namespace),
    mark: () => versions.length,
    async settled(namespace, since) {
      const deadline = performance.now() + longest;
      for (;;) {
        assert.equal(problem, '', 'the watch of the Works ended');
        const last = Math.max(since, changedAt.get(namespace) ?? 0);
        const now = performance.now();
        if (now - last >= quiet && (isScheduled(namespace) || now - last > 4 * quiet)) return;
        assert.ok(now < deadline, `${namespace} does not settle within ${longest} ms`);
        await sleep(100);
      }
    },
    stop: () => {
      for (const stop of stops) stop();
    },
  };
}

function namespaceOf({ binding }: WorkVersion): string {
  return placeOf(binding);
}

/** The namespace of a binding; of a cluster-scoped one that with which the name of its template begins. */
function placeOf(key: string): string {
  return key.startsWith('/')
    ? key.slice(1).replace(/-clusterrole-.*$/, '')
    : key.slice(0, key.indexOf('/'));
}

function versionOf(work: JsonObject): WorkVersion | undefined {
  const metadata = memberAt(work, 'metadata');
  const annotations = memberAt(metadata, 'annotations');
  const [manifest] = arrayMember(memberAt(work, 'spec', 'workload'), 'manifests');
  const clusterBinding = stringMember(annotations, 'clusterresourcebinding.karmada.io/name');
  const binding = stringMember(annotations, 'resourcebinding.karmada.io/name') || clusterBinding;
  if (binding === '' || !isObject(manifest)) return undefined;
  const namespace = stringMember(annotations, 'resourcebinding.karmada.io/namespace');
  return {
    cluster: stringMember(metadata, 'namespace').replace(/^karmada-es-/, ''),
    binding: `${namespace}/${binding}`,
    name: stringMember(metadata, 'name'),
    resourceVersion: stringMember(metadata, 'resourceVersion'),
    manifest,
    isHeld: memberAt(work, 'spec', 'suspendDispatching') === true,
    applied: {
      clusterOverrides: namesIn(stringMember(annotations, `${policies}/applied-cluster-overrides`)),
      overrides: namesIn(stringMember(annotations, `${policies}/applied-overrides`)),
    },
  };
}

const policies = 'policy.karmada.io';

function namesIn(annotation: string): readonly string[] {
  if (annotation === '') return [];
  const items = JSON.parse(annotation) as readonly { readonly policyName: string }[];
  return items.map(({ policyName }) => policyName);
}

/** Whether the scheduler has seen a binding as it is; Karmada only notes that when it changed the placement's answer. */
function isSeen(binding: JsonObject): boolean {
  const generation = memberAt(binding, 'metadata', 'generation');
  return memberAt(binding, 'status', 'schedulerObservedGeneration') === generation;
}
