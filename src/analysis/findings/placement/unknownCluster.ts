import { nearestName } from '../../../engine/index.ts';
import { namedClusters } from '../../clusterNameLists.ts';
import type { NamedCluster } from '../../clusterNameLists.ts';
import type { Snapshot } from '../../snapshot.ts';
import type { Finding } from '../finding.ts';

/** `unknown-cluster` on every name that no cluster of the fleet has. Silent while the clusters are only assumed. */
export function unknownCluster(snapshot: Snapshot): readonly Finding[] {
  if (snapshot.fleet.origin === 'assumed') return [];
  const names = snapshot.run.controlPlane.clusters.map(({ name }) => name);
  const isKnown = new Set(names);
  return snapshot.items.flatMap((item): Finding[] => {
    if ((item.role !== 'propagation' && item.role !== 'override') || !item.stored) return [];
    return namedClusters(item.source)
      .filter(({ name }) => !isKnown.has(name))
      .map((named) => ({
        code: 'unknown-cluster',
        item,
        path: named.path,
        message: messageOf(named, nearestName(named.name, names)),
      }));
  });
}

function messageOf({ name, list }: NamedCluster, nearest: string | undefined): string {
  const result =
    list === 'exclude' ? 'this excludes no cluster' : 'nothing goes to a cluster of this name';
  const remedy = nearest === undefined ? 'check the name' : `did you mean ${nearest}?`;
  return `The fleet has no cluster ${name}, so ${result}; ${remedy}${nearest === undefined ? '.' : ''}`;
}
