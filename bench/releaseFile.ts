/** The texts of a workspace with many releases in one file. */
export interface ReleaseTexts {
  /** The member clusters, as a file beside it. */
  readonly fleet: string;
  /** The releases and everything that touches them. */
  readonly releases: string;
}

const namespace = 'apps';

/**
 * A file as a team may have it: releases of about 450 bytes, their sources, the policies that propagate both, an
 * override of all releases in production and one of every 40th release alone. Nothing is wrong in it. The same
 * count gives the same text.
 */
export function releaseTexts(releases: number): ReleaseTexts {
  const sources = Math.ceil(releases / 20);
  return {
    fleet: range(12, cluster).join(''),
    releases: [
      ...range(sources, source),
      ...range(releases, (i) => release(i, i % sources)),
      policy('sources', 'source.toolkit.fluxcd.io/v1', 'HelmRepository'),
      policy('releases', 'helm.toolkit.fluxcd.io/v2', 'HelmRelease'),
      commonOverride,
      ...range(Math.floor(releases / 40), (i) => ownOverride(i * 40)),
    ].join(''),
  };
}

function range(count: number, make: (index: number) => string): string[] {
  return Array.from({ length: count }, (_, index) => make(index));
}

function cluster(index: number): string {
  return `---
apiVersion: cluster.karmada.io/v1alpha1
kind: Cluster
metadata:
  name: member${index + 1}
  labels:
    env: ${index % 3 === 0 ? 'staging' : 'prod'}
spec:
  syncMode: Push
  provider: ${index % 2 === 0 ? 'aws' : 'gcp'}
  region: eu-central-1
status:
  kubernetesVersion: v1.36.1
  apiEnablements:
    - groupVersion: helm.toolkit.fluxcd.io/v2
      resources:
        - name: helmreleases
          kind: HelmRelease
    - groupVersion: source.toolkit.fluxcd.io/v1
      resources:
        - name: helmrepositories
          kind: HelmRepository
`;
}

function source(index: number): string {
  return `---
apiVersion: source.toolkit.fluxcd.io/v1
kind: HelmRepository
metadata:
  name: charts-${index}
  namespace: ${namespace}
spec:
  interval: 1h
  url: https://charts.example.com/team-${index}
`;
}

function release(index: number, repository: number): string {
  return `---
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata:
  name: app-${index}
  namespace: ${namespace}
  labels:
    team: t${index % 7}
spec:
  interval: 10m
  chart:
    spec:
      chart: app-${index}
      version: 1.x
      sourceRef:
        kind: HelmRepository
        name: charts-${repository}
  values:
    environment: none
    replicaCount: ${1 + (index % 3)}
    image:
      repository: ghcr.io/example/app-${index}
      tag: 1.${index}.0
    resources:
      requests:
        cpu: ${100 + index}m
        memory: 128Mi
`;
}

function policy(name: string, apiVersion: string, kind: string): string {
  return `---
apiVersion: policy.karmada.io/v1alpha1
kind: PropagationPolicy
metadata:
  name: ${name}
  namespace: ${namespace}
spec:
  resourceSelectors:
    - apiVersion: ${apiVersion}
      kind: ${kind}
  placement:
    clusterAffinity:
      labelSelector:
        matchExpressions:
          - key: env
            operator: In
            values: [staging, prod]
`;
}

const commonOverride = `---
apiVersion: policy.karmada.io/v1alpha1
kind: OverridePolicy
metadata:
  name: production
  namespace: ${namespace}
spec:
  resourceSelectors:
    - apiVersion: helm.toolkit.fluxcd.io/v2
      kind: HelmRelease
  overrideRules:
    - targetCluster:
        labelSelector:
          matchLabels:
            env: prod
      overriders:
        plaintext:
          - path: /spec/values/environment
            operator: replace
            value: production
          - path: /spec/interval
            operator: replace
            value: 30m
`;

function ownOverride(index: number): string {
  return `---
apiVersion: policy.karmada.io/v1alpha1
kind: OverridePolicy
metadata:
  name: app-${index}
  namespace: ${namespace}
spec:
  resourceSelectors:
    - apiVersion: helm.toolkit.fluxcd.io/v2
      kind: HelmRelease
      name: app-${index}
  overrideRules:
    - targetCluster:
        clusterNames: [member2]
      overriders:
        plaintext:
          - path: /spec/values/image/tag
            operator: replace
            value: 2.${index}.0
`;
}
