import fc from 'fast-check';
import type { JsonObject, JsonValue } from '../../src/engine/index.ts';
import { printYaml } from '../../src/yaml/index.ts';
import type { Documents } from './snapshots.ts';

/** Files of a fleet, with comments in them that no edit may lose. */
export interface GeneratedFleet {
  readonly documents: Documents;
  readonly clusters: readonly string[];
  readonly releases: readonly string[];
}

const namespaces = ['apps', 'infra'];
const releaseNames = ['r0', 'r1', 'r2', 'r3'];
const clusterNames = ['m1', 'm2', 'm3', 'm4', 'm5'];

const namespace = fc.constantFrom(...namespaces);

function served(hasFlux: boolean): JsonValue {
  const kinds = (groupVersion: string, ...names: string[]): JsonObject => ({
    groupVersion,
    resources: names.map((kind) => ({ kind, name: `${kind.toLowerCase()}s` })),
  });
  const flux = [
    kinds('helm.toolkit.fluxcd.io/v2', 'HelmRelease'),
    kinds('source.toolkit.fluxcd.io/v1', 'HelmRepository', 'OCIRepository'),
  ];
  return [...(hasFlux ? flux : []), kinds('v1', 'ConfigMap', 'Secret')];
}

const cluster = fc.record({
  env: fc.constantFrom('prod', 'dev'),
  region: fc.constantFrom('eu', 'us'),
  isTainted: fc.boolean(),
  hasFlux: fc.integer({ min: 0, max: 4 }).map((n) => n > 0),
});

const release = fc.record({
  namespace,
  source: fc.constantFrom('s0', 's1'),
  sourceNamespace: namespace,
  values: fc.constantFrom('', 'v0', 'absent'),
  isOptional: fc.boolean(),
  dependsOn: fc.option(fc.nat({ max: 3 })),
  app: fc.constantFrom('a', 'b'),
});

const names = fc.uniqueArray(fc.constantFrom(...clusterNames), { minLength: 1, maxLength: 4 });

const affinity: fc.Arbitrary<JsonObject> = fc.oneof(
  names.map((clusters): JsonObject => ({ clusterNames: clusters })),
  fc
    .constantFrom('prod', 'dev')
    .map((env): JsonObject => ({ labelSelector: { matchLabels: { env } } })),
  names.map((clusters): JsonObject => ({ exclude: clusters.slice(0, 2) })),
  fc.constantFrom('eu', 'us').map((region): JsonObject => ({
    fieldSelector: { matchExpressions: [{ key: 'region', operator: 'In', values: [region] }] },
  })),
);

const placement: fc.Arbitrary<JsonObject> = fc.oneof(
  fc.constant({}),
  affinity.map((clusterAffinity): JsonObject => ({ clusterAffinity })),
  affinity.map((clusterAffinity): JsonObject => ({ clusterAffinity })),
  fc.tuple(affinity, affinity).map(([one, two]): JsonObject => ({
    clusterAffinities: [
      { affinityName: 'first', ...one },
      { affinityName: 'second', ...two },
    ],
  })),
  affinity.map((clusterAffinity): JsonObject => ({
    clusterAffinity,
    spreadConstraints: [{ spreadByField: 'cluster', minGroups: 1, maxGroups: 2 }],
  })),
);

const helm = 'helm.toolkit.fluxcd.io/v2';
const source = 'source.toolkit.fluxcd.io/v1';
const data = (kind: string): JsonObject => ({ apiVersion: 'v1', kind });

const selectors: fc.Arbitrary<readonly JsonObject[]> = fc.oneof(
  fc.constant([
    { apiVersion: helm, kind: 'HelmRelease' },
    { apiVersion: source, kind: 'HelmRepository' },
    data('ConfigMap'),
    data('Secret'),
  ]),
  fc.constant([{ apiVersion: helm, kind: 'HelmRelease' }]),
  fc
    .constantFrom('a', 'b')
    .map((app) => [
      { apiVersion: helm, kind: 'HelmRelease', labelSelector: { matchLabels: { app } } },
    ]),
  fc.constantFrom(...releaseNames).map((name) => [{ apiVersion: helm, kind: 'HelmRelease', name }]),
  fc.constantFrom('s0', 's1').map((name) => [{ apiVersion: source, kind: 'HelmRepository', name }]),
);

const policy = fc.record({
  isWide: fc.boolean(),
  namespace,
  selectors,
  placement,
  priority: fc.nat({ max: 2 }),
  isPreserving: fc.boolean(),
});

