// What the played parts of a Karmada have in common: where objects are, and how they are read.
import type { ApiServerClient, KubeList, KubeObject } from '../../support/apiServerClient.ts';

/** What is played. */
export interface PlayOptions {
  readonly client: ApiServerClient;
  readonly namespace: string;
  readonly clusters: readonly string[];
  /** What the log says of a manifest that reaches a member. */
  readonly seen: (manifest: KubeObject) => string;
}

/** Where the bindings of a namespace are listed. */
export const bindingsOf = (namespace: string) =>
  `/apis/work.karmada.io/v1alpha2/namespaces/${namespace}/resourcebindings`;
/** Where the Works of a cluster are listed. */
export const worksOn = (cluster: string) =>
  `/apis/work.karmada.io/v1alpha1/namespaces/karmada-es-${cluster}/works`;

/** Where a Work is. */
export const pathOf = ({ metadata }: KubeObject): string =>
  `/apis/work.karmada.io/v1alpha1/namespaces/${metadata.namespace ?? ''}/works/${metadata.name}`;

/** The objects of a list. */
export async function list({ client }: PlayOptions, path: string): Promise<readonly KubeObject[]> {
  const { items } = await client.send<KubeList & KubeObject>('GET', path);
  return items;
}

/** The Works of a cluster that are made from the played namespace. */
export async function worksOf(
  options: PlayOptions,
  cluster: string,
): Promise<readonly KubeObject[]> {
  const all = await list(options, worksOn(cluster));
  return all.filter(
    ({ metadata }) =>
      (metadata['annotations'] as Record<string, string> | undefined)?.[
        'resourcebinding.karmada.io/namespace'
      ] === options.namespace,
  );
}

/** The spec of an object, for what the caller knows it to be. */
// oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- it says what is read, as a cast does
export function specOf<T>(object: KubeObject | undefined): T {
  return (object?.['spec'] ?? {}) as T;
}

/** A condition that has come true just now. */
export function condition(type: string, status: string, reason: string, message: string): object {
  const lastTransitionTime = new Date().toISOString().replace(/\.\d+Z$/, 'Z');
  return { type, status, reason, message, lastTransitionTime };
}

/** With keys in one order, so that equal values have equal texts. */
export function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, child]) => [key, sorted(child)]));
}
