import { createWorkspace } from '../../../../src/analysis/index.ts';
import type {
  LiveControlPlane,
  Workspace,
  WorkspaceOptions,
} from '../../../../src/analysis/index.ts';
import type { JsonObject } from '../../../../src/engine/index.ts';

/** A cluster that serves the newest Flux. */
export function cluster(name: string, more: JsonObject = {}): JsonObject {
  const enablement = (groupVersion: string, kind: string): JsonObject => ({
    groupVersion,
    resources: [{ name: `${kind.toLowerCase()}s`, kind }],
  });
  return {
    apiVersion: 'cluster.karmada.io/v1alpha1',
    kind: 'Cluster',
    metadata: { name },
    spec: { syncMode: 'Push', ...more },
    status: {
      apiEnablements: [
        enablement('helm.toolkit.fluxcd.io/v2', 'HelmRelease'),
        enablement('source.toolkit.fluxcd.io/v1', 'HelmRepository'),
        enablement('v1', 'Secret'),
      ],
    },
  };
}

const claimId = '6d5e8f0a';

/** What Karmada writes onto what PropagationPolicy apps/all claims. */
const claim: JsonObject = {
  labels: { 'propagationpolicy.karmada.io/permanent-id': claimId },
  annotations: {
    'propagationpolicy.karmada.io/namespace': 'apps',
    'propagationpolicy.karmada.io/name': 'all',
  },
};

export function release(name: string, metadata: JsonObject = claim): JsonObject {
  return {
    apiVersion: 'helm.toolkit.fluxcd.io/v2',
    kind: 'HelmRelease',
    metadata: { name, namespace: 'apps', ...metadata },
    spec: {
      interval: '10m',
      chart: {
        spec: {
          chart: name,
          version: '1.x',
          sourceRef: { kind: 'HelmRepository', name: 'charts' },
        },
      },
    },
  };
}

export const repository: JsonObject = {
  apiVersion: 'source.toolkit.fluxcd.io/v1',
  kind: 'HelmRepository',
  metadata: { name: 'charts', namespace: 'apps', ...claim },
  spec: { interval: '1h', url: 'https://charts.example.com' },
};

/** Claims every release and repository of the namespace for member1 and member2. */
export const policy: JsonObject = {
  apiVersion: 'policy.karmada.io/v1alpha1',
  kind: 'PropagationPolicy',
  metadata: {
    name: 'all',
    namespace: 'apps',
    labels: { 'propagationpolicy.karmada.io/permanent-id': claimId },
  },
  spec: {
    resourceSelectors: [
      { apiVersion: 'helm.toolkit.fluxcd.io/v2', kind: 'HelmRelease', namespace: 'apps' },
      { apiVersion: 'source.toolkit.fluxcd.io/v1', kind: 'HelmRepository', namespace: 'apps' },
    ],
    placement: { clusterAffinity: { clusterNames: ['member1', 'member2'] } },
  },
};

export const releaseKey = (name: string): string =>
  `helm.toolkit.fluxcd.io/v2/HelmRelease/apps/${name}`;

const onBoth = { clusters: [{ name: 'member1' }, { name: 'member2' }] };

/** Three clusters; releases shop and blog on two of them. */
export function controlPlane(more: Partial<LiveControlPlane> = {}): LiveControlPlane {
  return {
    context: 'prod',
    karmadaVersion: '1.18.2',
    served: new Map([
      ['helm.toolkit.fluxcd.io', ['v2']],
      ['source.toolkit.fluxcd.io', ['v1']],
    ]),
    clusters: ['member1', 'member2', 'member3'].map((name) => cluster(name)),
    objects: [release('shop'), release('blog'), repository, policy],
    previous: new Map([
      [releaseKey('shop'), onBoth],
      [releaseKey('blog'), onBoth],
      ['source.toolkit.fluxcd.io/v1/HelmRepository/apps/charts', onBoth],
    ]),
    unread: new Set(),
    ...more,
  };
}

/** A workspace of documents by name, over a control plane. */
export function over(
  live: LiveControlPlane | undefined,
  documents: Readonly<Record<string, string>>,
  options: WorkspaceOptions = {},
): Workspace {
  const workspace = createWorkspace(options);
  for (const [uri, text] of Object.entries(documents)) workspace.update(uri, text);
  workspace.setLive(live);
  return workspace;
}

export const codesIn = (workspace: Workspace, uri: string): readonly string[] =>
  workspace.diagnostics(uri).map(({ code }) => code);
