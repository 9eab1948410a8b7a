import fc from 'fast-check';
import type { JsonObject } from '../../src/engine/index.ts';
import { printYaml } from '../../src/yaml/index.ts';
import { overridePolicies, propagationPolicies } from './propagatePolicies.ts';
import { keyOf, member, object } from './propagateTexts.ts';
import type { Documents } from './snapshots.ts';

/** Files of a fleet, with comments in them that no edit may lose. */
export interface GeneratedFleet {
  readonly documents: Documents;
  readonly clusters: readonly string[];
  /** Keys of what can be brought somewhere: releases, and Deployments behind them. */
  readonly releases: readonly string[];
}

const names = {
  namespaces: ['apps', 'infra'],
  releases: ['r0', 'r1', 'r2', 'r3'],
  sources: ['s0', 's1'],
  clusters: ['m1', 'm2', 'm3', 'm4', 'm5'],
};

const namespace = fc.constantFrom(...names.namespaces);

const cluster = fc.record({
  env: fc.constantFrom('prod', 'dev'),
  region: fc.constantFrom('eu', 'us'),
  taint: fc.constantFrom('', '', '', 'dedicated', 'cluster.karmada.io/not-ready'),
  /** How many of the groups of APIs it serves, from behind. */
  served: fc.constantFrom(4, 4, 4, 4, 3, 2),
});

const release = fc.record({
  namespace,
  source: fc.constantFrom(...names.sources),
  /** `HelmChart` and `OCIRepository` are referred to by `chartRef`. */
  sourceKind: fc.constantFrom(
    'HelmRepository',
    'HelmRepository',
    'GitRepository',
    'OCIRepository',
    'HelmChart',
  ),
  sourceNamespace: namespace,
  values: fc.constantFrom('', 'ConfigMap/v0', 'Secret/registry', 'ConfigMap/absent'),
  isOptional: fc.boolean(),
  dependsOn: fc.option(fc.nat({ max: 3 })),
  app: fc.constantFrom('a', 'b'),
  isProtected: fc.boolean(),
});

/** How a file of policies is written. */
const style = fc.constantFrom('block', 'block', 'crlf', 'flow', 'list');

/**
 * Fleets with taints, clusters without Flux or not ready, policies of all sorts, overrides, and releases that need one
 * another and sources of every kind.
 */
export const generatedFleet: fc.Arbitrary<GeneratedFleet> = fc
  .record({
    clusters: fc.array(cluster, { minLength: 2, maxLength: 5 }),
    releases: fc.array(release, { minLength: 1, maxLength: 4 }),
    workload: fc.option(namespace),
    policies: propagationPolicies(names),
    overrides: fc.oneof(fc.constant<readonly JsonObject[]>([]), overridePolicies(names)),
    hasSecret: fc.boolean(),
    style,
  })
  .map(({ clusters, releases, workload, policies, overrides, hasSecret, style: written }) => ({
    clusters: names.clusters.slice(0, clusters.length),
    releases: [
      ...releases.map((each, i) => keyOf('HelmRelease', nameAt(i), each.namespace)),
      ...(workload === null ? [] : [keyOf('Deployment', 'web', workload)]),
    ],
    documents: {
      'file:///fleet.yaml': text(clusters.map((each, i) => printYaml(toCluster(each, i)))),
      'file:///app/releases.yaml': text([
        ...releases.map((each, i) => toRelease(each, i, releases)),
        ...(workload === null ? [] : [toWorkload(workload)]),
      ]),
      'file:///app/sources.yaml': text(names.namespaces.flatMap((at) => toSources(at, hasSecret))),
      ...(overrides.length > 0
        ? { 'file:///overrides.yaml': text(overrides.map((each) => printYaml(each))) }
        : {}),
      ...(policies.length > 0 ? { 'file:///policies.yaml': styled(policies, written) } : {}),
    },
  }));

function nameAt(i: number): string {
  return names.releases[i] ?? '';
}

