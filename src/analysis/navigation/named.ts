import { apiGroup } from '../../engine/index.ts';
import type { Item } from '../snapshot.ts';

/** An object as others speak of it, whatever its version. */
export interface Named {
  readonly group: string;
  readonly kind: string;
  /** Empty for a cluster-scoped object; `undefined` where any namespace is meant. */
  readonly namespace: string | undefined;
  readonly name: string;
}

/** What an item is to others. */
export function namedBy({ apiVersion, kind, namespace, name }: Item): Named {
  return { group: apiGroup(apiVersion), kind, namespace, name };
}

/** The key under which everything about objects of one name is found; namespaces are compared afterwards. */
export function namedKey({ group, kind, name }: Named): string {
  return `${group}/${kind}/${name}`;
}

/** Whether two of one key can mean the same object. */
export function isSameNamespace(a: Named, b: Named): boolean {
  return a.namespace === undefined || b.namespace === undefined || a.namespace === b.namespace;
}
