// Karmada's controllers and its members, played by a few lines beside an API server that has none of them. What is played
// is when objects come, change and go, and what members report. It knows policies that name resources and clusters, and
// plaintext overriders with `add` and `replace`; it says nothing of whether a real Karmada would come to the same.
import type { KubeList, KubeObject } from '../../support/apiServerClient.ts';
import { createMembers, type Fate } from './playedMembers.ts';
import {
  bindingsOf,
  condition,
  list,
  pathOf,
  sorted,
  specOf,
  worksOf,
  worksOn,
  type PlayOptions,
} from './playedObjects.ts';

/** The played control plane of one namespace. */
export interface PlayedKarmada {
  /** What releases come to on a cluster from now on; `ready` everywhere at first. */
  fate(cluster: string, fate: Fate): void;
  /** Karmada does nothing until it is called again with `false`. Members go on. */
  rest(isResting: boolean): void;
  /** What happened, in order: `hold member2`, `send member1 3`, the last with what `seen` makes of the manifest. */
  readonly log: readonly string[];
  /** Ends the play and removes what it wrote. */
  stop(): Promise<void>;
}

interface Selector {
  readonly kind: string;
  readonly name?: string;
}
interface Suspension {
  readonly dispatching?: boolean;
  readonly dispatchingOnClusters?: { readonly clusterNames?: readonly string[] };
}
interface PolicySpec {
  readonly resourceSelectors: readonly Selector[];
  readonly placement: { readonly clusterAffinity?: { readonly clusterNames?: readonly string[] } };
  readonly suspension?: Suspension;
}
interface OverrideSpec {
  readonly resourceSelectors: readonly Selector[];
  readonly overrideRules: readonly {
    readonly targetCluster?: { readonly clusterNames?: readonly string[] };
    readonly overriders: {
      readonly plaintext?: readonly { readonly path: string; readonly value: unknown }[];
    };
  }[];
}

const karmada = '/apis/policy.karmada.io/v1alpha1';
const templateKinds = [
  '/apis/helm.toolkit.fluxcd.io/v2',
  'helmreleases',
  '/apis/source.toolkit.fluxcd.io/v1',
  'helmrepositories',
] as const;
/** The label by which a binding's Works are found. */
const bindingId = 'resourcebinding.karmada.io/permanent-id';
/** Between looks at the server. */
const pace = 120;

/** Plays until it is stopped. */
export function playKarmada(options: PlayOptions): PlayedKarmada {
  const log: string[] = [];
  const fates = new Map<string, Fate>();
  const state = { isResting: false, isOver: false };
  const members = createMembers(options, fates, log);
  const look = async (): Promise<void> => {
    while (!state.isOver) {
      // A namespace or a Work that goes meanwhile is met again in the next turn.
      if (!state.isResting) await reconcile(options, log).catch(() => undefined);
      await members.turn().catch(() => undefined);
      await new Promise((resolve) => setTimeout(resolve, pace));
    }
  };
  const ended = look();
  return {
    fate: (cluster, fate) => void fates.set(cluster, fate),
    rest: (isResting) => void (state.isResting = isResting),
    log,
    async stop() {
      state.isOver = true;
      await ended;
      for (const cluster of options.clusters) {
        for (const work of await worksOf(options, cluster)) await remove(options, pathOf(work));
      }
      const { items } = await options.client.send<KubeList>('GET', bindingsOf(options.namespace));
      for (const { metadata } of items) {
        await remove(options, `${bindingsOf(options.namespace)}/${metadata.name}`);
      }
    },
  };
}

