import { isKubeError } from '../../live/index.ts';
import type { CancelSignal, PushApi } from '../ports.ts';
import type { PushSource } from '../types.ts';
import { inTurns } from './inTurns.ts';
import { isNamespace } from './surroundings.ts';

/** Names of the namespaces among those that are pushed which the server has already, or may have. */
export async function presentNamespaces(
  api: PushApi,
  sources: readonly PushSource[],
  signal?: CancelSignal,
): Promise<ReadonlySet<string>> {
  const present = new Set<string>();
  const asked = sources.filter(({ reference }) => isNamespace(reference));
  await inTurns(asked, async ({ reference }) => {
    try {
      await api.get(reference, signal);
      present.add(reference.name);
    } catch (error) {
      if (!isKubeError(error)) throw error;
      if (error.reason === 'notFound') return;
      // What it is shows when its objects are tried.
      if (error.reason !== 'forbidden') throw error;
      present.add(reference.name);
    }
  });
  return present;
}
