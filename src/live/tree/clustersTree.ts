import { sortNaturally } from '../../analysis/index.ts';
import { groupBy } from '../../base/groupBy.ts';
import type { ClusterRow } from '../rows.ts';
import { isProblem, type FleetModel, type Release } from '../model/index.ts';
import { isCordoned } from '../cordon.ts';
import { clusterDetail, clusterDetails } from './clusterDetails.ts';
import { clusterText, clusterTooltip, readinessText } from './clusterText.ts';
import { clusterIcon } from './icons.ts';
import { idParts, joined, nodeId, type Node, type Tree } from './node.ts';
import { onClusterNode } from './onClusterNode.ts';
import { onClusterTooltip } from './releaseText.ts';
import { notReadable } from '../why/memberAccess.ts';
import type { TreeInput } from './treeInput.ts';
import { releasesNode, releasesOn } from './releasesOnCluster.ts';
import { matchesFilter, type Grouping, type ViewOptions } from './viewOptions.ts';

/**
 * Clusters and what is on them. Lines, by the parts of their ids: `group VALUE`; `cluster NAME`; below it
 * `cluster NAME DETAIL` and `cluster NAME releases`, and below that `cluster NAME release KEY`.
 */
export function createClustersTree(input: TreeInput): Tree {
  const { model, now } = input;
  return {
    roots: () =>
      input.options.groupBy.type === 'none' ? clusterNodes(input, () => true) : groups(input),
    node: (id) => nodeOf(input, id),
    children(id) {
      const [type = '', name = '', below = ''] = idParts(id);
      if (type === 'group') return inGroup(input, name);
      const cluster = model.clusters.get(name);
      if (!cluster) return [];
      if (below === '') return [releasesNode(model, name), ...clusterDetails(cluster)];
      if (below !== 'releases') return [];
      return releasesOn(model, name).flatMap((release) => releaseNode(input, release, name) ?? []);
    },
    parent: (id) => parentOf(input, id),
    tooltip(id) {
      const [type = '', name = '', below = '', key = ''] = idParts(id);
      const cluster = type === 'cluster' ? model.clusters.get(name) : undefined;
      if (!cluster) return '';
      if (below === '') return clusterTooltip(cluster, now, input.access?.(name));
      const release = below === 'release' ? model.releases.get(key) : undefined;
      if (release) return onClusterTooltip(input, release, name);
      return clusterDetail(cluster, below)?.tooltip ?? '';
    },
  };
}

function nodeOf(input: TreeInput, id: string): Node | undefined {
  const [type = '', name = '', below = '', key = ''] = idParts(id);
  if (type === 'group') return groups(input).find((node) => node.id === id);
  const cluster = input.model.clusters.get(name);
  if (!cluster) return undefined;
  if (below === '') return clusterNode(input, cluster);
  if (below === 'releases') return releasesNode(input.model, name);
  const release = below === 'release' ? input.model.releases.get(key) : undefined;
  return release ? releaseNode(input, release, name) : clusterDetail(cluster, below)?.node;
}

function parentOf(input: TreeInput, id: string): string | undefined {
  const [type = '', name = '', below = ''] = idParts(id);
  if (type !== 'cluster') return undefined;
  if (below === 'release') return nodeId('cluster', name, 'releases');
  if (below !== '') return nodeId('cluster', name);
  const cluster = input.model.clusters.get(name);
  const { groupBy: grouping } = input.options;
  if (!cluster || grouping.type === 'none' || isPinned(input.options, name)) return undefined;
  return nodeId('group', groupOf(cluster, grouping));
}

function clusterNode({ options, now, access }: TreeInput, cluster: ClusterRow): Node {
  const { name, ready } = cluster;
  const cordoned = isCordoned(cluster.taints);
  const isPin = isPinned(options, name);
  const refused = access?.(name) ? notReadable : '';
  return {
    id: nodeId('cluster', name),
    label: name,
    description: joined([clusterText(cluster, now), refused, isPin ? 'pinned' : '']),
    icon: clusterIcon(ready.status, cordoned),
    contextValue: joined(
      [
        'cluster',
        cordoned ? 'cordoned' : 'uncordoned',
        ready.status === 'True' ? 'ready' : 'notReady',
        isPin ? 'pinned' : 'unpinned',
      ],
      ' ',
    ),
    collapsible: 'collapsed',
    accessibilityLabel: joined(
      [
        name,
        readinessText(cluster),
        cordoned ? 'cordoned' : '',
        cluster.version,
        refused,
        isPin ? 'pinned' : '',
      ],
      ', ',
    ),
    reference: {
      apiVersion: 'cluster.karmada.io/v1alpha1',
      kind: 'Cluster',
      namespace: '',
      name,
    },
    cluster: name,
  };
}

