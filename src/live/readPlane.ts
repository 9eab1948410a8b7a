import type { LiveControlPlane } from '../analysis/index.ts';
import type { FleetModel } from './model/index.ts';
import { toLiveControlPlane } from './toLiveControlPlane.ts';
import type { LiveSource } from './toLiveControlPlane.ts';

/** What a session says of itself and of its server. */
export interface PlaneSession {
  readonly info:
    Pick<LiveSource, 'differences' | 'karmadaVersion' | 'resources' | 'served'> | undefined;
  readonly state: {
    readonly type: string;
    /** By origin, such as `work.karmada.io/works`. */
    readonly streams: ReadonlyMap<string, { readonly type: string }>;
  };
}

/**
 * The control plane as its streams tell it, broken ones as they were last; `undefined` while lists are still on their
 * way, for half of a control plane says that the other half is missing.
 *
 * @param before the answer before, so that what has not changed stays the identical object
 */
export function readPlane(
  { context, model }: { readonly context: string; readonly model: FleetModel },
  { info, state }: PlaneSession,
  before?: LiveControlPlane,
): LiveControlPlane | undefined {
  const streams = [...state.streams];
  if (!info || state.type === 'connecting' || streams.some(([, { type }]) => type === 'listing')) {
    return undefined;
  }
  const listed = streams.filter(([, { type }]) => type === 'live' || type === 'stale');
  const source = {
    ...{ context, karmadaVersion: info.karmadaVersion, served: info.served },
    ...{ resources: info.resources, differences: info.differences },
    clusters: model.clusters.values(),
    objects: model.objects.values(),
    bindings: model.rows('bindings').values(),
    listed: new Set(listed.map(([origin]) => origin)),
  };
  return toLiveControlPlane(source, before);
}
