const inTemplate: readonly string[] = ['spec', 'template', 'spec'];

const podSpecPaths: ReadonlyMap<string, readonly string[]> = new Map<string, readonly string[]>([
  ['Pod', ['spec']],
  ['ReplicaSet', inTemplate],
  ['Deployment', inTemplate],
  ['DaemonSet', inTemplate],
  ['StatefulSet', inTemplate],
  ['Job', inTemplate],
]);

/**
 * Where the pod spec of a workload stands, `undefined` for all other kinds. Karmada looks at the name of the kind
 * alone, whatever its group (`pkg/util/overridemanager/imageoverride.go`, `commandargsoverride.go`).
 */
export function podTemplatePath(kind: string): readonly string[] | undefined {
  return podSpecPaths.get(kind);
}
