// A fleet on the API server beside the window: what a running Karmada with Flux on its members wrote, and more of it.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import recorded from '../../fixtures/live/releases.json' with { type: 'json' };
import {
  clientOfKubeconfig,
  type ApiServerClient,
  type KubeObject,
} from '../../support/apiServerClient.ts';
import { createSeed } from '../../support/fleetSeed.ts';

/** The name under which the window knows the API server; the user may do everything. */
export const context = 'fleet';
/** Another user's, who may see clusters and nothing else. */
export const narrowContext = 'fleet-narrow';

const serverKubeconfig = process.env.KARMADA_TEST_KUBECONFIG ?? '';

/** Asks the API server past the extension. */
export const client: ApiServerClient = once(() => clientOfKubeconfig(serverKubeconfig));

/** Makes a value when something of it is asked for: files of tests are loaded in every window. */
function once<T extends object>(make: () => T): T {
  let made: T | undefined;
  return new Proxy({} as T, {
    get: (_, name) => Reflect.get((made ??= make()), name) as unknown,
  });
}

/** Writes a kubeconfig for users: contexts with names that mean something. Gives its path. */
export function writeKubeconfig(): string {
  const config = JSON.parse(readFileSync(serverKubeconfig, 'utf8')) as {
    contexts: { name: string; context: { user: string } }[];
  };
  const named = (name: string, user: string) => {
    const found = config.contexts.find(({ context: { user: one } }) => one === user);
    assert.ok(found);
    return { ...found, name };
  };
  const contexts = [named(context, 'certificate'), named(narrowContext, 'narrow')];
  // The server's own folder goes with it.
  const path = join(dirname(serverKubeconfig), 'contexts');
  writeFileSync(path, JSON.stringify({ ...config, contexts, 'current-context': context }), {
    mode: 0o600,
  });
  return path;
}

const plurals: Readonly<Record<string, string>> = {
  Cluster: 'clusters',
  PropagationPolicy: 'propagationpolicies',
  OverridePolicy: 'overridepolicies',
  ResourceBinding: 'resourcebindings',
  Work: 'works',
  HelmRelease: 'helmreleases',
  HelmRepository: 'helmrepositories',
  Secret: 'secrets',
};

/** What kubectl prints. */
export async function kubectl(...args: readonly string[]): Promise<string> {
  const program = process.env.KARMADA_TEST_KUBECTL ?? 'kubectl';
  const all = ['--kubeconfig', serverKubeconfig, ...args];
  const { stdout } = await promisify(execFile)(program, all);
  return stdout;
}

/** Reads an object of the fleet, lets it be changed, and writes it with its status. */
export async function change(object: KubeObject, edit: (now: KubeObject) => void): Promise<void> {
  const path = pathOf(object);
  const now = await client.send('GET', path);
  edit(now);
  await client.send('PUT', path, now);
  const { metadata } = await client.send('GET', path);
  if (now['status']) await client.send('PUT', `${path}/status`, { ...now, metadata });
}

/** How many lists of Karmada and Flux are followed at the server now. */
export async function watchCount(): Promise<number> {
  const { text } = await client.raw('GET', '/metrics');
  const lines = text
    .split('\n')
    .filter((line) => line.startsWith('apiserver_longrunning_requests{'));
  return lines
    .filter((line) => /group="[\w.]*\.(karmada|fluxcd)\.io"/.test(line))
    .reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' '))), 0);
}

/** Where an object is, such as `/apis/GROUP/VERSION/namespaces/NAMESPACE/helmreleases/NAME`. */
export function pathOf({ apiVersion = '', kind = '', metadata }: KubeObject): string {
  const base = apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
  const { namespace, name } = metadata;
  const place = namespace === undefined ? '' : `/namespaces/${namespace}`;
  return `${base}${place}/${plurals[kind] ?? ''}/${name}`;
}

