import {
  arrayMember,
  isArray,
  isObject,
  readPlacement,
  untoleratedTaint,
} from '../../engine/index.ts';
import type { ClusterFacts, JsonObject, JsonValue } from '../../engine/index.ts';
import { valueAt } from '../findings/document/fieldPlace.ts';
import type { Finding } from '../findings/finding.ts';
import { findingsIn } from '../findings/index.ts';
import { causesBehind } from '../findings/placement/unscheduled.ts';
import type { Snapshot } from '../snapshot.ts';
import { fixBy } from './changes.ts';
import type { Fix } from './fix.ts';

/** Takes clusters without the API out of the list that names them. */
export function apiNotEnabled(snapshot: Snapshot, finding: Finding): readonly Fix[] {
  return withoutNames(snapshot, finding);
}

/** Tolerates the taints of the clusters, or takes these out of the list that names them. */
export function untoleratedTaints(snapshot: Snapshot, finding: Finding): readonly Fix[] {
  const { item } = finding;
  const names = causesBehind(snapshot, finding).flatMap((cause) => cause.clusters);
  const clusters = snapshot.run.controlPlane.clusters.filter(({ name }) => names.includes(name));
  const placement = valueAt(item.source, ['spec', 'placement']);
  const tolerations = missingTolerations(isObject(placement) ? placement : {}, clusters);
  const count = arrayMember(placement, 'clusterTolerations').length;
  const changes = tolerations.map((value, i) => ({
    item,
    change: {
      type: 'insert',
      path: ['spec', 'placement', 'clusterTolerations', count + i],
      value,
    } as const,
  }));
  const taint = tolerations.length === 1 ? 'the taint' : 'the taints';
  return [...fixBy(`Tolerate ${taint}`, changes), ...withoutNames(snapshot, finding)];
}

/** One toleration a taint that nothing tolerates yet. */
export function missingTolerations(
  placement: JsonObject,
  clusters: readonly ClusterFacts[],
): readonly JsonObject[] {
  const given = [...readPlacement(placement).tolerations];
  const missing: JsonObject[] = [];
  for (const cluster of clusters) {
    for (const taint of cluster.taints) {
      if (!untoleratedTaint({ ...cluster, taints: [taint] }, given)) continue;
      const { key, value, effect } = taint;
      const operator = value === '' ? 'Exists' : 'Equal';
      given.push({ key, operator, value, effect });
      missing.push({ key, operator, ...(value === '' ? {} : { value }), effect });
    }
  }
  return missing;
}

/** All names of a list with the same finding, as long as others are left: no name would mean every cluster. */
function withoutNames(snapshot: Snapshot, { item, path, code }: Finding): readonly Fix[] {
  const listPath = path.slice(0, -1);
  const list: JsonValue | undefined = valueAt(item.source, listPath);
  if (listPath.at(-1) !== 'clusterNames' || !isArray(list)) return [];
  const key = JSON.stringify(listPath);
  const indices = findingsIn(snapshot, item.file.uri)
    .filter((other) => other.code === code && other.item.source === item.source)
    .filter((other) => JSON.stringify(other.path.slice(0, -1)) === key)
    .flatMap((other) => Number(other.path.at(-1)))
    .sort((a, b) => b - a);
  if (indices.length >= list.length) return [];
  return fixBy(
    indices.length === 1 ? 'Remove the name' : 'Remove the names of all such clusters',
    indices.map((i) => ({ item, change: { type: 'remove', path: [...listPath, i] } as const })),
  );
}
