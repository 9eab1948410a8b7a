import { memberAt, stringMember } from '../../src/engine/index.ts';
import type { JsonObject } from '../../src/engine/index.ts';

/*
 * What Karmada's binding controllers make of a template, as far as a push waits for it: a binding with a permanent id, and
 * a Work in the execution namespace of each cluster that carries it as a label. Nothing is scheduled or overridden.
 */

/** The binding of a template of a namespace. */
export function bindingOf(template: JsonObject, clusters: readonly string[]): JsonObject {
  const { apiVersion, kind, namespace, name } = namesOf(template);
  return {
    apiVersion: 'work.karmada.io/v1alpha2',
    kind: 'ResourceBinding',
    metadata: {
      name: bindingName(template),
      namespace,
      labels: { [idLabel]: permanentId(template) },
    },
    spec: {
      resource: { apiVersion, kind, namespace, name, uid: `uid-${name}` },
      clusters: clusters.map((cluster) => ({ name: cluster })),
    },
  };
}

/** The Work of a template for a cluster. */
export function workOf(
  template: JsonObject,
  cluster: string,
  { isHeld = false }: { readonly isHeld?: boolean } = {},
): JsonObject {
  const { namespace, name } = namesOf(template);
  const { managedFields: _, ...metadata } = template['metadata'] as JsonObject;
  for (const field of ['uid', 'resourceVersion', 'creationTimestamp', 'generation']) {
    Reflect.deleteProperty(metadata, field);
  }
  return {
    apiVersion: 'work.karmada.io/v1alpha1',
    kind: 'Work',
    metadata: {
      name: `${name}-work`,
      namespace: `karmada-es-${cluster}`,
      labels: { [idLabel]: permanentId(template) },
      annotations: {
        'resourcebinding.karmada.io/namespace': namespace,
        'resourcebinding.karmada.io/name': bindingName(template),
      },
    },
    spec: {
      suspendDispatching: isHeld,
      workload: { manifests: [{ ...template, metadata }] },
    },
  };
}

const idLabel = 'resourcebinding.karmada.io/permanent-id';

function namesOf(object: JsonObject) {
  const metadata = memberAt(object, 'metadata');
  return {
    apiVersion: stringMember(object, 'apiVersion'),
    kind: stringMember(object, 'kind'),
    namespace: stringMember(metadata, 'namespace'),
    name: stringMember(metadata, 'name'),
  };
}

function bindingName(template: JsonObject): string {
  const { kind, name } = namesOf(template);
  return `${name}-${kind.toLowerCase()}`;
}

function permanentId(template: JsonObject): string {
  const { namespace, name } = namesOf(template);
  return `id-${namespace}-${name}`;
}
