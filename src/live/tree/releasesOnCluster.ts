import { sortNaturally } from '../../analysis/index.ts';
import {
  isHelmRelease,
  rollupText,
  type ClusterState,
  type FleetModel,
  type Release,
} from '../model/index.ts';
import { nodeId, type Node } from './node.ts';

/** The HelmReleases that are, were or are to be on a cluster. */
export function releasesOn({ releases }: FleetModel, cluster: string): readonly Release[] {
  const there = [...releases.values()].filter(
    ({ reference, states }) => isHelmRelease(reference) && states.has(cluster),
  );
  return sortNaturally(there, ({ reference }) => `${reference.name} ${reference.namespace}`);
}

/** The line above them, with how they do. */
export function releasesNode(model: FleetModel, cluster: string): Node {
  const counts = new Map<ClusterState, number>();
  for (const { reference, states } of model.releases.values()) {
    const state = isHelmRelease(reference) ? states.get(cluster) : undefined;
    if (state) counts.set(state, (counts.get(state) ?? 0) + 1);
  }
  const description = rollupText(counts) || 'none';
  return {
    id: nodeId('cluster', cluster, 'releases'),
    label: 'Releases',
    description,
    icon: { id: 'package' },
    contextValue: 'releases',
    collapsible: counts.size > 0 ? 'collapsed' : 'none',
    accessibilityLabel: `Releases on ${cluster}, ${description}`,
    cluster,
  };
}
