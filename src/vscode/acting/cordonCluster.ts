import type { ControlPlaneSession } from '../../kube/index.ts';
import { cordonPatch, isKubeError } from '../../live/index.ts';

/** Karmada writes the status of a cluster every few seconds; each write can be a conflict. */
const mostTries = 5;

/** Cordons or uncordons a member cluster. Answers whether anything had to change; rejects with `KubeError`. */
export async function setCordoned(
  session: Pick<ControlPlaneSession, 'get' | 'patch'>,
  name: string,
  wanted: 'cordoned' | 'schedulable',
): Promise<boolean> {
  const reference = {
    apiVersion: 'cluster.karmada.io/v1alpha1',
    kind: 'Cluster',
    namespace: '',
    name,
  };
  for (let tries = 1; ; tries++) {
    const patch = cordonPatch(await session.get(reference), wanted);
    if (!patch) return false;
    try {
      await session.patch(reference, patch);
      return true;
    } catch (error) {
      const isConflict = isKubeError(error) && error.reason === 'conflict';
      if (!isConflict || tries >= mostTries) throw error;
    }
  }
}
