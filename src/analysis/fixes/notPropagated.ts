import { arrayMember, isObject, member } from '../../engine/index.ts';
import { absentFrom } from '../findings/completeness/absentFrom.ts';
import { nearName } from '../findings/completeness/notPropagated.ts';
import { neededBy } from '../findings/completeness/neededObjects.ts';
import { valueAt } from '../findings/document/fieldPlace.ts';
import type { Finding } from '../findings/finding.ts';
import { listName } from '../listName.ts';
import { naturalOrder } from '../naturalOrder.ts';
import { listClusters } from '../previewText.ts';
import type { Item, Snapshot, Template } from '../snapshot.ts';
import { findTemplate } from '../templateIndex.ts';
import { fixBy } from './changes.ts';
import type { Fix } from './fix.ts';
import { canSelect, policyName, selectMore } from './selectObject.ts';

/** Adds what a release needs to the release's own policy, lets it go where that sends it, or corrects its name. */
export function notPropagated(snapshot: Snapshot, { item, path, code }: Finding): readonly Fix[] {
  const simulation = snapshot.templates.get(item.key)?.simulation;
  const claim = simulation?.claim;
  if (!simulation || claim?.type !== 'claimed') return [];
  const isHere = (other: readonly unknown[]): boolean =>
    JSON.stringify(other) === JSON.stringify(path);
  const needed = neededBy(simulation).filter((one) => one.code === code && isHere(one.path));
  return needed.flatMap(({ reference, clusters, isOverridden }) => {
    const target = findTemplate(snapshot, reference);
    if (!target) {
      const near = nearName(snapshot, reference);
      if (near === undefined || isOverridden) return [];
      const change = { type: 'set', path, value: near } as const;
      return fixBy(`Change to ${near}`, [{ item, change }], { preferred: true });
    }
    const absence = absentFrom(clusters, target, snapshot.fleet.origin === 'assumed');
    if (absence.clusters.length === 0) return [];
    const policy = snapshot.itemOf.get(claim.policy.source);
    if (!absence.isUnpropagated) return widened(snapshot, target, absence.clusters);
    if (!policy || target.simulation?.claim.type !== 'unclaimed' || !canSelect(policy, target)) {
      return [];
    }
    return fixBy(`Add it to ${policyName(policy)}`, selectMore(policy, [target]), {
      preferred: true,
    });
  });
}

/** Names more clusters in the policy of what is needed, where that policy goes by names alone. */
function widened(
  snapshot: Snapshot,
  { item, simulation }: Template,
  clusters: readonly string[],
): readonly Fix[] {
  const claim = simulation?.claim;
  const policy = claim?.type === 'claimed' ? snapshot.itemOf.get(claim.policy.source) : undefined;
  const path = ['spec', 'placement', 'clusterAffinity'];
  const affinity = policy && valueAt(policy.source, path);
  if (!policy || !isObject(affinity) || !goesByNames(policy)) return [];
  const count = arrayMember(affinity, 'clusterNames').length;
  const names = clusters.toSorted(naturalOrder);
  const object = listName(item.kind, item.namespace, item.name);
  return fixBy(
    `Let ${object} go to ${listClusters(names)} (${policyName(policy)})`,
    names.map((value, i) => ({
      item: policy,
      change: { type: 'insert', path: [...path, 'clusterNames', count + i], value } as const,
    })),
  );
}

function goesByNames({ source }: Item): boolean {
  const placement = valueAt(source, ['spec', 'placement']);
  const affinity = member(placement, 'clusterAffinity');
  return (
    arrayMember(placement, 'spreadConstraints').length === 0 &&
    isObject(affinity) &&
    arrayMember(affinity, 'clusterNames').length > 0 &&
    Object.keys(affinity).length === 1
  );
}
