import { arrayMember, isObject, member } from '../../engine/index.ts';
import { absentFrom } from '../findings/completeness/absentFrom.ts';
import { nearName } from '../findings/completeness/notPropagated.ts';
import { neededBy } from '../findings/completeness/neededObjects.ts';
import { valueAt } from '../findings/document/fieldPlace.ts';
import type { Finding } from '../findings/finding.ts';
import { isUnclaimed } from '../findings/selection/nearMiss.ts';
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
  const policy = snapshot.itemOf.get(claim.policy.source);
  const isAssumed = snapshot.fleet.origin === 'assumed';
  return needed.flatMap(({ reference, clusters, isOverridden }) => {
    const target = findTemplate(snapshot, reference);
    if (!target) {
      const name = isOverridden ? undefined : nearName(snapshot, reference);
      const meant = name === undefined ? undefined : findTemplate(snapshot, { ...reference, name });
      if (name === undefined || !meant) return [];
      const change = { item, change: { type: 'set', path, value: name } } as const;
      const { clusters: missing } = absentFrom(clusters, meant, isAssumed);
      if (missing.length === 0) return fixBy(`Change to ${name}`, [change], { preferred: true });
      if (!policy || !isAddable(policy, meant)) return [];
      const title = `Change to ${name} and add that to ${policyName(policy)}`;
      return fixBy(title, [change, ...selectMore(policy, [meant])]);
    }
    const absence = absentFrom(clusters, target, isAssumed);
    if (absence.clusters.length === 0) return [];
    if (!absence.isUnpropagated) return widened(snapshot, target, absence.clusters);
    if (!policy || !isAddable(policy, target)) return [];
    return fixBy(`Add it to ${policyName(policy)}`, selectMore(policy, [target]), {
      preferred: true,
    });
  });
}

/** Whether a policy gets a template as soon as it selects it. */
function isAddable(policy: Item, template: Template): boolean {
  return isUnclaimed(template) && canSelect(policy, template);
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