function clusterNodes(
  input: TreeInput,
  includes: (cluster: ClusterRow) => boolean,
): readonly Node[] {
  const { model, options } = input;
  const shown = [...model.clusters.values()].filter(
    (cluster) => includes(cluster) && isShown(model, options, cluster),
  );
  const sorted = sortNaturally(shown, ({ name }) => name);
  const pinned = sorted.filter(({ name }) => isPinned(options, name));
  const rest = sorted.filter(({ name }) => !isPinned(options, name));
  return [...pinned, ...rest].map((cluster) => clusterNode(input, cluster));
}

function groups(input: TreeInput): readonly Node[] {
  const { model, options } = input;
  const isFree = ({ name }: ClusterRow): boolean => !isPinned(options, name);
  const shown = [...model.clusters.values()].filter(
    (cluster) => isFree(cluster) && isShown(model, options, cluster),
  );
  const byGroup = groupBy(shown, (cluster) => groupOf(cluster, options.groupBy));
  const nodes = sortNaturally(byGroup, ([value]) =>
    value.startsWith('No ') ? '\uffff' : value,
  ).map(([value, clusters]) => groupNode(value, clusters));
  return [...clusterNodes(input, (cluster) => !isFree(cluster)), ...nodes];
}

function groupNode(value: string, clusters: readonly ClusterRow[]): Node {
  const notReady = clusters.filter(({ ready }) => ready.status !== 'True').length;
  const description = joined([`${clusters.length}`, notReady > 0 ? `${notReady} not ready` : '']);
  return {
    id: nodeId('group', value),
    label: value,
    description,
    icon: { id: 'folder' },
    contextValue: 'group',
    collapsible: 'expanded',
    accessibilityLabel: `${value}, ${description.replaceAll(' · ', ', ')}`,
  };
}

function inGroup(input: TreeInput, value: string): readonly Node[] {
  const { options } = input;
  return clusterNodes(
    input,
    (cluster) => !isPinned(options, cluster.name) && groupOf(cluster, options.groupBy) === value,
  );
}

/** What a cluster is grouped under; a missing value has a group of its own. */
function groupOf(cluster: ClusterRow, grouping: Grouping): string {
  switch (grouping.type) {
    case 'provider':
      return cluster.provider || 'No provider';
    case 'region':
      return cluster.region || 'No region';
    case 'label': {
      const { labels } = cluster;
      return (
        (Object.hasOwn(labels, grouping.key) ? labels[grouping.key] : '') || `No ${grouping.key}`
      );
    }
    case 'readiness':
      return readinessText(cluster);
    case 'none':
    case 'namespace':
      return '';
  }
}

function isPinned({ pins }: ViewOptions, name: string): boolean {
  return pins.includes(nodeId('cluster', name));
}

function isShown(model: FleetModel, options: ViewOptions, cluster: ClusterRow): boolean {
  if (options.problemsOnly && !isTroubled(model, cluster)) return false;
  const filter = options.filter.trim();
  if (filter === '' || matchesFilter(cluster.name, filter)) return true;
  const { provider, region, zones, labels } = cluster;
  const others = [
    provider,
    region,
    ...zones,
    ...Object.entries(labels).map((pair) => pair.join('=')),
  ];
  // Letters scattered over a label find too much: words are looked for as they are.
  return filter
    .toLowerCase()
    .split(/\s+/)
    .every((word) => others.some((text) => text.toLowerCase().includes(word)));
}

/** Not ready, or with a release that needs somebody. */
function isTroubled(model: FleetModel, { name, ready }: ClusterRow): boolean {
  if (ready.status !== 'True') return true;
  for (const { states } of model.releases.values()) {
    const state = states.get(name);
    if (state && isProblem(state)) return true;
  }
  return false;
}

function releaseNode(input: TreeInput, release: Release, cluster: string): Node | undefined {
  const { name, namespace } = release.reference;
  const id = nodeId('cluster', cluster, 'release', release.key);
  return onClusterNode(input, release, cluster, { id, label: name, where: namespace });
}