/** The recorded object of a kind and name; a copy to change. */
export function recordedObject(kind: string, name: string): KubeObject {
  const found = objects.find((one) => one.kind === kind && one.metadata.name === name);
  assert.ok(found, `${kind} ${name} is not recorded`);
  return structuredClone(found);
}

const objects = recorded as unknown as readonly KubeObject[];

const seeded = { once: undefined as Promise<void> | undefined };

/** Brings the fleet into being, once for all files of tests. */
export function seedFleet(): Promise<void> {
  return (seeded.once ??= seed());
}

async function seed(): Promise<void> {
  for (const name of ['apps', 'shop', ...clusters.map((cluster) => `karmada-es-${cluster.name}`)]) {
    await client.send('POST', '/api/v1/namespaces', {
      ...{ apiVersion: 'v1', kind: 'Namespace' },
      metadata: { name },
    });
  }
  /** The server gives objects other ids than the recorded ones, by which bindings and events speak of them. */
  const ids = new Map<string, string>();
  const everything = [...objects.map(placed), ...clonedObjects()];
  for (const kind of ['Cluster', 'OverridePolicy', 'PropagationPolicy', 'HelmR', '', 'Event']) {
    for (const object of everything) {
      const isNow = kind === '' ? isDependent(object) : object.kind?.startsWith(kind);
      if (isNow) await create(object, ids);
    }
  }
  await client.send('POST', '/api/v1/namespaces/apps/secrets', {
    ...{ apiVersion: 'v1', kind: 'Secret', metadata: { name: 'registry', namespace: 'apps' } },
    stringData: { password: 'nobody-may-see-this' },
  });
}

const isDependent = ({ kind = '' }: KubeObject) => ['ResourceBinding', 'Work'].includes(kind);

async function create(object: KubeObject, ids: Map<string, string>): Promise<void> {
  let text = JSON.stringify(object);
  for (const [before, now] of ids) text = text.replaceAll(before, now);
  const { resourceVersion: _, creationTimestamp: _at, ...metadata } = object.metadata;
  const body = { ...(JSON.parse(text) as KubeObject) };
  if (object.kind === 'Event') {
    const { uid: _uid, ...rest } = metadata;
    const path = `/api/v1/namespaces/${metadata.namespace ?? ''}/events`;
    await client.send('POST', path, { ...body, metadata: rest });
    return;
  }
  const { resourceVersion: _version, creationTimestamp: _time, ...own } = body.metadata;
  const made = await createSeed(client, {
    plural: plurals[object.kind ?? ''] ?? '',
    object: { ...body, metadata: own },
  });
  if (object.metadata.uid && made.metadata.uid) ids.set(object.metadata.uid, made.metadata.uid);
}

/** Where the members are; the recorded ones say nothing of it. */
export const clusters = [
  { name: 'member1', provider: 'aws', region: 'eu-west-1', zones: ['eu-west-1a'], env: 'prod' },
  { name: 'member2', provider: 'aws', region: 'us-east-1', zones: ['us-east-1a'], env: 'prod' },
  { name: 'member3', provider: 'gcp', region: 'europe-west4', zones: [], env: 'edge' },
] as const;

function placed(object: KubeObject): KubeObject {
  const place = clusters.find(
    ({ name }) => object.kind === 'Cluster' && name === object.metadata.name,
  );
  if (!place) return object;
  const { provider, region, zones, env } = place;
  const spec = {
    ...(object['spec'] as object),
    ...{ provider, region, zones, apiEndpoint: `https://${place.name}.example.com:6443` },
  };
  return { ...object, spec, metadata: { ...object.metadata, labels: { env } } };
}

/** Another release after the model of one that runs well on two clusters: its binding and its Works. */
interface Clone {
  readonly name: string;
  readonly namespace: string;
  /** Changes each of its objects. */
  readonly change?: (object: KubeObject, cluster: string) => void;
}