/** One look of the detector, the scheduler and the binding controller at the whole namespace. */
async function reconcile(options: PlayOptions, log: string[]): Promise<void> {
  const { namespace } = options;
  const at = (base: string, plural: string) =>
    list(options, `${base}/namespaces/${namespace}/${plural}`);
  const [releaseBase, releases, sourceBase, sources] = templateKinds;
  const policies = await at(karmada, 'propagationpolicies');
  const overrides = await at(karmada, 'overridepolicies');
  const templates = [
    ...(await at(releaseBase, releases)).map((one) => ({ ...one, kind: 'HelmRelease' })),
    ...(await at(sourceBase, sources)).map((one) => ({ ...one, kind: 'HelmRepository' })),
  ];
  const bindings = new Map(
    (await list(options, bindingsOf(namespace))).map((one) => [one.metadata.name, one]),
  );
  const wanted = new Set<string>();
  const sent = new Set<string>();
  for (const template of templates) {
    const name = bindingName(template);
    const policy =
      policies.find((one) => isSelected(specOf<PolicySpec>(one), template)) ?? undefined;
    const before = bindings.get(name);
    if (!policy && !before) continue;
    wanted.add(name);
    const spec = policy && specOf<PolicySpec>(policy);
    const clusters = spec
      ? (spec.placement.clusterAffinity?.clusterNames ?? options.clusters)
      : clustersOf(before);
    const suspension = spec
      ? spec.suspension
      : specOf<{ suspension?: Suspension }>(before).suspension;
    const binding = await writeBinding(options, { template, policy, before, clusters, suspension });
    for (const cluster of clusters) {
      const manifest = manifestOf(template, binding, overrides, cluster);
      await writeWork(
        options,
        { cluster, binding, manifest, isHeld: isHeld(suspension, cluster) },
        log,
      );
      sent.add(`${cluster}/${name}`);
    }
  }
  for (const cluster of options.clusters) {
    for (const work of await worksOf(options, cluster)) {
      if (!sent.has(`${cluster}/${work.metadata.name}`)) {
        await remove(options, pathOf(work));
        log.push(`remove ${cluster}`);
      }
    }
  }
  for (const [name] of bindings) {
    if (!wanted.has(name)) await remove(options, `${bindingsOf(namespace)}/${name}`);
  }
}

function clustersOf(binding: KubeObject | undefined): readonly string[] {
  return (specOf<{ clusters?: { name: string }[] }>(binding).clusters ?? []).map(
    ({ name }) => name,
  );
}

function bindingName({ kind = '', metadata }: KubeObject): string {
  return `${metadata.name}-${kind.toLowerCase()}`;
}

function isSelected(
  { resourceSelectors }: { readonly resourceSelectors: readonly Selector[] },
  { kind, metadata }: KubeObject,
): boolean {
  return resourceSelectors.some(
    (one) => one.kind === kind && (one.name === undefined || one.name === metadata.name),
  );
}

function isHeld(suspension: Suspension | undefined, cluster: string): boolean {
  const named = suspension?.dispatchingOnClusters?.clusterNames ?? [];
  return suspension?.dispatching === true || named.includes(cluster);
}

interface BindingFacts {
  readonly template: KubeObject;
  readonly policy: KubeObject | undefined;
  readonly before: KubeObject | undefined;
  readonly clusters: readonly string[];
  readonly suspension: Suspension | undefined;
}

/** The binding as the detector and the scheduler leave it. */
async function writeBinding(
  { client, namespace }: PlayOptions,
  { template, policy, before, clusters, suspension }: BindingFacts,
): Promise<KubeObject> {
  const path = `${bindingsOf(namespace)}/${bindingName(template)}`;
  const { apiVersion, kind, metadata } = template;
  const claim = policy && {
    annotations: {
      'propagationpolicy.karmada.io/name': policy.metadata.name,
      'propagationpolicy.karmada.io/namespace': namespace,
    },
    labels: {
      'propagationpolicy.karmada.io/permanent-id': policy.metadata.uid ?? '',
      [bindingId]: metadata.uid ?? '',
    },
  };
  const spec = {
    ...{ conflictResolution: 'Abort', schedulerName: 'default-scheduler', placement: {} },
    clusters: clusters.map((name) => ({ name })),
    resource: {
      ...{ apiVersion, kind, name: metadata.name, namespace, uid: metadata.uid },
      resourceVersion: metadata.resourceVersion,
    },
    ...(suspension ? { suspension } : {}),
  };
  const isSame = before && JSON.stringify(sorted(specOf(before))) === JSON.stringify(sorted(spec));
  if (isSame && specOfGeneration(before) === before.metadata['generation']) return before;
  const body = {
    ...{ apiVersion: 'work.karmada.io/v1alpha2', kind: 'ResourceBinding', spec },
    metadata: { ...before?.metadata, ...claim, name: bindingName(template), namespace },
  };
  const made = before
    ? await client.send('PUT', path, {
        ...body,
        ...(before['status'] ? { status: before['status'] } : {}),
      })
    : await client.send('POST', bindingsOf(namespace), body);
  const now = new Date().toISOString();
  return client.send('PUT', `${path}/status`, {
    ...made,
    status: {
      ...(before?.['status'] as object | undefined),
      schedulerObservedGeneration: made.metadata['generation'],
      lastScheduledTime: now.replace(/\.\d+Z$/, 'Z'),
      conditions: [
        condition('Scheduled', 'True', 'Success', 'Binding has been scheduled successfully.'),
      ],
    },
  });
}

