import type { PickedClusters, WorkspaceOptions } from '../../src/analysis/index.ts';
import type { JsonObject, JsonValue } from '../../src/engine/index.ts';
import { printYaml } from '../../src/yaml/index.ts';

const helm = 'helm.toolkit.fluxcd.io/v2';
const source = 'source.toolkit.fluxcd.io/v1';
const versions: { readonly [kind: string]: string } = {
  HelmRelease: helm,
  Secret: 'v1',
  ConfigMap: 'v1',
  Deployment: 'apps/v1',
};

function versionOf(kind: string): string {
  return versions[kind] ?? source;
}

/** The key of a template in the namespace `apps` or another. */
export function keyOf(kind: string, name: string, namespace = 'apps'): string {
  return `${versionOf(kind)}/${kind}/${namespace}/${name}`;
}

export function named(...names: string[]): PickedClusters {
  return { type: 'names', names };
}

/** The selector of a kind, or of one object of it. */
export function selector(kind: string, name?: string): JsonObject {
  return { apiVersion: versionOf(kind), kind, ...(name === undefined ? {} : { name }) };
}

interface Place {
  readonly namespace?: string;
  readonly labels?: JsonObject;
}

/** The text of an object. */
export function object(
  kind: string,
  name: string,
  body: JsonObject,
  { namespace = 'apps', labels }: Place = {},
): string {
  const metadata = { name, namespace, ...(labels ? { labels } : {}) };
  return printYaml({ apiVersion: versionOf(kind), kind, metadata, ...body });
}

/** A release of the chart `charts` unless its spec says otherwise. */
export function release(name: string, spec: JsonObject = {}, place: Place = {}): string {
  const sourceRef = { kind: 'HelmRepository', name: 'charts' };
  const chart = 'chartRef' in spec ? {} : { chart: { spec: { chart: name, sourceRef } } };
  return object('HelmRelease', name, { spec: { interval: '5m', ...chart, ...spec } }, place);
}

export function repository(name = 'charts', place: Place = {}): string {
  const spec = { interval: '5m', url: 'https://charts.example.com' };
  return object('HelmRepository', name, { spec }, place);
}

/** A PropagationPolicy in `apps`; a ClusterPropagationPolicy where no namespace is. */
export function policy(name: string, spec: JsonObject, namespace = 'apps'): string {
  const place = namespace === '' ? {} : { namespace };
  return printYaml({
    apiVersion: 'policy.karmada.io/v1alpha1',
    kind: namespace === '' ? 'ClusterPropagationPolicy' : 'PropagationPolicy',
    metadata: { name, ...place },
    spec,
  });
}

interface About {
  readonly labels?: JsonObject;
  readonly region?: string;
  readonly taints?: JsonValue;
}

/** A cluster that serves all that is used here. */
export function member(name: string, { labels = {}, region, taints }: About = {}): JsonObject {
  const kinds = (groupVersion: string, ...served: string[]): JsonObject => ({
    groupVersion,
    resources: served.map((kind) => ({ kind, name: `${kind.toLowerCase()}s` })),
  });
  return {
    apiVersion: 'cluster.karmada.io/v1alpha1',
    kind: 'Cluster',
    metadata: { name, labels },
    spec: {
      syncMode: 'Push',
      ...(region === undefined ? {} : { region }),
      ...(taints === undefined ? {} : { taints }),
    },
    status: {
      apiEnablements: [
        kinds(helm, 'HelmRelease'),
        kinds(source, 'HelmRepository', 'OCIRepository', 'GitRepository', 'Bucket', 'HelmChart'),
        kinds('v1', 'ConfigMap', 'Secret'),
        kinds('apps/v1', 'Deployment'),
      ],
    },
  };
}

/** Two clusters in one region and two in another, `prod` and `dev` in each. */
export const members: readonly JsonObject[] = [
  member('m1', { region: 'eu', labels: { env: 'prod' } }),
  member('m2', { region: 'eu', labels: { env: 'dev' } }),
  member('m3', { region: 'us', labels: { env: 'prod' } }),
  member('m4', { region: 'us', labels: { env: 'dev' } }),
];

export const fourMembers: WorkspaceOptions = { fleet: [...members] };
