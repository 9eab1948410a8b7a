import { createWorkspace } from '../../src/analysis/index.ts';
import type { Workspace, WorkspaceOptions } from '../../src/analysis/index.ts';

/** A workspace over some documents by name. */
export function open(documents: { [uri: string]: string }, options?: WorkspaceOptions): Workspace {
  const workspace = createWorkspace(options);
  for (const [uri, text] of Object.entries(documents)) workspace.update(uri, text);
  return workspace;
}

/** A Cluster that serves Flux 2.9, as YAML. */
export function cluster(name: string, more = ''): string {
  return `---
apiVersion: cluster.karmada.io/v1alpha1
kind: Cluster
metadata:
  name: ${name}
spec:
  syncMode: Push
${more}status:
  apiEnablements:
    - groupVersion: helm.toolkit.fluxcd.io/v2
      resources: [{ kind: HelmRelease, name: helmreleases }]
    - groupVersion: v1
      resources: [{ kind: Secret, name: secrets }]
`;
}

export const release = `apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata:
  name: podinfo
  namespace: apps
spec:
  interval: 5m
  chart:
    spec:
      chart: podinfo
      sourceRef: { kind: HelmRepository, name: podinfo }
  values:
    replicaCount: 1
`;

export const releaseKey = 'helm.toolkit.fluxcd.io/v2/HelmRelease/apps/podinfo';

export const propagation = `apiVersion: policy.karmada.io/v1alpha1
kind: PropagationPolicy
metadata:
  name: everywhere
  namespace: apps
spec:
  resourceSelectors:
    - apiVersion: helm.toolkit.fluxcd.io/v2
      kind: HelmRelease
    - apiVersion: v1
      kind: Secret
  placement: {}
`;

/** An OverridePolicy with one plaintext item for some clusters. */
export function overridePolicy(
  clusters: string,
  path: string,
  value: string,
  operator = 'add',
): string {
  return `apiVersion: policy.karmada.io/v1alpha1
kind: OverridePolicy
metadata:
  name: change
  namespace: apps
spec:
  overrideRules:
    - targetCluster:
        clusterNames: [${clusters}]
      overriders:
        plaintext:
          - path: ${path}
            operator: ${operator}
            value: ${value}
`;
}
