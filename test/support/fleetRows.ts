import {
  createFleetModel,
  createInterner,
  readBinding,
  readCluster,
  readEvent,
  readObject,
  readWork,
  type FleetChange,
  type FleetList,
  type FleetModel,
  type FleetRows,
} from '../../src/live/index.ts';
import type { JsonObject, JsonValue } from '../../src/engine/index.ts';

type Patch = Readonly<Record<string, unknown>>;

const interner = createInterner();
let version = 0;

/** Rows of objects as Karmada and Flux write them, each with a resourceVersion of its own; parts are laid over. */
function object(
  kind: string,
  apiVersion: string,
  namespace: string,
  name: string,
  more: Patch,
): JsonObject {
  const { metadata = {}, ...rest } = more as { metadata?: object };
  const meta = {
    name,
    ...(namespace === '' ? {} : { namespace }),
    uid: `${kind} ${namespace} ${name}`,
    resourceVersion: String(++version),
    creationTimestamp: '2026-01-01T00:00:00Z',
    ...metadata,
  };
  return { apiVersion, kind, metadata: meta, ...rest };
}

function valueOf<R>(result: { value: R } | { error: string }): R {
  if ('error' in result) throw new Error(result.error);
  return result.value;
}

export function condition(type: string, status: string, reason = '', message = ''): JsonObject {
  return { type, status, reason, message, lastTransitionTime: '2026-01-01T00:00:00Z' };
}

export function cluster(name: string, status = 'True', more: Patch = {}): FleetRows['clusters'] {
  const ready = condition('Ready', status, 'Because', status === 'True' ? '' : 'no answer');
  const apiVersion = 'cluster.karmada.io/v1alpha1';
  return valueOf(
    readCluster(
      object('Cluster', apiVersion, '', name, { status: { conditions: [ready] }, ...more }),
      interner,
    ),
  );
}

/** A HelmRelease, or a source where a kind is given. */
export function template(
  key: string,
  { kind = 'HelmRelease', ...more }: Patch & { kind?: string } = {},
): FleetRows['objects'] {
  const [namespace = '', name = ''] = key.split('/');
  return valueOf(readObject(object(kind, apiVersionOf(kind), namespace, name, more), interner));
}

function apiVersionOf(kind: string): string {
  return kind === 'HelmRelease' ? 'helm.toolkit.fluxcd.io/v2' : 'source.toolkit.fluxcd.io/v1';
}

/** The binding of a template, scheduled to clusters; reports by cluster as statuses of the members' objects. */
export function binding(
  key: string,
  clusters: readonly string[],
  { kind = 'HelmRelease', reports = {}, spec = {}, status = {}, metadata = {} }: BindingParts = {},
): FleetRows['bindings'] {
  const [namespace = '', name = ''] = key.split('/');
  const resource = {
    apiVersion: apiVersionOf(kind),
    kind,
    namespace,
    name,
    uid: `${kind} ${namespace} ${name}`,
  };
  const aggregatedStatus = Object.entries(reports).map(([clusterName, reported]) => ({
    clusterName,
    ...(reported === null ? {} : { applied: true, status: reported }),
  }));
  const value = object(
    'ResourceBinding',
    'work.karmada.io/v1alpha2',
    namespace,
    `${name}-${kind.toLowerCase()}`,
    {
      metadata,
      spec: { resource, clusters: clusters.map((each) => ({ name: each })), ...spec },
      status: {
        aggregatedStatus,
        conditions: [condition('Scheduled', 'True', 'Success')],
        ...status,
      },
    },
  );
  return valueOf(readBinding(value, interner));
}

export interface BindingParts {
  readonly kind?: string;
  readonly reports?: Readonly<Record<string, Patch | null>>;
  readonly spec?: Patch;
  readonly status?: Patch;
  readonly metadata?: Patch;
}

/** The Work of a template for a cluster, applied and with what the member reports. */
export function work(
  key: string,
  on: string,
  {
    kind = 'HelmRelease',
    report,
    spec = {},
    status = {},
    manifest = {},
    metadata = {},
  }: WorkParts = {},
): FleetRows['works'] {
  const [namespace = '', name = ''] = key.split('/');
  const annotations = {
    'resourcebinding.karmada.io/namespace': namespace,
    'resourcebinding.karmada.io/name': `${name}-${kind.toLowerCase()}`,
  };
  const made = { apiVersion: apiVersionOf(kind), kind, metadata: { namespace, name }, ...manifest };
  const value = object('Work', 'work.karmada.io/v1alpha1', `karmada-es-${on}`, `${name}-${kind}`, {
    metadata: { annotations, ...metadata },
    spec: { workload: { manifests: [made] }, ...spec },
    status: {
      conditions: [condition('Applied', 'True', 'AppliedSuccessful')],
      ...(report ? { manifestStatuses: [{ status: report as JsonValue }] } : {}),
      ...status,
    },
  });
  return valueOf(readWork(value, interner));
}

export interface WorkParts {
  readonly kind?: string;
  readonly report?: Patch;
  readonly spec?: Patch;
  readonly status?: Patch;
  readonly manifest?: Patch;
  readonly metadata?: Patch;
}

/** An event about a HelmRelease. */
export function event(
  key: string,
  reason: string,
  message: string,
  lastTimestamp = '2026-01-01T00:00:00Z',
): FleetRows['events'] {
  const [namespace = '', name = ''] = key.split('/');
  const value = object('Event', 'v1', namespace, `${name}.${version}`, {
    reason,
    message,
    type: reason.endsWith('Succeed') ? 'Normal' : 'Warning',
    lastTimestamp,
    involvedObject: {
      kind: 'HelmRelease',
      namespace,
      name,
      apiVersion: apiVersionOf('HelmRelease'),
    },
  });
  return valueOf(readEvent(value, interner));
}

/** A status of a member's HelmRelease: ready, with a chart version. */
export function readyReport(chartVersion = '1.0.0'): Patch {
  return {
    observedGeneration: 1,
    conditions: [condition('Ready', 'True', 'InstallSucceeded', 'Helm install succeeded')],
    lastAttemptedRevision: chartVersion,
    history: [{ chartName: 'app', chartVersion, version: 1 }],
  };
}

export function notReadyReport(message: string, ...more: readonly JsonObject[]): Patch {
  return {
    observedGeneration: 1,
    conditions: [condition('Ready', 'False', 'InstallFailed', message), ...more],
  };
}

/** One batch for a list; several origins where they are named. */
export function change<L extends FleetList>(
  list: L,
  set: readonly FleetRows[L][],
  more: Partial<Omit<FleetChange<L>, 'list' | 'set'>> = {},
): FleetChange {
  return { list, origin: list, reset: false, deleted: [], ...more, set };
}

/** A model that holds these rows. */
export function modelOf(rows: {
  readonly [L in FleetList]?: readonly FleetRows[L][];
}): FleetModel {
  const model = createFleetModel();
  for (const [list, set] of Object.entries(rows)) {
    model.apply([change(list as FleetList, set as never)]);
  }
  return model;
}
