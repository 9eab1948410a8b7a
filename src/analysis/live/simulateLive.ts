import { createSimulator } from '../../engine/index.ts';
import type { SimulationRun } from '../../engine/index.ts';
import { circumstancesOf } from '../circumstances.ts';
import type { Circumstances } from '../circumstances.ts';
import { fleetOf } from '../fleet.ts';
import type { Fleet } from '../fleet.ts';
import type { LiveControlPlane } from '../liveControlPlane.ts';
import { toSettings } from '../settings.ts';
import type { WorkspaceOptions } from '../settings.ts';
import { storedIn } from '../snapshot.ts';
import { createLiveReader } from './liveLayer.ts';

/** Settings of a control plane that its objects do not tell. */
export type LiveSettings = Pick<
  WorkspaceOptions,
  'featureGates' | 'fluxVersion' | 'skippedPropagatingNamespaces'
>;

/** Who asks what follows from several changes goes back and forth between states with and without each. */
const runsKept = 16;

/** All templates of a control plane as Karmada will treat them. */
export type LiveSimulator = (plane: LiveControlPlane) => SimulationRun;

/**
 * Makes a simulator of control planes as they are, without any document: claims that templates carry hold, placements
 * start from those of the bindings. Called again with a control plane that shares objects with the last one, it costs
 * what differs.
 */
export function createLiveSimulator(options: LiveSettings = {}): LiveSimulator {
  const settings = toSettings(options);
  const { featureGates, skippedPropagatingNamespaces: skippedNamespaces } = settings;
  const [simulate, read] = [createSimulator(runsKept), createLiveReader()];
  let circumstances: Circumstances | undefined;
  let fleet: Fleet | undefined;
  return (plane) => {
    circumstances = circumstancesOf(settings, [], plane, circumstances);
    const { items, previous } = read(plane, circumstances);
    const stored = storedIn(items);
    fleet = fleetOf(undefined, plane, stored, fleet);
    return simulate([...fleet.clusters, ...stored.policies, ...stored.templates], {
      ...{ skippedNamespaces, featureGates, previous },
    });
  };
}
