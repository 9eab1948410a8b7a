import { memberAt } from '../../engine/index.ts';
import { isReleaseKind, objectKey, type FleetModel } from '../../live/index.ts';
import type { OnCluster } from './releaseTargets.ts';

export type SuspendAction = 'suspend' | 'resume';

/** Why a release cannot be suspended or resumed on a cluster by an override, a sentence; `undefined` where it can. */
export function suspendRefusal(
  model: FleetModel,
  { reference, cluster }: OnCluster,
  action: SuspendAction,
): string | undefined {
  if (!isReleaseKind(reference)) return `Flux knows no suspend for ${reference.kind}.`;
  const key = objectKey(reference);
  const template = model.objects.get(key)?.object;
  const isInTemplate = memberAt(template, 'spec', 'suspend') === true;
  const work = model.workOn(key, cluster);
  if (action === 'suspend') {
    return isInTemplate ? 'It is suspended on every cluster by its own spec.suspend.' : undefined;
  }
  if (isInTemplate) {
    return 'Its own spec.suspend suspends it on every cluster. Remove that to resume it.';
  }
  return work && !work.isReleaseSuspended ? 'It is not suspended there.' : undefined;
}