/** Fleets with taints, clusters without Flux, policies of all sorts, and releases that need one another. */
export const generatedFleet: fc.Arbitrary<GeneratedFleet> = fc
  .record({
    clusters: fc.array(cluster, { minLength: 2, maxLength: 5 }),
    releases: fc.array(release, { minLength: 1, maxLength: 4 }),
    policies: fc.array(policy, { maxLength: 4 }),
    secret: fc.boolean(),
  })
  .map(({ clusters, releases, policies, secret }) => ({
    clusters: clusterNames.slice(0, clusters.length),
    releases: releases.map((each, i) => `${helm}/HelmRelease/${each.namespace}/${releaseNames[i]}`),
    documents: {
      'file:///fleet.yaml': text(clusters.map(toCluster)),
      'file:///app/releases.yaml': text(releases.map((each, i) => toRelease(each, i, releases))),
      'file:///app/sources.yaml': text(namespaces.flatMap((at) => toSources(at, secret))),
      ...(policies.length > 0 ? { 'file:///policies.yaml': text(policies.map(toPolicy)) } : {}),
    },
  }));

function text(objects: readonly JsonObject[]): string {
  return objects
    .map(
      (object, i) => `# about object ${i}\n${printYaml(object).replace('\n', ` # kind of ${i}\n`)}`,
    )
    .join('---\n');
}

type Of<T> = T extends fc.Arbitrary<infer V> ? V : never;

function toCluster({ env, region, isTainted, hasFlux }: Of<typeof cluster>, i: number): JsonObject {
  const taints = isTainted ? [{ key: 'dedicated', value: 'x', effect: 'NoSchedule' }] : [];
  return {
    apiVersion: 'cluster.karmada.io/v1alpha1',
    kind: 'Cluster',
    metadata: { name: clusterNames[i] ?? '', labels: { env } },
    spec: { syncMode: 'Push', region, taints },
    status: { apiEnablements: served(hasFlux) },
  };
}

function toRelease(
  about: Of<typeof release>,
  i: number,
  all: readonly Of<typeof release>[],
): JsonObject {
  const { dependsOn, values, isOptional } = about;
  const on = dependsOn === null ? undefined : all[dependsOn];
  const waits = on && on !== about && dependsOn !== null && dependsOn < i;
  return {
    apiVersion: helm,
    kind: 'HelmRelease',
    metadata: {
      name: releaseNames[i] ?? '',
      namespace: about.namespace,
      labels: { app: about.app },
    },
    spec: {
      interval: '5m',
      chart: {
        spec: {
          chart: 'podinfo',
          sourceRef: {
            kind: 'HelmRepository',
            name: about.source,
            namespace: about.sourceNamespace,
          },
        },
      },
      ...(waits
        ? { dependsOn: [{ name: releaseNames[dependsOn] ?? '', namespace: on.namespace }] }
        : {}),
      ...(values === ''
        ? {}
        : { valuesFrom: [{ kind: 'ConfigMap', name: values, optional: isOptional }] }),
    },
  };
}

function toSources(at: string, secret: boolean): readonly JsonObject[] {
  const metadata = (name: string): JsonObject => ({ name, namespace: at });
  return [
    {
      ...{ apiVersion: source, kind: 'HelmRepository', metadata: metadata('s0') },
      spec: {
        interval: '5m',
        url: 'https://example.com/charts',
        ...(secret ? { secretRef: { name: 'registry' } } : {}),
      },
    },
    {
      ...{ apiVersion: source, kind: 'HelmRepository', metadata: metadata('s1') },
      spec: { interval: '5m', url: 'https://example.com/charts' },
    },
    { ...data('ConfigMap'), metadata: metadata('v0'), data: { 'values.yaml': 'a: 1\n' } },
    ...(secret
      ? [{ ...data('Secret'), metadata: metadata('registry'), stringData: { username: 'u' } }]
      : []),
  ];
}

function toPolicy(about: Of<typeof policy>, i: number): JsonObject {
  const { isWide, priority, isPreserving } = about;
  return {
    apiVersion: 'policy.karmada.io/v1alpha1',
    kind: isWide ? 'ClusterPropagationPolicy' : 'PropagationPolicy',
    metadata: { name: `p${i}`, ...(isWide ? {} : { namespace: about.namespace }) },
    spec: {
      resourceSelectors: [...about.selectors],
      ...(priority > 0 ? { priority } : {}),
      ...(isPreserving ? { preserveResourcesOnDeletion: true } : {}),
      placement: about.placement,
    },
  };
}
