import { createLiveStepper } from '../../../../src/analysis/index.ts';
import type { LiveControlPlane } from '../../../../src/analysis/index.ts';
import type { JsonObject } from '../../../../src/engine/index.ts';
import { memberAt, stringMember, withClaimOf } from '../../../../src/engine/index.ts';
import type { ObjectChange, PushGround, WorkState } from '../../../../src/push/index.ts';
import { isSuspendedOn } from '../../../../src/push/plan/holds.ts';

/** A control plane of objects and clusters, without anything placed yet. */
export function planeOf(
  objects: readonly JsonObject[],
  clusters: readonly string[] = ['member1', 'member2'],
): LiveControlPlane {
  return {
    context: 'karmada',
    karmadaVersion: '1.18.2',
    served: new Map([
      ['helm.toolkit.fluxcd.io', ['v2']],
      ['source.toolkit.fluxcd.io', ['v1']],
    ]),
    clusters: clusters.map(cluster),
    objects,
    previous: new Map(),
    unread: new Set(),
  };
}

export function cluster(name: string): JsonObject {
  const served = (groupVersion: string, ...kinds: string[]): JsonObject => ({
    groupVersion,
    resources: kinds.map((kind) => ({ kind, name: `${kind.toLowerCase()}s` })),
  });
  return {
    apiVersion: 'cluster.karmada.io/v1alpha1',
    kind: 'Cluster',
    metadata: { name, labels: { name } },
    spec: { syncMode: 'Push' },
    status: {
      apiEnablements: [
        served('v1', 'ConfigMap', 'Secret', 'Namespace'),
        served('helm.toolkit.fluxcd.io/v2', 'HelmRelease'),
        served('source.toolkit.fluxcd.io/v1', 'HelmRepository'),
      ],
      conditions: [{ type: 'Ready', status: 'True' }],
    },
  };
}

/** What a push onto the control plane starts from once Karmada is done with it: bindings, Works and all. */
export function groundOf(plane: LiveControlPlane): PushGround {
  const written = new Set(
    plane.objects.map((object) => Object.values(referenceOf(object)).join('/')),
  );
  const state = createLiveStepper()(plane, written);
  const works = new Map<string, Map<string, WorkState>>();
  for (const [key, { variants, policy }] of state.deliveries) {
    for (const { clusters, manifest, work = '' } of variants) {
      if (!manifest) continue;
      const byCluster = works.get(key) ?? new Map<string, WorkState>();
      works.set(key, byCluster);
      const preservesOnDeletion = policy?.spec['preserveResourcesOnDeletion'] === true;
      for (const name of clusters) {
        const isHeld = isSuspendedOn(policy?.spec, [name]);
        const isApplied = !isHeld;
        byCluster.set(name, { name: work, manifest, isHeld, preservesOnDeletion, isApplied });
      }
    }
  }
  return { live: state.plane, works, previous: state.plane.previous };
}

/** Objects that a control plane holds and what a push does to them. */
export interface Draw {
  readonly existing: readonly JsonObject[];
  readonly pushed: readonly JsonObject[];
  /** A bit for each existing object: whether it is deleted, where it is not pushed. */
  readonly deleted: number;
}

/** What a draw comes to on a control plane with some clusters. */
export function pushOnto(
  clusters: readonly string[],
  { existing, pushed, deleted }: Draw,
): { readonly ground: PushGround; readonly changes: readonly ObjectChange[] } {
  const ground = groundOf(planeOf(existing, clusters));
  const written = pushed.map((object) => changeOf(ground.live, object));
  const ids = new Set(pushed.map(idOf));
  const gone = existing
    .filter((object, i) => !ids.has(idOf(object)) && (deleted & (1 << i)) !== 0)
    .map((object) => changeOf(ground.live, object, 'delete'));
  return { ground, changes: [...gone, ...written] };
}

/** What tells an object from all others of a control plane. */
export function idOf(object: JsonObject): string {
  return JSON.stringify(referenceOf(object));
}

export function referenceOf(object: JsonObject): ObjectChange['reference'] {
  const metadata = memberAt(object, 'metadata');
  return {
    apiVersion: stringMember(object, 'apiVersion'),
    kind: stringMember(object, 'kind'),
    namespace: stringMember(metadata, 'namespace'),
    name: stringMember(metadata, 'name'),
  };
}

/** A change of what a control plane holds: to another object, to a first one, to none. */
export function changeOf(
  live: LiveControlPlane,
  object: JsonObject,
  type: 'apply' | 'delete' = 'apply',
): ObjectChange {
  const reference = referenceOf(object);
  const same = (other: JsonObject): boolean =>
    JSON.stringify(referenceOf(other)) === JSON.stringify(reference);
  const before = live.objects.find(same);
  const common = { reference, checkedBy: 'server', conflicts: [], verdicts: [] } as const;
  if (type === 'delete') return { ...common, type, ...(before ? { before } : {}) };
  return {
    ...common,
    type: before ? 'change' : 'create',
    ...(before ? { before } : {}),
    // As a dry run answers: with what Karmada has noted on it.
    after: before ? withClaimOf(object, before) : object,
    source: { reference, object, uri: 'file:///a.yaml', item: 'a' },
  };
}

export function release(name: string, values: JsonObject = {}, more: JsonObject = {}): JsonObject {
  return {
    apiVersion: 'helm.toolkit.fluxcd.io/v2',
    kind: 'HelmRelease',
    metadata: { name, namespace: 'apps', uid: name },
    spec: {
      interval: '5m',
      chart: {
        spec: {
          chart: 'podinfo',
          version: '6.6.1',
          sourceRef: { kind: 'HelmRepository', name: 'podinfo' },
        },
      },
      values,
      ...more,
    },
  };
}

export function propagation(
  name: string,
  releases: readonly string[],
  clusterNames: readonly string[],
  more: JsonObject = {},
): JsonObject {
  return {
    apiVersion: 'policy.karmada.io/v1alpha1',
    kind: 'PropagationPolicy',
    metadata: {
      name,
      namespace: 'apps',
      labels: { 'propagationpolicy.karmada.io/permanent-id': `id-${name}` },
    },
    spec: {
      resourceSelectors: (releases.length === 0 ? [undefined] : releases).map((release) => ({
        apiVersion: 'helm.toolkit.fluxcd.io/v2',
        kind: 'HelmRelease',
        namespace: 'apps',
        ...(release === undefined ? {} : { name: release }),
      })),
      placement: { clusterAffinity: { clusterNames } },
      ...more,
    },
  };
}

/** An OverridePolicy that sets one value of a release on some clusters. */
export function override(
  name: string,
  release: string,
  value: JsonObject | string | number,
  clusterNames: readonly string[],
  path = '/spec/values/replicas',
  operator = 'add',
): JsonObject {
  return {
    apiVersion: 'policy.karmada.io/v1alpha1',
    kind: 'OverridePolicy',
    metadata: { name, namespace: 'apps' },
    spec: {
      resourceSelectors: [
        {
          apiVersion: 'helm.toolkit.fluxcd.io/v2',
          kind: 'HelmRelease',
          namespace: 'apps',
          name: release,
        },
      ],
      overrideRules: [
        {
          targetCluster: { clusterNames },
          overriders: { plaintext: [{ path, operator, value }] },
        },
      ],
    },
  };
}
