import { sortNaturally } from '../../analysis/index.ts';
import { groupBy } from '../../base/groupBy.ts';
import {
  clusterStates,
  isHelmRelease,
  isLost,
  isProblem,
  worstState,
  type ClusterState,
  type FleetModel,
  type Release,
} from '../model/index.ts';
import { nowhereIcon, stateIcon } from './icons.ts';
import { idParts, joined, nodeId, type Node, type Tree } from './node.ts';
import { onClusterNode } from './onClusterNode.ts';
import { onClusterTooltip, releaseSummary, releaseTooltip } from './releaseText.ts';
import { stateNode } from './stateNode.ts';
import type { TreeInput } from './treeInput.ts';
import { matchesFilter, type ViewOptions } from './viewOptions.ts';

/** More clusters than this under one release are grouped by state. */
const mostUngrouped = 200;

/**
 * Releases and where they go. Lines, by the parts of their ids: `release KEY`; below it `release KEY cluster NAME`, or
 * `release KEY state STATE` with these below; `namespace NAME`; `sources`.
 */
export function createReleasesTree(input: TreeInput): Tree {
  const { model } = input;
  return {
    roots: () => roots(input),
    node: (id) => nodeOf(input, id),
    children(id) {
      const [type = '', key = '', below = '', state = ''] = idParts(id);
      if (type === 'sources') return releaseNodes(input, isUnpinnedSource(input));
      if (type === 'namespace') return inNamespace(input, key);
      const release = model.releases.get(key);
      if (!release) return [];
      return below === 'state'
        ? inState(input, release, state)
        : below === ''
          ? placed(input, release)
          : [];
    },
    parent: (id) => parentOf(input, id),
    tooltip(id) {
      const [type = '', key = '', below = '', cluster = ''] = idParts(id);
      const release = type === 'release' ? model.releases.get(key) : undefined;
      if (!release || below === 'state') return '';
      return below === 'cluster'
        ? onClusterTooltip(input, release, cluster)
        : releaseTooltip(input, release);
    },
  };
}

/** How many HelmReleases have something on some cluster that does not pass by itself, or go nowhere. */
export function troubledReleases(model: FleetModel, hasBindings = true): number {
  let count = 0;
  for (const release of model.releases.values()) {
    if (!isSource(release) && isTroubled({ hasBindings }, release)) count += 1;
  }
  return count;
}

function isSource({ reference }: Release): boolean {
  return !isHelmRelease(reference);
}

function isUnpinnedSource({ options }: TreeInput): (release: Release) => boolean {
  return (release) => isSource(release) && !isPinned(options, release);
}

function isTroubled({ hasBindings }: Pick<TreeInput, 'hasBindings'>, release: Release): boolean {
  const worst = worstState(release.counts);
  return isLost(release, hasBindings) || (worst !== undefined && isProblem(worst));
}

function roots(input: TreeInput): readonly Node[] {
  const { options } = input;
  const pinned = releaseNodes(input, (release) => isPinned(options, release));
  const free = (release: Release) => !isSource(release) && !isPinned(options, release);
  const sources = sourcesNode(input);
  const rest =
    options.groupBy.type === 'namespace' ? namespaceNodes(input, free) : releaseNodes(input, free);
  return [...pinned, ...rest, ...(sources ? [sources] : [])];
}

function nodeOf(input: TreeInput, id: string): Node | undefined {
  const [type = '', key = '', below = '', rest = ''] = idParts(id);
  if (type === 'sources') return sourcesNode(input);
  if (type === 'namespace') {
    return namespaceNodes(input, (release) => !isSource(release)).find((node) => node.id === id);
  }
  const release = input.model.releases.get(key);
  if (!release) return undefined;
  if (below === '') return releaseNode(input, release);
  if (below === 'cluster') return onClusterNode(input, release, rest, { id, label: rest });
  return statesBelow(input, release).find((node) => node.id === id);
}

function parentOf(input: TreeInput, id: string): string | undefined {
  const [type = '', key = '', below = '', cluster = ''] = idParts(id);
  if (type !== 'release') return undefined;
  const release = input.model.releases.get(key);
  if (below === 'cluster' && release && isGrouped(input, release)) {
    return nodeId('release', key, 'state', release.states.get(cluster) ?? '');
  }
  if (below !== '') return nodeId('release', key);
  if (!release || isPinned(input.options, release)) return undefined;
  if (isSource(release)) return nodeId('sources');
  const isByNamespace = input.options.groupBy.type === 'namespace';
  return isByNamespace ? nodeId('namespace', release.reference.namespace) : undefined;
}

function releaseNodes(input: TreeInput, includes: (release: Release) => boolean): readonly Node[] {
  const shown = [...input.model.releases.values()].filter(
    (release) => includes(release) && isShown(input, release),
  );
  return sortNaturally(shown, nameOf).map((release) => releaseNode(input, release));
}

function nameOf({ reference: { namespace, name, kind } }: Release): string {
  return `${name} ${namespace} ${kind}`;
}

