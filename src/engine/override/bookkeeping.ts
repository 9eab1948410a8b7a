import { compareBytes, isObject, member, memberAt, stringMember, withMember } from '../json.ts';
import type { JsonObject, JsonValue } from '../types.ts';
import { bindingName, executionNamespace } from './workName.ts';

/** Stand-ins for values that only a control plane can give. */
export const serverValues = {
  bindingId: '<permanent id of the binding>',
  workId: '<permanent id of the Work>',
  uid: '<uid of the template>',
  generation: '<generation of the template>',
} as const;

/** Where a manifest comes from and goes to. */
export interface Delivery {
  /** The template before overrides: the binding is named after it. */
  readonly template: JsonObject;
  readonly cluster: string;
  /** Name of the Work. */
  readonly work: string;
  /** `conflictResolution` of the claiming policy; Abort when absent. */
  readonly conflictResolution?: string | undefined;
}

/**
 * A manifest with the labels and annotations that Karmada adds for one cluster (`mergeLabel`, `mergeAnnotations` and
 * `mergeConflictResolution` of `pkg/controllers/binding/common.go`, `CreateOrUpdateWork` of
 * `pkg/controllers/ctrlutil/work.go`). They replace keys of the same name.
 */
export function withBookkeeping(manifest: JsonObject, delivery: Delivery): JsonObject {
  const metadata = member(manifest, 'metadata') ?? null;
  if (!isObject(metadata)) return manifest;
  const annotations = {
    ...mapOf(metadata, 'annotations'),
    ...bindingAnnotations(delivery.template),
    ...workAnnotations(manifest, delivery),
  };
  const labels = { ...mapOf(metadata, 'labels'), ...addedLabels(delivery.template) };
  const managed = 'resourcetemplate.karmada.io/managed-';
  const keys = [...Object.keys(annotations), `${managed}annotations`, `${managed}labels`];
  const recorded = {
    ...annotations,
    [`${managed}annotations`]: joinKeys(keys),
    [`${managed}labels`]: joinKeys(Object.keys(labels)),
  };
  const added = withMember(withMember(metadata, 'labels', labels), 'annotations', recorded);
  return withMember(manifest, 'metadata', added);
}

function mapOf(metadata: JsonObject, field: string): JsonObject {
  const map = member(metadata, field);
  return isObject(map) ? map : {};
}

function joinKeys(keys: readonly string[]): string {
  return [...new Set(keys)].sort(compareBytes).join(',');
}

function isNamespaced(template: JsonObject): boolean {
  return stringMember(member(template, 'metadata'), 'namespace') !== '';
}

function addedLabels(template: JsonObject): JsonObject {
  const binding = isNamespaced(template) ? 'resourcebinding' : 'clusterresourcebinding';
  return {
    [`${binding}.karmada.io/permanent-id`]: serverValues.bindingId,
    'karmada.io/managed': 'true',
    'work.karmada.io/permanent-id': serverValues.workId,
  };
}

function bindingAnnotations(template: JsonObject): JsonObject {
  const metadata = member(template, 'metadata');
  const name = bindingName(stringMember(template, 'kind'), stringMember(metadata, 'name'));
  if (!isNamespaced(template)) return { 'clusterresourcebinding.karmada.io/name': name };
  return {
    'resourcebinding.karmada.io/namespace': stringMember(metadata, 'namespace'),
    'resourcebinding.karmada.io/name': name,
  };
}

function workAnnotations(manifest: JsonObject, delivery: Delivery): JsonObject {
  const { template, cluster, work } = delivery;
  const generation = generationOf(template);
  return {
    ...(generation !== undefined && { 'resourcetemplate.karmada.io/generation': generation }),
    'resourcetemplate.karmada.io/uid':
      stringMember(member(template, 'metadata'), 'uid') || serverValues.uid,
    'work.karmada.io/name': work,
    'work.karmada.io/namespace': executionNamespace(cluster),
    'work.karmada.io/conflict-resolution': conflictResolution(manifest, delivery),
  };
}

/** Objects of the core and RBAC groups have no generation; for all others the control plane counts it. */
function generationOf(template: JsonObject): string | undefined {
  const generation: JsonValue | undefined = memberAt(template, 'metadata', 'generation');
  if (typeof generation === 'number' || typeof generation === 'bigint') {
    return generation > 0 ? String(generation) : undefined;
  }
  const isUncounted = /^(?:v1|rbac\.authorization\.k8s\.io\/.*)$/;
  return isUncounted.test(stringMember(template, 'apiVersion'))
    ? undefined
    : serverValues.generation;
}

function conflictResolution(manifest: JsonObject, delivery: Delivery): string {
  const key = 'work.karmada.io/conflict-resolution';
  const written = memberAt(manifest, 'metadata', 'annotations', key);
  if (written === 'overwrite' || written === 'abort') return written;
  return delivery.conflictResolution === 'Overwrite' ? 'overwrite' : 'abort';
}
