import type { ControlPlaneSession } from '../../kube/index.ts';

/**
 * Whether the user may read the bindings of templates, true also before that is known.
 *
 * @param namespace of the template, '' where it has none; left out for any
 */
export function mayReadBindings(
  session: Pick<ControlPlaneSession, 'state'> | undefined,
  namespace?: string,
): boolean {
  const plural = namespace === '' ? 'clusterresourcebindings' : 'resourcebindings';
  const stream = session?.state.streams.get(`work.karmada.io/${plural}`);
  return !(stream?.type === 'refused' && stream.error.reason === 'forbidden');
}
