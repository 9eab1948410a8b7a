import { apiGroup } from '../../../engine/index.ts';

/** Kinds of the core group without pods: no replicas, and nothing that they depend on. */
const plainCoreKinds = new Set([
  'ConfigMap',
  'Secret',
  'Service',
  'ServiceAccount',
  'Namespace',
  'PersistentVolumeClaim',
  'LimitRange',
  'ResourceQuota',
]);

const plainGroups = new Set(['rbac.authorization.k8s.io', 'apiextensions.k8s.io']);

/** Whether an API group is one of Flux. */
export function isFluxGroup(group: string): boolean {
  return group.endsWith('.toolkit.fluxcd.io');
}

/**
 * Whether objects of a kind surely have no replicas, so that every chosen cluster gets them whole
 * (`pkg/resourceinterpreter/default`). Kinds that nobody here knows may have an interpreter of their own.
 */
export function isCopiedWhole(apiVersion: string, kind: string): boolean {
  const group = apiGroup(apiVersion);
  return isFluxGroup(group) || plainGroups.has(group) || (group === '' && plainCoreKinds.has(kind));
}
