import { nearestName, stringMember } from '../../../engine/index.ts';
import type { StoredPolicy } from '../../../engine/index.ts';
import { inFleetOrder } from '../../clusterSet.ts';
import { listName } from '../../listName.ts';
import { listClusters } from '../../previewText.ts';
import type { Snapshot, Template } from '../../snapshot.ts';
import { findTemplate, templateIndex, templatesOfKind } from '../../templateIndex.ts';
import type { Finding } from '../finding.ts';
import { perTemplate } from '../perTemplate.ts';
import type { Simulated } from '../perTemplate.ts';
import { mayBeClaimedLater } from '../selection/brokenPolicies.ts';
import { unfinishedKinds } from '../selection/unfinishedKinds.ts';
import { absentFrom, isPlaced } from './absentFrom.ts';
import { interpreterOf, propagatesDependencies } from './interpreters.ts';
import { neededBy } from './neededObjects.ts';
import type { Needed } from './neededObjects.ts';

/**
 * `source-not-propagated`, `values-source-not-propagated` and `depends-on-not-propagated`: on the name by which a
 * propagated object refers to one that is not on all of its clusters. Objects that the workspace does not hold may come
 * from elsewhere and are left alone, unless the name is nearly that of one that is here.
 */
export const notPropagated = perTemplate(findingsOf, readsOf);

/** Everything beside the simulation of a template that decides what is found on it. */
function readsOf({ simulation }: Simulated, snapshot: Snapshot): readonly unknown[] {
  const needed = neededBy(simulation);
  if (needed.length === 0) return needed;
  const { byKind } = templateIndex(snapshot);
  const reads: unknown[] = [snapshot.fleet.origin, followsDependencies(simulation, snapshot)];
  for (const { reference, target } of needed) {
    const found = byKind.get(target[0])?.get(target[1]);
    if (!found) reads.push(nearName(snapshot, reference));
    else reads.push(found.simulation ?? found.item.source, mayBeClaimedLater(snapshot, found));
  }
  return reads;
}

function findingsOf({ item, simulation }: Simulated, snapshot: Snapshot): readonly Finding[] {
  const isAssumed = snapshot.fleet.origin === 'assumed';
  if (simulation.claim.type !== 'claimed' || !isPlaced(simulation, isAssumed)) return [];
  const { policy } = simulation.claim;
  const follows = followsDependencies(simulation, snapshot);
  return neededBy(simulation).flatMap((needed): Finding[] => {
    const { code, reference, path } = needed;
    const target = findTemplate(snapshot, reference);
    if (!target) {
      const near = nearName(snapshot, reference);
      if (near === undefined || code === 'values-source-not-propagated') return [];
      return [{ code, item, path, message: misnamed(needed, near) }];
    }
    if (follows === 'all' || (follows === 'values' && code === 'values-source-not-propagated')) {
      return [];
    }
    const { clusters, isUnpropagated } = absentFrom(needed.clusters, target, isAssumed);
    if (clusters.length === 0 || mayBeClaimedLater(snapshot, target)) return [];
    const ordered = inFleetOrder(clusters, snapshot.run.controlPlane.clusters);
    const message = messageOf({ item, needed, target, clusters: ordered, isUnpropagated, policy });
    const related = [
      { item: target.item, path: ['metadata', 'name'], message: 'Not propagated to all of them.' },
    ];
    return [{ code, item, path, message, related }];
  });
}

/**
 * What Karmada propagates along with a release: with the interpreter of its own what the values come from, never the
 * chart's source (`pkg/dependenciesdistributor`); with one of the workspace, whose script is not run here, perhaps all.
 */
function followsDependencies(
  { claim, template }: Simulated['simulation'],
  snapshot: Snapshot,
): 'all' | 'values' | 'nothing' {
  if (claim.type !== 'claimed' || !propagatesDependencies(claim.policy.spec)) return 'nothing';
  const about = {
    apiVersion: stringMember(template, 'apiVersion'),
    kind: stringMember(template, 'kind'),
  };
  const interpreter = interpreterOf(snapshot, about, 'dependencyInterpretation');
  if (interpreter === 'customization') return 'all';
  return interpreter === 'built-in' ? 'values' : 'nothing';
}

/** Looking for near names among more is dear. */
const mostNames = 50;

/** The name of an object of the workspace that a reference probably means. */
export function nearName(
  snapshot: Snapshot,
  { group, kind, namespace, name }: Needed['reference'],
): string | undefined {
  const ofKind = templatesOfKind(snapshot, `${group}/${kind}`);
  if (ofKind.size === 0 || ofKind.size > mostNames) return undefined;
  if (unfinishedKinds(snapshot).has(kind)) return undefined;
  const names = [...ofKind.values()]
    .filter(({ item }) => item.namespace === namespace)
    .map(({ item }) => item.name);
  return nearestName(name, names);
}

function misnamed({ reference }: Needed, near: string): string {
  const { kind, namespace, name } = reference;
  return `There is no ${kind} ${name} in namespace ${namespace}; did you mean ${near}?`;
}

interface About {
  readonly item: Template['item'];
  readonly needed: Needed;
  readonly target: Template;
  /** In natural order. */
  readonly clusters: readonly string[];
  readonly isUnpropagated: boolean;
  readonly policy: StoredPolicy;
}

function messageOf({ item, needed, target, clusters, isUnpropagated, policy }: About): string {
  const places = listClusters(clusters);
  const object = listName(target.item.kind, target.item.namespace, target.item.name);
  const where = isUnpropagated
    ? `goes to ${places}, but no policy propagates ${object}`
    : `goes to ${places}, where ${object} does not go`;
  const why = needed.isOverridden ? ' (an override refers to it)' : '';
  const policyName = listName(policy.kind, policy.namespace, policy.name);
  const remedy = isUnpropagated ? `add it to ${policyName}` : 'let it go there too';
  const subject = listName(item.kind, item.namespace, item.name);
  return `${subject} ${where}${why}, so ${consequence(needed, item.kind)} there; ${remedy}.`;
}

function consequence({ code }: Needed, kind: string): string {
  switch (code) {
    case 'source-not-propagated':
      return kind === 'HelmRelease' ? 'Flux finds no chart' : 'Flux finds no source for it';
    case 'values-source-not-propagated':
      return 'Flux installs nothing for want of its values';
    case 'depends-on-not-propagated':
      return 'Flux waits for it for ever';
  }
}
