import { KubeError } from '../live/index.ts';
import type { ObjectReference } from '../live/index.ts';
import { findResource, resourcesOf } from './discovery.ts';
import { groupVersionOf } from './resourcePath.ts';
import type { ResourceType, Transport } from './types.ts';

/** Finds out how a kind is served. Rejects with `KubeError`: `notFound` without a status where it is not served. */
export type TypeFinder = (
  reference: Pick<ObjectReference, 'apiVersion' | 'kind'>,
  signal?: AbortSignal,
) => Promise<ResourceType>;

/** Looks first at what is known, then asks; what was found is kept. */
export function createTypeFinder(
  transport: Transport,
  { base, known }: { readonly base: string; readonly known: () => readonly ResourceType[] },
): TypeFinder {
  const asked = new Map<string, readonly ResourceType[]>();
  return async ({ apiVersion, kind }, signal) => {
    const sure =
      findResource(known(), apiVersion, kind) ??
      findResource(asked.get(apiVersion) ?? [], apiVersion, kind);
    if (sure) return sure;
    const types = await resourcesOf(transport, groupVersionOf(apiVersion), {
      base,
      ...(signal ? { signal } : {}),
    });
    asked.set(apiVersion, types);
    const found = findResource(types, apiVersion, kind);
    if (found) return found;
    throw new KubeError('notFound', `The server has no kind ${kind} in ${apiVersion}.`);
  };
}
