import { nearestName } from '../../../engine/index.ts';
import type { ClusterFacts, JsonObject } from '../../../engine/index.ts';
import { namedClusters } from '../../clusterNameLists.ts';
import type { NamedCluster } from '../../clusterNameLists.ts';
import type { SourcePath } from '../../../yaml/index.ts';
import type { Item, Snapshot } from '../../snapshot.ts';
import type { Finding } from '../finding.ts';

/** `unknown-cluster` on every name that no cluster of the fleet has. Silent while the clusters are only assumed. */
export function unknownCluster(snapshot: Snapshot): readonly Finding[] {
  if (snapshot.fleet.origin === 'assumed') return [];
  const { clusters } = snapshot.run.controlPlane;
  let answers = known.get(clusters);
  if (!answers) {
    const names = new Set(clusters.map(({ name }) => name));
    known.set(clusters, (answers = { names, bySource: new WeakMap() }));
  }
  const { names, bySource } = answers;
  return snapshot.items.flatMap((item): readonly Finding[] => {
    if ((item.role !== 'propagation' && item.role !== 'override') || !item.stored) return [];
    let found = bySource.get(item.source);
    if (!found) bySource.set(item.source, (found = findingsOn(snapshot, item, names)));
    return found;
  });
}

/** What was found on an object while the clusters were these. */
interface Answers {
  readonly names: ReadonlySet<string>;
  readonly bySource: WeakMap<JsonObject, readonly Finding[]>;
}

const known = new WeakMap<readonly ClusterFacts[], Answers>();

function findingsOn(
  snapshot: Snapshot,
  item: Item,
  names: ReadonlySet<string>,
): readonly Finding[] {
  return namedClusters(item.source)
    .filter(({ name }) => !names.has(name))
    .map((named) => ({
      code: 'unknown-cluster',
      item,
      path: named.path,
      message: messageOf(named, nearestCluster(snapshot, item, named.path)),
    }));
}

/** The cluster that the name at a path was probably meant to be: one that its list does not have already. */
export function nearestCluster(
  { run }: Snapshot,
  { source }: Item,
  path: SourcePath,
): string | undefined {
  const list = JSON.stringify(path.slice(0, -1));
  const siblings = namedClusters(source).filter(
    (other) => JSON.stringify(other.path.slice(0, -1)) === list,
  );
  const named = siblings.find((other) => other.path.at(-1) === path.at(-1));
  const candidates = run.controlPlane.clusters
    .map(({ name }) => name)
    .filter((name) => !siblings.some((other) => other.name === name));
  return named && nearestName(named.name, candidates);
}

function messageOf({ name, list }: NamedCluster, nearest: string | undefined): string {
  const result =
    list === 'exclude' ? 'this excludes no cluster' : 'nothing goes to a cluster of this name';
  const remedy = nearest === undefined ? 'check the name' : `did you mean ${nearest}?`;
  return `The fleet has no cluster ${name}, so ${result}; ${remedy}${nearest === undefined ? '.' : ''}`;
}
