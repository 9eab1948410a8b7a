import type { VersionsInForce } from '../live/servedVersions.ts';
import { writableTypes } from './writableTypes.ts';

/** A whole object to fill in. */
export interface DocumentSnippet {
  readonly name: string;
  readonly description: string;
  /** The lines of a snippet. */
  readonly body: string;
}

/** The whole objects that can be begun with, in the versions that the Flux in force prefers. */
export function documentSnippets(inForce: VersionsInForce): readonly DocumentSnippet[] {
  const answered = known.get(inForce);
  if (answered) return answered;
  const snippets = snippetsFor(inForce);
  known.set(inForce, snippets);
  return snippets;
}

const known = new WeakMap<VersionsInForce, readonly DocumentSnippet[]>();

function snippetsFor(inForce: VersionsInForce): readonly DocumentSnippet[] {
  const versions = new Map(
    writableTypes(inForce).map(({ kind, apiVersion }) => [kind, apiVersion]),
  );
  return bodies.map(({ body, ...rest }) => ({
    ...rest,
    body: body.replaceAll(/<(\w+)>/g, (_, kind: string) => versions.get(kind) ?? kind),
  }));
}

const spec = (kind: string, name: string, lines: string): string =>
  `apiVersion: <${kind}>\nkind: ${kind}\nmetadata:\n  name: \${1:${name}}\n${lines}`;

const namespaced = '  namespace: ${2:default}\n';

const selector = (release: string): string => `  resourceSelectors:
    - apiVersion: <HelmRelease>
      kind: HelmRelease
      name: ${release}
`;

const placement = `  placement:
    clusterAffinity:
      clusterNames:
        - $0`;

const rules = `  overrideRules:
    - targetCluster:
        clusterNames:
          - \${4:member1}
      overriders:
        plaintext:
          - path: \${5:/spec/values}
            operator: \${6|replace,add,remove|}
            value: $0`;

const bodies: readonly DocumentSnippet[] = [
  {
    name: 'PropagationPolicy',
    description: 'Sends objects of one namespace to member clusters.',
    body: spec(
      'PropagationPolicy',
      'release',
      `${namespaced}spec:\n${selector('${3:release}')}${placement}`,
    ),
  },
  {
    name: 'PropagationPolicy with source',
    description: 'Sends a release and the source of its chart to the same member clusters.',
    body: spec(
      'PropagationPolicy',
      'release',
      `${namespaced}spec:\n${selector('${3:release}')}    - apiVersion: <HelmRepository>
      kind: HelmRepository
      name: \${4:charts}
${placement}`,
    ),
  },
  {
    name: 'ClusterPropagationPolicy',
    description: 'Sends objects of any namespace, or of none, to member clusters.',
    body: spec(
      'ClusterPropagationPolicy',
      'release',
      `spec:
  resourceSelectors:
    - apiVersion: \${2:<HelmRelease>}
      kind: \${3:HelmRelease}
${placement}`,
    ),
  },
  {
    name: 'OverridePolicy',
    description: 'Changes objects of one namespace on some member clusters.',
    body: spec(
      'OverridePolicy',
      'release',
      `${namespaced}spec:\n${selector('${3:release}')}${rules}`,
    ),
  },
  {
    name: 'ClusterOverridePolicy',
    description: 'Changes objects of any namespace, or of none, on some member clusters.',
    body: spec(
      'ClusterOverridePolicy',
      'release',
      `spec:
  resourceSelectors:
    - apiVersion: <HelmRelease>
      kind: HelmRelease
      namespace: \${2:default}
      name: \${3:release}
${rules}`,
    ),
  },
  {
    name: 'HelmRelease',
    description: 'A chart from a Helm repository with its values.',
    body: spec(
      'HelmRelease',
      'release',
      `${namespaced}spec:
  interval: \${3:10m}
  chart:
    spec:
      chart: \${4:chart}
      version: "\${5:*}"
      sourceRef:
        kind: HelmRepository
        name: \${6:charts}
  values:
    $0`,
    ),
  },
  {
    name: 'HelmRelease with chartRef',
    description: 'A chart from an OCI registry with its values.',
    body: spec(
      'HelmRelease',
      'release',
      `${namespaced}spec:
  interval: \${3:10m}
  chartRef:
    kind: OCIRepository
    name: \${4:chart}
  values:
    $0`,
    ),
  },
  {
    name: 'HelmRepository',
    description: 'A repository of Helm charts.',
    body: spec(
      'HelmRepository',
      'charts',
      `${namespaced}spec:\n  interval: \${3:1h}\n  url: \${4:https://example.com/charts}$0`,
    ),
  },
  {
    name: 'OCIRepository',
    description: 'A Helm chart in an OCI registry.',
    body: spec(
      'OCIRepository',
      'chart',
      `${namespaced}spec:
  interval: \${3:1h}
  url: \${4:oci://example.com/charts/chart}
  layerSelector:
    mediaType: application/vnd.cncf.helm.chart.content.v1.tar+gzip
    operation: copy
  ref:
    semver: "\${5:*}"$0`,
    ),
  },
  {
    name: 'GitRepository',
    description: 'A Git repository with charts.',
    body: spec(
      'GitRepository',
      'charts',
      `${namespaced}spec:
  interval: \${3:1h}
  url: \${4:https://example.com/charts.git}
  ref:
    branch: \${5:main}$0`,
    ),
  },
  {
    name: 'Bucket',
    description: 'A bucket with charts.',
    body: spec(
      'Bucket',
      'charts',
      `${namespaced}spec:
  interval: \${3:1h}
  provider: \${4|generic,aws,gcp,azure|}
  bucketName: \${5:charts}
  endpoint: \${6:example.com}$0`,
    ),
  },
];
