/** What a policy in a test is made of. */
export interface PolicyText {
  readonly kind?: string;
  readonly name?: string;
  readonly namespace?: string;
  /** `KIND` or `KIND NAME`, of Flux or of the core group; more fields follow in braces. */
  readonly selects: readonly string[];
  /** Flow YAML. */
  readonly placement?: string;
  /** Further lines of the spec. */
  readonly more?: string;
}

const versions: { readonly [kind: string]: string } = {
  HelmRelease: 'helm.toolkit.fluxcd.io/v2',
  HelmRepository: 'source.toolkit.fluxcd.io/v1',
  OCIRepository: 'source.toolkit.fluxcd.io/v1',
  HelmChart: 'source.toolkit.fluxcd.io/v1',
  GitRepository: 'source.toolkit.fluxcd.io/v1',
  ClusterRole: 'rbac.authorization.k8s.io/v1',
  Deployment: 'apps/v1',
};

/** A propagation policy. */
export function policy(text: PolicyText): string {
  const { kind = 'PropagationPolicy', name = 'podinfo', namespace = 'apps' } = text;
  const scope = kind.startsWith('Cluster') ? '' : `  namespace: ${namespace}\n`;
  return `apiVersion: policy.karmada.io/v1alpha1
kind: ${kind}
metadata:
  name: ${name}
${scope}spec:
${text.more ?? ''}  resourceSelectors:
${text.selects.map(selector).join('')}  placement: ${text.placement ?? '{}'}
`;
}

function selector(text: string): string {
  const [, kind = '', name = '', more = ''] = /^(\S+)(?: (\S+))?((?:\n.*)*)$/.exec(text) ?? [];
  const lines = more.split('\n').filter(Boolean);
  return [
    `    - apiVersion: ${versions[kind] ?? 'v1'}`,
    `      kind: ${kind}`,
    ...(name === '' ? [] : [`      name: ${name}`]),
    ...lines.map((line) => `      ${line}`),
    '',
  ].join('\n');
}

/** An object with metadata and a spec in flow YAML, in namespace `apps` unless the name has another. */
export function object(kind: string, name: string, spec = '{}', labels = '{}'): string {
  const [namespace = '', own] = name.split('/');
  return `apiVersion: ${versions[kind] ?? 'v1'}
kind: ${kind}
metadata:
  name: ${own ?? namespace}
  namespace: ${own === undefined ? 'apps' : namespace}
  labels: ${labels}
${kind === 'ConfigMap' ? 'data' : 'spec'}: ${spec}
`;
}

/** A HelmRelease with a chart from a HelmRepository; more fields in flow YAML. */
export function releaseOf(name: string, repository: string, more = ''): string {
  const spec = `{ interval: 5m, chart: { spec: { chart: podinfo, sourceRef: { kind: HelmRepository, name: ${repository} } } }${more} }`;
  return object('HelmRelease', name, spec);
}

/** A HelmRepository. */
export function repositoryOf(name: string): string {
  return object('HelmRepository', name, '{ interval: 5m, url: https://example.com/charts }');
}
