import {
  apiGroup,
  findSchema,
  isArray,
  isObject,
  member,
  memberAt,
  stringMember,
} from '../engine/index.ts';
import type { JsonObject } from '../engine/index.ts';

/** Built-in and widely used kinds that have no namespace, as `GROUP/KIND` (the core group is empty). */
const clusterScoped = new Set([
  '/Namespace',
  '/Node',
  '/PersistentVolume',
  '/ComponentStatus',
  'admissionregistration.k8s.io/MutatingWebhookConfiguration',
  'admissionregistration.k8s.io/ValidatingWebhookConfiguration',
  'admissionregistration.k8s.io/ValidatingAdmissionPolicy',
  'admissionregistration.k8s.io/ValidatingAdmissionPolicyBinding',
  'apiextensions.k8s.io/CustomResourceDefinition',
  'apiregistration.k8s.io/APIService',
  'certificates.k8s.io/CertificateSigningRequest',
  'config.karmada.io/ResourceInterpreterCustomization',
  'config.karmada.io/ResourceInterpreterWebhookConfiguration',
  'flowcontrol.apiserver.k8s.io/FlowSchema',
  'flowcontrol.apiserver.k8s.io/PriorityLevelConfiguration',
  'gateway.networking.k8s.io/GatewayClass',
  'networking.k8s.io/IngressClass',
  'node.k8s.io/RuntimeClass',
  'policy.karmada.io/ClusterTaintPolicy',
  'rbac.authorization.k8s.io/ClusterRole',
  'rbac.authorization.k8s.io/ClusterRoleBinding',
  'scheduling.k8s.io/PriorityClass',
  'storage.k8s.io/CSIDriver',
  'storage.k8s.io/CSINode',
  'storage.k8s.io/StorageClass',
  'storage.k8s.io/VolumeAttachment',
]);

/** Scopes that CustomResourceDefinitions among the objects declare: `GROUP/KIND` to whether it is namespaced. */
export function declaredScopes(objects: Iterable<JsonObject>): ReadonlyMap<string, boolean> {
  const scopes = new Map<string, boolean>();
  for (const object of objects) {
    if (member(object, 'kind') !== 'CustomResourceDefinition') continue;
    const spec = member(object, 'spec');
    const kind = memberAt(spec, 'names', 'kind');
    if (typeof kind !== 'string') continue;
    scopes.set(`${stringMember(spec, 'group')}/${kind}`, stringMember(spec, 'scope') !== 'Cluster');
  }
  return scopes;
}

/**
 * Whether objects of a kind live in a namespace. Known kinds are known; a CustomResourceDefinition among the
 * objects decides for its kind; any other kind counts as namespaced unless its name starts with `Cluster`, the
 * convention for the cluster-scoped twin of a kind.
 */
export function isNamespaced(
  apiVersion: string,
  kind: string,
  declared: ReadonlyMap<string, boolean>,
): boolean {
  const groupKind = `${apiGroup(apiVersion)}/${kind}`;
  const known = findSchema(apiVersion, kind);
  if (known) return known.namespaced;
  return declared.get(groupKind) ?? !(clusterScoped.has(groupKind) || /^Cluster[A-Z]/.test(kind));
}

/** Whether a kind surely has no namespace: `isNamespaced` without the guess by name. */
export function isClusterScoped(
  apiVersion: string,
  kind: string,
  declared: ReadonlyMap<string, boolean>,
): boolean {
  const groupKind = `${apiGroup(apiVersion)}/${kind}`;
  const isKnown =
    findSchema(apiVersion, kind) !== undefined ||
    declared.has(groupKind) ||
    clusterScoped.has(groupKind);
  return isKnown && !isNamespaced(apiVersion, kind, declared);
}

/** An object and the path to it in its document. */
interface Located {
  readonly path: readonly (string | number)[];
  readonly object: JsonObject;
}

const deepestList = 20;

/** The objects of a document: itself, or the items of a `List`, lists among them opened too as kubectl does. */
export function objectsIn(value: unknown, path: Located['path'] = []): readonly Located[] {
  if (!isObject(value)) return [];
  const items = member(value, 'items');
  if (!stringMember(value, 'kind').endsWith('List') || !isArray(items)) {
    return [{ path, object: value }];
  }
  if (path.length >= 2 * deepestList) return [];
  return items.flatMap((item, i) => objectsIn(item, [...path, 'items', i]));
}
