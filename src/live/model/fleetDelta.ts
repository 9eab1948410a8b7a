/** What batches of changes touched; what is touched may still look as before. */
export interface FleetDelta {
  /** Names of clusters whose row is another one. */
  readonly clusters: ReadonlySet<string>;
  /** Releases by key, each with the clusters on which its state may be another one; `all` when it may be on any. */
  readonly releases: ReadonlyMap<string, 'all' | ReadonlySet<string>>;
}

/** A delta that is being written. */
export interface DeltaWriter {
  readonly delta: FleetDelta;
  touchCluster(name: string): void;
  /** Without a cluster: the release itself and all that is under it. */
  touchRelease(key: string, cluster?: string): void;
}

export function createDelta(): DeltaWriter {
  const clusters = new Set<string>();
  const releases = new Map<string, 'all' | Set<string>>();
  return {
    delta: { clusters, releases },
    touchCluster: (name) => void clusters.add(name),
    touchRelease(key, cluster) {
      const known = releases.get(key);
      if (known === 'all') return;
      if (cluster === undefined) releases.set(key, 'all');
      else if (known) known.add(cluster);
      else releases.set(key, new Set([cluster]));
    },
  };
}
