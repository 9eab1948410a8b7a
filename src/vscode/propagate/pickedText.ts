import type { PickedClusters } from '../../analysis/index.ts';
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