const clones: readonly Clone[] = [
  { name: 'cart', namespace: 'shop' },
  {
    name: 'checkout',
    namespace: 'shop',
    change(object, cluster) {
      if (cluster === 'member1') setReady(object, cluster, failed);
      if (object.kind === 'ResourceBinding') setReady(object, 'member1', failed);
    },
  },
  {
    name: 'search',
    namespace: 'shop',
    change(object, cluster) {
      if (cluster === 'member2') setReady(object, cluster, progressing);
      if (object.kind === 'ResourceBinding') setReady(object, 'member2', progressing);
    },
  },
  {
    name: 'mail',
    namespace: 'shop',
    change(object, cluster) {
      if (object.kind === 'Work' && cluster === 'member2')
        manifestOf(object).spec['suspend'] = true;
    },
  },
];

const failed = {
  status: 'False',
  reason: 'UpgradeFailed',
  message:
    'Helm upgrade failed for release shop/checkout with chart checkout@5.0.3: timed out waiting for the condition',
} as const;
const progressing = {
  status: 'Unknown',
  reason: 'Progressing',
  message: "Running 'upgrade' action with timeout of 5m0s",
} as const;

interface Manifest {
  readonly spec: Record<string, unknown>;
}
interface Report {
  readonly status?: { conditions: { type: string }[] };
}

function manifestOf(work: KubeObject): Manifest {
  const { workload } = work['spec'] as { workload: { manifests: [Manifest] } };
  return workload.manifests[0];
}

/** Changes what a member reports, in a Work or in a binding. */
export function setReady(object: KubeObject, cluster: string, ready: object): void {
  const { manifestStatuses = [], aggregatedStatus = [] } = object['status'] as {
    manifestStatuses?: Report[];
    aggregatedStatus?: (Report & { clusterName: string })[];
  };
  const reports = [
    ...manifestStatuses,
    ...aggregatedStatus.filter(({ clusterName }) => clusterName === cluster),
  ];
  for (const { status } of reports) {
    for (const condition of status?.conditions ?? []) {
      if (condition.type === 'Ready') Object.assign(condition, ready);
    }
  }
}

function clonedObjects(): readonly KubeObject[] {
  const models = [
    recordedObject('HelmRelease', 'podinfo'),
    recordedObject('ResourceBinding', 'podinfo-helmrelease'),
    ...objects.filter(
      (one) => one.kind === 'Work' && JSON.stringify(one).includes('"podinfo-helmrelease"'),
    ),
  ];
  const made = clones.flatMap(({ name, namespace, change }) =>
    models.map((model) => {
      const text = JSON.stringify(model)
        .replaceAll('podinfo', name)
        .replaceAll('"apps"', `"${namespace}"`)
        .replaceAll('apps/', `${namespace}/`)
        .replaceAll(
          /"uid":"(........)/g,
          `"uid":"${Buffer.from(name).toString('hex').slice(0, 8)}`,
        );
      const object = JSON.parse(text) as KubeObject;
      const [, cluster = ''] = /^karmada-es-(.*)$/.exec(object.metadata.namespace ?? '') ?? [];
      // No override applies to it.
      const annotations = object.metadata['annotations'] as Record<string, unknown>;
      delete annotations['policy.karmada.io/applied-overrides'];
      change?.(object, cluster);
      return object;
    }),
  );
  const lonely = recordedObject('HelmRelease', 'podinfo');
  const metadata = { name: 'unclaimed', namespace: 'shop' };
  const policy = recordedObject('PropagationPolicy', 'everything');
  const text = JSON.stringify(policy).replaceAll('"apps"', '"shop"');
  const { spec, ...rest } = JSON.parse(text) as KubeObject & { spec: object };
  const resourceSelectors = clones.map(({ name }) => ({
    ...{ apiVersion: lonely.apiVersion, kind: lonely.kind, name },
  }));
  return [{ ...rest, spec: { ...spec, resourceSelectors } }, { ...lonely, metadata }, ...made];
}