function text(objects: readonly string[]): string {
  return objects
    .map((each, i) => `# about object ${i}\n${each.replace('\n', ` # kind of ${i}\n`)}`)
    .join('---\n');
}

function styled(policies: readonly JsonObject[], written: string): string {
  const block = text(policies.map((each) => printYaml(each)));
  switch (written) {
    case 'crlf':
      return block.replaceAll('\n', '\r\n');
    case 'flow':
      return policies
        .map((each) => `# in a line\n${JSON.stringify(each)} # behind\n`)
        .join('---\n');
    case 'list':
      return text([printYaml({ apiVersion: 'v1', kind: 'List', items: [...policies] })]);
    default:
      return block;
  }
}

type Of<T> = T extends fc.Arbitrary<infer V> ? V : never;

function toCluster({ env, region, taint, served }: Of<typeof cluster>, i: number): JsonObject {
  const value = taint === 'dedicated' ? { value: 'x' } : {};
  const taints = taint === '' ? [] : [{ key: taint, ...value, effect: 'NoSchedule' }];
  const all = member(names.clusters[i] ?? '', { labels: { env }, region, taints });
  const { apiEnablements, ...status } = all['status'] as { apiEnablements: JsonObject[] };
  return { ...all, status: { ...status, apiEnablements: apiEnablements.slice(-served) } };
}

function toRelease(
  about: Of<typeof release>,
  i: number,
  all: readonly Of<typeof release>[],
): string {
  const { dependsOn, values, isOptional, source: name, sourceKind: kind, app } = about;
  const on = dependsOn === null ? undefined : all[dependsOn];
  const waits = on && on !== about && dependsOn !== null && dependsOn < i;
  const [valuesKind = '', valuesName = ''] = values.split('/');
  const ref = { kind, name, namespace: about.sourceNamespace };
  const spec = {
    interval: '5m',
    ...(kind === 'OCIRepository' || kind === 'HelmChart'
      ? { chartRef: ref }
      : { chart: { spec: { chart: 'podinfo', sourceRef: ref } } }),
    ...(waits ? { dependsOn: [{ name: nameAt(dependsOn), namespace: on.namespace }] } : {}),
    ...(values === ''
      ? {}
      : { valuesFrom: [{ kind: valuesKind, name: valuesName, optional: isOptional }] }),
  };
  const guard = about.isProtected
    ? { 'resourcetemplate.karmada.io/deletion-protected': 'Always' }
    : {};
  const place = { namespace: about.namespace, labels: { app, ...guard } };
  return object('HelmRelease', nameAt(i), { spec }, place);
}

function toWorkload(at: string): string {
  const labels = { app: 'web' };
  const template = {
    metadata: { labels },
    spec: { containers: [{ name: 'web', image: 'nginx' }] },
  };
  const spec = { replicas: 4, selector: { matchLabels: labels }, template };
  return object('Deployment', 'web', { spec }, { namespace: at });
}

function toSources(at: string, hasSecret: boolean): readonly string[] {
  const secretRef = hasSecret ? { secretRef: { name: 'registry' } } : {};
  const from = (kind: string, name: string, spec: JsonObject): string =>
    object(kind, name, { spec: { interval: '5m', ...spec } }, { namespace: at });
  const sourceRef = { kind: 'HelmRepository', name: 's1' };
  const url = 'https://example.com/charts';
  return [
    from('HelmRepository', 's0', { url, ...secretRef }),
    from('HelmRepository', 's1', { url }),
    from('GitRepository', 's0', { url, ...secretRef }),
    from('GitRepository', 's1', { url }),
    from('OCIRepository', 's0', { url: 'oci://example.com/charts' }),
    from('OCIRepository', 's1', { url: 'oci://example.com/charts', ...secretRef }),
    from('HelmChart', 's0', { chart: 'podinfo', sourceRef }),
    object('ConfigMap', 'v0', { data: { 'values.yaml': 'a: 1\n' } }, { namespace: at }),
    ...(hasSecret
      ? [object('Secret', 'registry', { stringData: { username: 'u' } }, { namespace: at })]
      : []),
  ];
}
