import { apiGroup } from './apiVersion.ts';
import { arrayMember, member, memberAt, stringMember } from './json.ts';
import { helmReleaseGroup } from './schema/flux/helmRelease.ts';
import { sourceGroup } from './schema/flux/source.ts';
import type { JsonObject, JsonValue } from './types.ts';

/** An object that a Flux object needs in the same cluster. */
export interface FluxReference {
  /** Where the reference stands: a mapping with `name`, or the name itself. */
  readonly path: readonly (string | number)[];
  /** API group; empty for Secrets, ConfigMaps and ServiceAccounts. */
  readonly group: string;
  readonly kind: string;
  /** Namespace after defaulting; empty when neither the reference nor the object gives one. */
  readonly namespace: string;
  readonly name: string;
  /** Whether Flux goes on without it. */
  readonly optional: boolean;
}

/** A reference before namespaces are filled in. */
interface Found {
  readonly path: readonly (string | number)[];
  readonly group: string;
  readonly kind: string;
  readonly name: string;
  /** As written, empty when left out. Local references never have one. */
  readonly namespace: string;
  readonly optional: boolean;
}

type Path = readonly (string | number)[];

/** Paths of the local references of each kind of source. */
const secretPaths: { readonly [kind: string]: readonly (readonly string[])[] } = {
  HelmRepository: [['secretRef'], ['certSecretRef']],
  OCIRepository: [
    ['secretRef'],
    ['certSecretRef'],
    ['proxySecretRef'],
    ['verify', 'secretRef'],
    ['verify', 'trustedRootSecretRef'],
  ],
  HelmChart: [['verify', 'secretRef']],
  GitRepository: [['secretRef'], ['proxySecretRef'], ['verify', 'secretRef']],
  Bucket: [
    ['secretRef'],
    ['certSecretRef'],
    ['proxySecretRef'],
    ['sts', 'secretRef'],
    ['sts', 'certSecretRef'],
  ],
};

/**
 * What a HelmRelease or a source of Flux refers to, in any version. References without a name, or without a kind
 * where one is needed, are left out; for other kinds the answer is empty.
 *
 * Follows helm-controller (`internal/controller/helmrelease_controller.go`, `internal/reconcile/helmchart_template.go`)
 * and source-controller (`internal/controller`).
 */
export function references(object: JsonObject): readonly FluxReference[] {
  const group = apiGroup(stringMember(object, 'apiVersion'));
  const kind = stringMember(object, 'kind');
  const spec = member(object, 'spec');
  const own = stringMember(member(object, 'metadata'), 'namespace');
  const found =
    group === helmReleaseGroup && kind === 'HelmRelease'
      ? ofHelmRelease(spec)
      : group === sourceGroup
        ? ofSource(kind, spec)
        : [];
  return found.map((reference) => ({ ...reference, namespace: reference.namespace || own }));
}

function ofHelmRelease(spec: JsonValue | undefined): readonly Found[] {
  const sourceRef = memberAt(spec, 'chart', 'spec', 'sourceRef');
  const verify = ['chart', 'spec', 'verify', 'secretRef'];
  return [
    ...crossNamespace(spec, ['chart', 'spec', 'sourceRef'], sourceGroup),
    // The HelmChart that looks for this Secret lives beside its source.
    ...secret(spec, verify).map((found) => ({
      ...found,
      namespace: stringMember(sourceRef, 'namespace'),
    })),
    ...crossNamespace(spec, ['chartRef'], sourceGroup),
    ...arrayMember(spec, 'dependsOn').flatMap((item, i) =>
      reference(item, ['spec', 'dependsOn', i], {
        group: helmReleaseGroup,
        kind: 'HelmRelease',
        namespace: stringMember(item, 'namespace'),
      }),
    ),
    ...arrayMember(spec, 'valuesFrom').flatMap((item, i) =>
      reference(item, ['spec', 'valuesFrom', i], {
        group: '',
        kind: stringMember(item, 'kind'),
        optional: member(item, 'optional') === true,
      }),
    ),
    ...secret(spec, ['kubeConfig', 'secretRef']),
    ...local(spec, ['kubeConfig', 'configMapRef'], '', 'ConfigMap'),
    // With a kubeConfig the ServiceAccount belongs to that other cluster.
    ...(memberAt(spec, 'kubeConfig') === undefined ? serviceAccount(spec) : []),
  ];
}

function ofSource(kind: string, spec: JsonValue | undefined): readonly Found[] {
  const secrets = Object.hasOwn(secretPaths, kind) ? (secretPaths[kind] ?? []) : [];
  const found = secrets.flatMap((path) => secret(spec, path));
  switch (kind) {
    case 'HelmChart':
      return [...typed(spec, ['sourceRef']), ...found];
    case 'GitRepository':
      return [...included(spec), ...found, ...serviceAccount(spec)];
    case 'OCIRepository':
    case 'Bucket':
      return [...found, ...serviceAccount(spec)];
    case 'ExternalArtifact':
      return externalSource(spec);
    default:
      return found;
  }
}

function included(spec: JsonValue | undefined): readonly Found[] {
  return arrayMember(spec, 'include').flatMap((item, i) =>
    reference(member(item, 'repository'), ['spec', 'include', i, 'repository'], {
      group: sourceGroup,
      kind: 'GitRepository',
    }),
  );
}

/** The object of another controller; its API group is in the reference. */
function externalSource(spec: JsonValue | undefined): readonly Found[] {
  const sourceRef = member(spec, 'sourceRef');
  return crossNamespace(spec, ['sourceRef'], apiGroup(stringMember(sourceRef, 'apiVersion')));
}

/** A reference with kind, name and perhaps a namespace. */
function crossNamespace(
  spec: JsonValue | undefined,
  path: readonly string[],
  group: string,
): readonly Found[] {
  const namespace = stringMember(memberAt(spec, ...path), 'namespace');
  return typed(spec, path, group).map((found) => ({ ...found, namespace }));
}

/** A reference with kind and name, in the namespace of the object. */
function typed(
  spec: JsonValue | undefined,
  path: readonly string[],
  group = sourceGroup,
): readonly Found[] {
  return local(spec, path, group, stringMember(memberAt(spec, ...path), 'kind'));
}

function secret(spec: JsonValue | undefined, path: readonly string[]): readonly Found[] {
  return local(spec, path, '', 'Secret');
}

function local(
  spec: JsonValue | undefined,
  path: readonly string[],
  group: string,
  kind: string,
): readonly Found[] {
  return reference(memberAt(spec, ...path), ['spec', ...path], { group, kind });
}

function serviceAccount(spec: JsonValue | undefined): readonly Found[] {
  return reference(
    { name: stringMember(spec, 'serviceAccountName') },
    ['spec', 'serviceAccountName'],
    {
      group: '',
      kind: 'ServiceAccount',
    },
  );
}

function reference(
  value: JsonValue | undefined,
  path: Path,
  about: Pick<Found, 'group' | 'kind'> & Partial<Pick<Found, 'namespace' | 'optional'>>,
): readonly Found[] {
  const name = stringMember(value, 'name');
  if (name === '' || about.kind === '') return [];
  return [{ path, name, namespace: '', optional: false, ...about }];
}
