import { clusterFacts, clusterMatches } from '../../engine/index.ts';
import type { ClusterFacts, JsonObject } from '../../engine/index.ts';
import { listName } from '../listName.ts';
import { naturalOrder } from '../naturalOrder.ts';
import { listClusters } from '../previewText.ts';
import { refusalText } from '../refusalText.ts';
import type { Snapshot, Template } from '../snapshot.ts';
import { templateOf } from './reach.ts';
import type { PickedClusters, PropagateRequest } from './types.ts';

/** What a request means in a snapshot. */
export interface Picked {
  readonly templates: readonly Template[];
  /** In natural order. */
  readonly clusters: readonly ClusterFacts[];
  /** The affinity that means these and later ones alike; absent for clusters by name. */
  readonly affinity?: JsonObject;
}

/** The templates and clusters of a request, or a sentence on why there are none. */
export function readPick(
  snapshot: Snapshot,
  { templates: keys, clusters, folder }: PropagateRequest,
): Picked | { readonly reason: string } {
  const templates: Template[] = [];
  for (const key of new Set(keys)) {
    const template = templateOf(snapshot, key);
    if (!template)
      return { reason: `${nameOfKey(key)} is neither in the documents nor known otherwise.` };
    const { item } = template;
    if (item.refusal) {
      const name = listName(item.kind, item.namespace, item.name);
      return { reason: `The API server refuses ${name}: ${refusalText(item.refusal)}` };
    }
    templates.push(template);
  }
  if (templates.length === 0) return { reason: 'No release, source or other object is chosen.' };
  if (folder === undefined && !snapshot.files.some(({ uri }) => uri.includes('/'))) {
    return { reason: 'There is no folder for new files: open one, or save the document first.' };
  }
  const fleet = snapshot.fleet.clusters.map(clusterFacts).filter(({ name }) => name !== '');
  if (fleet.length === 0) return { reason: 'There are no clusters to choose from.' };
  const picked = pickedFrom(fleet, clusters);
  return 'reason' in picked ? picked : { templates, ...picked };
}

function pickedFrom(
  fleet: readonly ClusterFacts[],
  picked: PickedClusters,
): Omit<Picked, 'templates'> | { readonly reason: string } {
  if (picked.type === 'names') {
    const names = new Set(picked.names);
    if (names.size === 0) return { reason: 'No cluster is chosen.' };
    const unknown = [...names].filter((name) => !fleet.some((cluster) => cluster.name === name));
    if (unknown.length > 0) {
      return { reason: `There is no cluster ${listClusters(unknown.sort(naturalOrder))}.` };
    }
    return { clusters: inOrder(fleet.filter(({ name }) => names.has(name))) };
  }
  const affinity = affinityOf(picked);
  if (!affinity) return { reason: 'No cluster is chosen.' };
  const clusters = inOrder(fleet.filter((cluster) => clusterMatches(affinity, cluster)));
  return clusters.length === 0
    ? { reason: 'No cluster has what is asked for.' }
    : { clusters, affinity };
}

function affinityOf(picked: Exclude<PickedClusters, { type: 'names' }>): JsonObject | undefined {
  if (picked.type === 'labels') {
    const { matchLabels } = picked;
    return Object.keys(matchLabels).length === 0 ? undefined : { labelSelector: { matchLabels } };
  }
  const { field, values } = picked;
  if (values.length === 0) return undefined;
  const expression = { key: field, operator: 'In', values: [...values] };
  return { fieldSelector: { matchExpressions: [expression] } };
}

function inOrder(clusters: readonly ClusterFacts[]): readonly ClusterFacts[] {
  return clusters.toSorted((a, b) => naturalOrder(a.name, b.name));
}

/** `HelmRelease apps/podinfo` from a key, whose apiVersion may have a slash. */
function nameOfKey(key: string): string {
  const [name = '', namespace = '', kind = ''] = key.split('/').toReversed();
  return kind === '' ? key || 'The object' : listName(kind, namespace, name);
}
