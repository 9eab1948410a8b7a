import {
  apiGroup,
  applyDefaults,
  findSchema,
  isObject,
  kindSchemas,
  member,
  memberAt,
  stringMember,
  validate,
  withMember,
  withoutMember,
} from '../engine/index.ts';
import type { JsonObject, Validation } from '../engine/index.ts';
import { observedCluster } from './fleet.ts';
import { withoutUnknown } from './live/policyFields.ts';
import type { PolicyFields } from './live/policyFields.ts';
import { preferredApiVersion, versionsServed } from './live/servedVersions.ts';
import type { VersionsInForce } from './live/servedVersions.ts';
import { isNamespaced } from './scope.ts';
import { isEncrypted } from './silencing/encrypted.ts';

/** What an object is to Karmada. */
export type Role = 'cluster' | 'propagation' | 'override' | 'template';

/** One object as the control plane would hold it after an apply. */
export interface Ingested {
  readonly role: Role;
  readonly apiVersion: string;
  readonly kind: string;
  /** Empty for cluster-scoped objects. */
  readonly namespace: string;
  readonly name: string;
  /** Whether the namespace is the default one because the document names none. */
  readonly namespaceAssumed: boolean;
  /** As stored, with the defaults of schema and webhooks. Absent when the server refuses it. */
  readonly stored?: JsonObject;
  /** The server's answer when it refuses. */
  readonly refusal?: Validation;
}

export interface IngestContext extends VersionsInForce {
  readonly policies: PolicyFields;
  readonly defaultNamespace: string;
  readonly declaredScopes: ReadonlyMap<string, boolean>;
}

const roles: { readonly [groupKind: string]: Role } = {
  'cluster.karmada.io/Cluster': 'cluster',
  'policy.karmada.io/PropagationPolicy': 'propagation',
  'policy.karmada.io/ClusterPropagationPolicy': 'propagation',
  'policy.karmada.io/OverridePolicy': 'override',
  'policy.karmada.io/ClusterOverridePolicy': 'override',
};

/** What objects of a kind are to Karmada. */
export function roleOf(apiVersion: string, kind: string): Role {
  return roles[`${apiGroup(apiVersion)}/${kind}`] ?? 'template';
}

/** Files for tools on the user's machine: no server ever sees them. */
const clientSide = /^(kustomize\.config\.k8s\.io|kubeadm\.k8s\.io|kind\.x-k8s\.io|skaffold)\//;

/** Whether an apiVersion is one of such a file. */
export function isClientSide(apiVersion: string): boolean {
  return clientSide.test(apiVersion);
}

/**
 * What an apply of one object leaves on the control plane: its namespace, the server's defaults and, for Flux kinds,
 * the version in which the detector sees it (`pkg/util/lifted/discovery.go`: each kind only in its preferred
 * version). `undefined` for what is no Kubernetes object.
 */
export function ingest(object: JsonObject, context: IngestContext): Ingested | undefined {
  const apiVersion = stringMember(object, 'apiVersion');
  const kind = stringMember(object, 'kind');
  const name = memberAt(object, 'metadata', 'name');
  if (apiVersion === '' || kind === '' || typeof name !== 'string' || name === '') return undefined;
  if (isClientSide(apiVersion)) return undefined;

  const given = memberAt(object, 'metadata', 'namespace');
  const namespaced = isNamespaced(apiVersion, kind, context.declaredScopes);
  const named = typeof given === 'string' && given !== '';
  const namespace = !namespaced ? '' : named ? given : context.defaultNamespace;
  const identity = {
    role: roleOf(apiVersion, kind),
    apiVersion,
    kind,
    namespace,
    name,
    namespaceAssumed: namespaced && !named,
  };
  // Flux decrypts before it applies; until then the server could only refuse the ciphertext.
  if (isEncrypted(object)) {
    const decrypted = withoutMember(object, 'sops');
    return { ...identity, stored: withNamespace(decrypted, namespace, namespaced) };
  }
  const applied = withNamespace(object, namespace, namespaced);
  // A Cluster is an observation, written down from a control plane of any version: it is taken as it is.
  if (identity.role === 'cluster') return { ...identity, stored: observedCluster(object) };
  const refusal = notServed(apiVersion, kind, context);
  if (refusal) return { ...identity, refusal };
  if (!findSchema(apiVersion, kind, context.fluxVersion)) return { ...identity, stored: applied };
  const { unknown } = context.policies;
  const modelled = withoutUnknown(applied, unknown.get(kind));
  const answer = validate(modelled, context.fluxVersion);
  if (answer.status !== 201) return { ...identity, refusal: answer };
  const withSpec = withMember(modelled, 'spec', answer.spec ?? null);
  return { ...identity, stored: inPreferredVersion(withSpec, kind, context) };
}

function withNamespace(object: JsonObject, namespace: string, namespaced: boolean): JsonObject {
  const metadata = member(object, 'metadata');
  if (!namespaced || !isObject(metadata) || member(metadata, 'namespace') === namespace)
    return object;
  return withMember(object, 'metadata', withMember(metadata, 'namespace', namespace));
}

/**
 * The API server's refusal of a version that Karmada, or the Flux release in force, does not serve. A live API server
 * is believed.
 */
function notServed(
  apiVersion: string,
  kind: string,
  context: IngestContext,
): Validation | undefined {
  const group = apiGroup(apiVersion);
  if (!group.endsWith('.toolkit.fluxcd.io') && group !== 'policy.karmada.io') return undefined;
  const known = kindSchemas.some(
    (entry) => apiGroup(entry.apiVersion) === group && entry.kind === kind,
  );
  if (!known || isServed(apiVersion, kind, context)) return undefined;
  return {
    status: 400,
    reason: 'BadRequest',
    message: `no matches for kind "${kind}" in version "${apiVersion}"`,
  };
}

function isServed(apiVersion: string, kind: string, context: IngestContext): boolean {
  const group = apiGroup(apiVersion);
  if (!context.served || group === 'policy.karmada.io') {
    return findSchema(apiVersion, kind, context.fluxVersion) !== undefined;
  }
  return versionsServed(group, kind, context).includes(apiVersion.slice(group.length + 1));
}

/** The object as the detector reads it: in the preferred version of its kind, with that version's defaults. */
export function inPreferredVersion(
  object: JsonObject,
  kind: string,
  inForce: VersionsInForce,
): JsonObject {
  const apiVersion = stringMember(object, 'apiVersion');
  const preferred = preferredApiVersion({ apiVersion, kind }, inForce);
  if (preferred === undefined || preferred === apiVersion) return object;
  const schema = findSchema(preferred, kind, inForce.fluxVersion);
  const converted = withMember(object, 'apiVersion', preferred);
  return schema ? applyDefaults(converted, schema) : converted;
}