function specOfGeneration(binding: KubeObject): unknown {
  return (binding['status'] as { schedulerObservedGeneration?: number } | undefined)
    ?.schedulerObservedGeneration;
}

/** A template as a cluster is sent it. */
function manifestOf(
  { apiVersion, kind, metadata, ...rest }: KubeObject,
  binding: KubeObject,
  overrides: readonly KubeObject[],
  cluster: string,
): KubeObject {
  const { labels, annotations, name, namespace } = metadata as KubeObject['metadata'] & {
    labels?: object;
    annotations?: object;
  };
  const { status: _, ...own } = rest;
  const manifest = structuredClone({
    ...{ apiVersion, kind, ...own },
    metadata: {
      ...{ name, namespace, ...(labels ? { labels } : {}) },
      annotations: {
        ...annotations,
        'resourcebinding.karmada.io/name': binding.metadata.name,
        'resourcebinding.karmada.io/namespace': namespace,
        'resourcetemplate.karmada.io/generation': String(metadata['generation']),
      },
    },
  }) as unknown as KubeObject;
  for (const policy of overrides) {
    const spec = specOf<OverrideSpec>(policy);
    if (!isSelected(spec, manifest)) continue;
    for (const { targetCluster, overriders } of spec.overrideRules) {
      if (targetCluster?.clusterNames?.includes(cluster) === false) continue;
      for (const { path, value } of overriders.plaintext ?? []) put(manifest, path, value);
    }
  }
  return manifest;
}

/** Plaintext `add` and `replace` of a member of maps. */
function put(manifest: KubeObject, path: string, value: unknown): void {
  const keys = path.split('/').slice(1);
  const last = keys.pop() ?? '';
  let place = manifest as unknown as Record<string, unknown>;
  for (const key of keys) place = (place[key] ??= {}) as Record<string, unknown>;
  place[last] = value;
}

interface WorkFacts {
  readonly cluster: string;
  readonly binding: KubeObject;
  readonly manifest: KubeObject;
  readonly isHeld: boolean;
}

async function writeWork(
  options: PlayOptions,
  { cluster, binding, manifest, isHeld }: WorkFacts,
  log: string[],
): Promise<void> {
  const { name, namespace } = binding.metadata;
  const { client } = options;
  const path = `${worksOn(cluster)}/${name}`;
  const found = await client.raw('GET', path);
  const before = found.status === 200 ? (JSON.parse(found.text) as KubeObject) : undefined;
  const spec = {
    preserveResourcesOnDeletion: false,
    suspendDispatching: isHeld,
    workload: { manifests: [manifest] },
  };
  if (before && JSON.stringify(sorted(specOf(before))) === JSON.stringify(sorted(spec))) return;
  const wasHeld = specOf<{ suspendDispatching?: boolean }>(before).suspendDispatching === true;
  if (isHeld !== wasHeld) log.push(`${isHeld ? 'hold' : 'let go'} ${cluster}`);
  const body = {
    ...{ apiVersion: 'work.karmada.io/v1alpha1', kind: 'Work', spec },
    metadata: {
      ...before?.metadata,
      ...{ name, namespace: `karmada-es-${cluster}` },
      labels: { [bindingId]: (binding.metadata['labels'] as Record<string, string>)[bindingId] },
      annotations: {
        'resourcebinding.karmada.io/name': name,
        'resourcebinding.karmada.io/namespace': namespace,
      },
    },
  };
  if (before) {
    await client.send('PUT', path, {
      ...body,
      ...(before['status'] ? { status: before['status'] } : {}),
    });
  } else await client.send('POST', worksOn(cluster), body);
}

async function remove({ client }: PlayOptions, path: string): Promise<void> {
  await client.raw('DELETE', path);
}