function releaseNode(input: TreeInput, release: Release): Node {
  const { key, reference, counts } = release;
  const isPin = isPinned(input.options, release);
  const source = isSource(release);
  const summary = releaseSummary(release, input.hasBindings);
  const worst = worstState(counts);
  const isByNamespace = input.options.groupBy.type === 'namespace' && !source && !isPin;
  return {
    id: nodeId('release', key),
    label: reference.name,
    description: joined([
      source ? reference.kind : '',
      isByNamespace ? '' : reference.namespace,
      summary,
      isPin ? 'pinned' : '',
    ]),
    icon: worst ? stateIcon(worst) : nowhereIcon(isLost(release, input.hasBindings)),
    contextValue: joined(
      [source ? 'source' : 'release', reference.kind, isPin ? 'pinned' : 'unpinned'],
      ' ',
    ),
    collapsible: release.states.size > 0 ? 'collapsed' : 'none',
    accessibilityLabel: joined(
      [
        reference.name,
        source ? reference.kind : 'release',
        `in ${reference.namespace}`,
        summary,
        isPin ? 'pinned' : '',
      ],
      ', ',
    ),
    reference,
  };
}

/** The group of the sources, which are of interest when a release is not well. */
function sourcesNode(input: TreeInput): Node | undefined {
  const sources = [...input.model.releases.values()].filter(
    (release) => isUnpinnedSource(input)(release) && isShown(input, release),
  );
  if (sources.length === 0) return undefined;
  const look = { label: 'Sources', type: 'sources', icon: 'package' };
  return groupNode(input, nodeId('sources'), look, sources);
}

function namespaceNodes(
  input: TreeInput,
  includes: (release: Release) => boolean,
): readonly Node[] {
  const shown = [...input.model.releases.values()].filter(
    (release) => includes(release) && !isPinned(input.options, release) && isShown(input, release),
  );
  const groups = groupBy(shown, ({ reference }) => reference.namespace);
  return sortNaturally(groups, ([namespace]) => namespace).map(([namespace, releases]) => {
    const look = { label: namespace, type: 'namespace', icon: 'symbol-namespace' };
    return groupNode(input, nodeId('namespace', namespace), look, releases);
  });
}

function groupNode(
  input: TreeInput,
  id: string,
  { label, type, icon }: { readonly label: string; readonly type: string; readonly icon: string },
  releases: readonly Release[],
): Node {
  const troubled = releases.filter((release) => isTroubled(input, release)).length;
  const description = joined([
    `${releases.length}`,
    troubled > 0 ? `${troubled} with problems` : '',
  ]);
  return {
    id,
    label,
    description,
    icon: { id: icon },
    contextValue: type,
    collapsible: 'collapsed',
    accessibilityLabel: `${label}, ${description.replaceAll(' · ', ', ')}`,
  };
}

function inNamespace(input: TreeInput, namespace: string): readonly Node[] {
  return releaseNodes(
    input,
    (release) =>
      release.reference.namespace === namespace &&
      !isSource(release) &&
      !isPinned(input.options, release),
  );
}

/** The clusters of a release, by state where they are many. */
function placed(input: TreeInput, release: Release): readonly Node[] {
  if (isGrouped(input, release)) return statesBelow(input, release);
  return clusterNodes(input, release, shownClusters(input.options, release));
}

function isGrouped({ options }: TreeInput, release: Release): boolean {
  return (
    release.states.size > mostUngrouped && shownClusters(options, release).length > mostUngrouped
  );
}

function statesBelow(input: TreeInput, release: Release): readonly Node[] {
  const shown = shownClusters(input.options, release);
  const byState = groupBy(shown, (cluster) => release.states.get(cluster));
  return clusterStates.flatMap((state) => {
    const count = byState.get(state)?.length ?? 0;
    const id = nodeId('release', release.key, 'state', state);
    return count === 0 ? [] : [stateNode(id, state, count)];
  });
}

function inState(input: TreeInput, release: Release, state: string): readonly Node[] {
  const clusters = shownClusters(input.options, release);
  return clusterNodes(
    input,
    release,
    clusters.filter((cluster) => release.states.get(cluster) === state),
  );
}

function clusterNodes(
  input: TreeInput,
  release: Release,
  clusters: readonly string[],
): readonly Node[] {
  return sortNaturally(clusters, (name) => name).flatMap((cluster) => {
    const id = nodeId('release', release.key, 'cluster', cluster);
    return onClusterNode(input, release, cluster, { id, label: cluster }) ?? [];
  });
}

function isPinned({ pins }: ViewOptions, { key }: Release): boolean {
  return pins.includes(nodeId('release', key));
}

function isShown(input: TreeInput, release: Release): boolean {
  const { options } = input;
  const { namespaces, problemsOnly, filter } = options;
  if (namespaces.length > 0 && !namespaces.includes(release.reference.namespace)) return false;
  if (problemsOnly && !isTroubled(input, release)) return false;
  return (
    filter.trim() === '' || isFound(options, release) || shownClusters(options, release).length > 0
  );
}

/** Whether the filter finds the release itself; else it may find clusters of it. */
function isFound({ filter }: ViewOptions, { reference: { namespace, name } }: Release): boolean {
  return matchesFilter(`${namespace}/${name}`, filter.trim());
}

function shownClusters(options: ViewOptions, release: Release): readonly string[] {
  const { filter, problemsOnly } = options;
  const isAll = filter.trim() === '' || isFound(options, release);
  const isWanted = (cluster: string, state: ClusterState): boolean =>
    (!problemsOnly || isProblem(state)) && (isAll || matchesFilter(cluster, filter.trim()));
  return [...release.states]
    .filter(([cluster, state]) => isWanted(cluster, state))
    .map(([cluster]) => cluster);
}
