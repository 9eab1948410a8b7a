import type { ObjectReference } from '../../live/index.ts';

/** What a line of a view stands for: an object, or an object on one cluster. */
export interface TreeTarget {
  readonly reference: ObjectReference;
  readonly cluster?: string;
}

/** The lines that a command of a view was called on: all that are selected when the one clicked is among them. */
export function treeTargets([clicked, selected]: readonly unknown[]): readonly TreeTarget[] {
  const all = Array.isArray(selected) && selected.length > 0 ? selected : [clicked];
  return all.map(toTarget).filter((target) => target !== undefined);
}

/** The names of the clusters among the targets. */
export function clusterNames(targets: readonly TreeTarget[]): readonly string[] {
  const clusters = targets.filter(({ reference }) => isCluster(reference));
  return [...new Set(clusters.map(({ reference }) => reference.name))];
}

/** Whether a reference is to a member cluster. */
export function isCluster({ apiVersion, kind }: ObjectReference): boolean {
  return kind === 'Cluster' && apiVersion.startsWith('cluster.karmada.io/');
}

function toTarget(value: unknown): TreeTarget | undefined {
  if (typeof value !== 'object' || value === null || !('reference' in value)) return undefined;
  const reference = toReference(value.reference);
  if (!reference) return undefined;
  const cluster = 'cluster' in value && typeof value.cluster === 'string' ? value.cluster : '';
  return cluster === '' ? { reference } : { reference, cluster };
}

function toReference(value: unknown): ObjectReference | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const text = (key: string): string => {
    const member: unknown = Object.hasOwn(value, key) ? Reflect.get(value, key) : undefined;
    return typeof member === 'string' ? member : '';
  };
  const [apiVersion, kind, name] = [text('apiVersion'), text('kind'), text('name')];
  if (apiVersion === '' || kind === '' || name === '') return undefined;
  return { apiVersion, kind, namespace: text('namespace'), name };
}
