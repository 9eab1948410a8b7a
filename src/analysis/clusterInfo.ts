import { clusterFacts, memberAt, stringMember } from '../engine/index.ts';
import type { JsonObject } from '../engine/index.ts';
import type { ClusterInfo } from './api.ts';
import { clusterName } from './fleet.ts';
import { naturalOrder } from './naturalOrder.ts';
import type { Snapshot } from './snapshot.ts';

/** The clusters of the fleet by name, each with what helps to pick one. */
export function clustersOf({ fleet }: Snapshot): readonly ClusterInfo[] {
  return fleet.clusters
    .map((cluster) => ({
      name: clusterName(cluster),
      description: describe(cluster, fleet.origin === 'assumed'),
      assumed: fleet.origin === 'assumed',
    }))
    .filter(({ name }) => name !== '')
    .sort((a, b) => naturalOrder(a.name, b.name));
}

function describe(cluster: JsonObject, assumed: boolean): string {
  if (assumed) return 'assumed: only named by policies';
  const { provider, region, taints } = clusterFacts(cluster);
  const version = stringMember(memberAt(cluster, 'status'), 'kubernetesVersion');
  const tainted = taints.map(({ key, effect }) => `${key}:${effect}`);
  return [version, provider, region, ...tainted].filter((part) => part !== '').join(' · ');
}
