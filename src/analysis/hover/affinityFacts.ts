import { clusterFacts, clusterMatches, isObject, member } from '../../engine/index.ts';
import type { ClusterFacts, JsonObject, JsonValue } from '../../engine/index.ts';
import type { SourcePath } from '../../yaml/index.ts';
import { valueAt } from '../cursor.ts';
import type { Cursor } from '../cursor.ts';
import { escapeMarkdown } from '../markdown.ts';
import { naturalOrder } from '../naturalOrder.ts';
import { listClusters } from '../previewText.ts';
import type { Snapshot } from '../snapshot.ts';

const affinityKeys = new Set(['clusterAffinity', 'targetCluster', 'placement']);
const affinityLists = new Set(['clusterAffinities', 'overflowAffinities']);
const criteria = new Set(['labelSelector', 'fieldSelector', 'clusterNames', 'exclude']);

/** How many clusters the affinity around the cursor selects and, inside one, its criterion alone. */
export function affinityFacts(snapshot: Snapshot, cursor: Cursor): readonly string[] {
  const at = affinityAround(cursor.path);
  if (at === undefined) return [];
  const rest = cursor.path.slice(at.length);
  if (rest.length > 0 && rest[0] !== 'affinityName' && !criteria.has(String(rest[0]))) return [];
  const affinity = affinityAt(cursor.object, at);
  if (!isObject(affinity)) return [];
  const clusters = snapshot.fleet.clusters.map(clusterFacts);
  if (clusters.length === 0) return [];
  const whole = `Selects ${selection(affinity, clusters)}`;
  const criterion = String(rest[0] ?? '');
  const own = member(affinity, criterion);
  const isOne = Object.keys(affinity).filter((key) => criteria.has(key)).length < 2;
  if (own === undefined || isOne || !criteria.has(criterion)) return [whole];
  const alone = selection({ [criterion]: own }, clusters);
  return [
    `${criterion} alone selects ${alone}`,
    `Together with the rest: ${selection(affinity, clusters)}`,
  ];
}

/** The path of the affinity that a path is at or inside of. A placement stands for the one in it. */
function affinityAround(path: SourcePath): SourcePath | undefined {
  for (let length = path.length; length > 0; length--) {
    const [before, last] = [path[length - 2], path[length - 1]];
    const isKey = typeof last === 'string' && affinityKeys.has(last);
    const isTerm = typeof last === 'number' && affinityLists.has(String(before));
    if (isKey && last === 'placement' && length < path.length) return undefined;
    if (isKey || isTerm) return path.slice(0, length);
  }
  return undefined;
}

function affinityAt(object: JsonObject, path: SourcePath): JsonValue | undefined {
  const found = valueAt(object, path);
  if (path.at(-1) !== 'placement') return found ?? {};
  if (member(found, 'clusterAffinities') !== undefined) return undefined;
  return member(found, 'clusterAffinity') ?? {};
}

function selection(affinity: JsonObject, clusters: readonly ClusterFacts[]): string {
  const names = clusters
    .filter((cluster) => clusterMatches(affinity, cluster))
    .map(({ name }) => name);
  const count = `${names.length} of ${clusters.length} cluster${clusters.length === 1 ? '' : 's'}`;
  if (names.length === 0) return `${count}.`;
  return `${count}: ${escapeMarkdown(listClusters(names.toSorted(naturalOrder)))}.`;
}
