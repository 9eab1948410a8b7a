/** `HelmRelease default/podinfo`, or `ClusterOverridePolicy all` for a cluster-scoped object. */
export function listName(kind: string, namespace: string, name: string): string {
  return namespace === '' ? `${kind} ${name}` : `${kind} ${namespace}/${name}`;
}
