import type { ClusterFacts, JsonObject } from '../../engine/index.ts';

/** Where a placement is to lead. */
export interface Aim {
  readonly wanted: ReadonlySet<string>;
  /** Where it leads now. */
  readonly current: ReadonlySet<string>;
  readonly fleet: readonly ClusterFacts[];
  /** The affinity by which the clusters were picked. */
  readonly affinity?: JsonObject;
  /** The term of `clusterAffinities` in use. */
  readonly term?: string;
}

/** A placement that may lead there. */
export interface PlacementVariant {
  readonly placement: JsonObject;
  /** How far it is from the one before; the least is tried first. */
  readonly cost: number;
  readonly warnings: readonly string[];
}

/** The clusters that are wanted and not reached yet. */
export function joiningClusters({ fleet, wanted, current }: Aim): readonly ClusterFacts[] {
  return fleet.filter(({ name }) => wanted.has(name) && !current.has(name));
}
