import type { ClusterChoice, PickedClusters } from '../../analysis/index.ts';
import { listClusters, sortNaturally } from '../../analysis/index.ts';

/** What a line calls the clusters picked. */
export function whereText(clusters: PickedClusters): string {
  switch (clusters.type) {
    case 'names':
      return listClusters(sortNaturally(clusters.names, (name) => name));
    case 'labels':
      return `clusters with ${listClusters(
        Object.entries(clusters.matchLabels).map(([key, value]) => `${key}=${value}`),
      )}`;
    case 'fields':
      return `clusters with ${clusters.field} ${clusters.values.join(' or ')}`;
  }
}

/** The names of those that are picked, among the choices. */
export function clustersOf(
  choices: readonly ClusterChoice[],
  clusters: PickedClusters,
): readonly string[] {
  return choices.filter((choice) => isMeant(choice, clusters)).map(({ name }) => name);
}

function isMeant(choice: ClusterChoice, clusters: PickedClusters): boolean {
  switch (clusters.type) {
    case 'names':
      return clusters.names.includes(choice.name);
    case 'labels':
      return Object.entries(clusters.matchLabels).every(
        ([key, value]) => Object.hasOwn(choice.labels, key) && choice.labels[key] === value,
      );
    case 'fields':
      return clusters.field === 'zone'
        ? choice.zones.some((zone) => clusters.values.includes(zone))
        : clusters.values.includes(choice[clusters.field]);
  }
}
