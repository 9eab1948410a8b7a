// Members of a played Karmada: what comes of Works there, and what is reported of it.
import type { KubeObject } from '../../support/apiServerClient.ts';
import {
  bindingsOf,
  condition,
  pathOf,
  sorted,
  specOf,
  worksOf,
  type PlayOptions,
} from './playedObjects.ts';

/** What a member makes of a release: `silent` reports nothing, `stuck` does not even apply it. */
export type Fate =
  | { readonly type: 'ready' | 'silent' | 'stuck' }
  | { readonly type: 'reconciling' | 'failed' | 'refused'; readonly message: string };

/** Members at work. */
export interface Members {
  turn(): Promise<void>;
}

/** What a member has of one Work. */
interface Applied {
  readonly spec: string;
  /** Of the object on the member. */
  readonly generation: number;
  /** What was reported last. */
  readonly told: string;
}

/** The execution controller, Flux on the members, and the status controllers behind them. */
export function createMembers(
  options: PlayOptions,
  fates: ReadonlyMap<string, Fate>,
  log: string[],
): Members {
  const known = new Map<string, Applied>();
  const work = async (cluster: string, object: KubeObject): Promise<void> => {
    const { suspendDispatching, workload } = specOf<{
      suspendDispatching?: boolean;
      workload: { manifests: [KubeObject] };
    }>(object);
    if (suspendDispatching === true) return;
    const [manifest] = workload.manifests;
    const isRelease = manifest.kind === 'HelmRelease';
    const fate: Fate = (isRelease ? fates.get(cluster) : undefined) ?? { type: 'ready' };
    if (fate.type === 'stuck') return;
    const key = object.metadata.uid ?? '';
    const before = known.get(key);
    const spec = JSON.stringify(sorted(manifest['spec']));
    const isNew = before?.spec !== spec;
    const generation = (before?.generation ?? 0) + (isNew ? 1 : 0);
    const told = JSON.stringify([generation, fate]);
    if (before?.told === told) return;
    if (isNew && isRelease) log.push(`send ${cluster} ${options.seen(manifest)}`);
    await report(options, { cluster, work: object, manifest, fate, generation });
    known.set(key, { spec, generation, told });
  };
  return {
    async turn() {
      for (const cluster of options.clusters) {
        for (const one of await worksOf(options, cluster)) await work(cluster, one);
      }
    },
  };
}

interface Report {
  readonly cluster: string;
  readonly work: KubeObject;
  readonly manifest: KubeObject;
  readonly fate: Fate;
  readonly generation: number;
}

async function report(
  { client, namespace }: PlayOptions,
  { cluster, work, manifest, fate, generation }: Report,
): Promise<void> {
  const isRefused = fate.type === 'refused';
  const isTold = !isRefused && fate.type !== 'silent' && fate.type !== 'stuck';
  const applied = isRefused
    ? condition('Applied', 'False', 'AppliedFailed', fate.message)
    : condition('Applied', 'True', 'AppliedSuccessful', 'Manifest has been successfully applied');
  const status = {
    ...readyStatus(fate),
    observedGeneration: generation,
    lastAttemptedGeneration: generation,
  };
  const [group = '', version = ''] = manifest.apiVersion?.split('/') ?? [];
  const identifier = {
    ...{ group, version, kind: manifest.kind, ordinal: 0, resource: '' },
    ...{ name: manifest.metadata.name, namespace },
  };
  const health = fate.type === 'ready' ? 'Healthy' : 'Unhealthy';
  await client.send('PUT', `${pathOf(work)}/status`, {
    ...work,
    status: {
      conditions: [applied],
      ...(isTold ? { manifestStatuses: [{ identifier, health, status }] } : {}),
    },
  });
  const path = `${bindingsOf(namespace)}/${work.metadata.name}`;
  const binding = await client.send('GET', path);
  const { aggregatedStatus = [], ...more } = (binding['status'] ?? {}) as {
    aggregatedStatus?: readonly { clusterName: string }[];
  };
  const mine = {
    clusterName: cluster,
    ...(isRefused ? { appliedMessage: fate.message } : { applied: true }),
    ...(isTold ? { health, status } : {}),
  };
  const all = [...aggregatedStatus.filter(({ clusterName }) => clusterName !== cluster), mine];
  await client.send('PUT', `${path}/status`, {
    ...binding,
    status: { ...more, aggregatedStatus: all },
  });
}

function readyStatus(fate: Fate): object {
  const of = {
    ready: condition('Ready', 'True', 'UpgradeSucceeded', 'Helm upgrade succeeded'),
    reconciling: condition(
      'Ready',
      'Unknown',
      'Progressing',
      'message' in fate ? fate.message : '',
    ),
    failed: condition('Ready', 'False', 'UpgradeFailed', 'message' in fate ? fate.message : ''),
  } as const;
  const isKnown = fate.type === 'ready' || fate.type === 'reconciling' || fate.type === 'failed';
  return isKnown ? { conditions: [of[fate.type]] } : {};
}
