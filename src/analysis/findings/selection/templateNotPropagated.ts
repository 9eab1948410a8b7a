import { apiGroup, member, references } from '../../../engine/index.ts';
import type { JsonObject } from '../../../engine/index.ts';
import { listName } from '../../listName.ts';
import type { Item, Snapshot, Template } from '../../snapshot.ts';
import { findTemplate } from '../../templateIndex.ts';
import type { Finding } from '../finding.ts';
import { mayBeClaimedLater } from './brokenPolicies.ts';
import { missedSelectors } from './nearMiss.ts';

/**
 * Kinds that are written to be propagated. GitRepositories, Buckets, OCIRepositories and Kustomizations may as well
 * serve the Flux that fills the control plane.
 */
const propagatedKinds = new Set([
  'helm.toolkit.fluxcd.io/HelmRelease',
  'source.toolkit.fluxcd.io/HelmRepository',
  'source.toolkit.fluxcd.io/HelmChart',
]);

/**
 * `template-not-propagated` on releases, charts and repositories that no policy claims, once the workspace has a
 * propagation policy. Not on what a wrong selector
 * or a broken policy was meant for, nor on a source whose release tells it.
 */
export function templateNotPropagated(snapshot: Snapshot): readonly Finding[] {
  if (!snapshot.objects.some(({ role }) => role === 'propagation')) return [];
  const unclaimed = [...snapshot.templates.values()].filter(isUnclaimed);
  if (unclaimed.length === 0) return [];
  const meant = new Set(
    missedSelectors(snapshot).flatMap(({ idle, miss }) =>
      idle.item.role === 'propagation' ? miss.meant : [],
    ),
  );
  const referenced = referencedSources(snapshot);
  return unclaimed
    .filter((template) => !meant.has(template) && !referenced.has(template))
    .filter((template) => !isToldOfNamespace(snapshot, template))
    .filter((template) => !mayBeClaimedLater(snapshot, template))
    .map(toFinding);
}

function isUnclaimed({ item, simulation }: Template): boolean {
  const claim = simulation?.claim;
  return (
    propagatedKinds.has(`${apiGroup(item.apiVersion)}/${item.kind}`) &&
    (claim?.type === 'unclaimed' ||
      (claim?.type === 'skipped' &&
        (claim.reason === 'skipped-namespace' || claim.reason === 'reserved-namespace'))) &&
    // A release for another cluster is run by the Flux of the control plane.
    member(item.source['spec'] ?? null, 'kubeConfig') === undefined
  );
}

/** Whether a policy for the skipped namespace says the same. */
function isToldOfNamespace({ items }: Snapshot, { item, simulation }: Template): boolean {
  return (
    simulation?.claim.type === 'skipped' &&
    items.some(({ role, namespace }) => role === 'propagation' && namespace === item.namespace)
  );
}

const referencesOf = new WeakMap<JsonObject, ReturnType<typeof references>>();

/** What releases and charts refer to. */
function referencedSources(snapshot: Snapshot): ReadonlySet<Template> {
  const found = new Set<Template>();
  for (const { simulation } of snapshot.templates.values()) {
    if (!simulation) continue;
    let known = referencesOf.get(simulation.template);
    if (!known) referencesOf.set(simulation.template, (known = references(simulation.template)));
    for (const reference of known) {
      if (reference.group !== 'source.toolkit.fluxcd.io') continue;
      const source = findTemplate(snapshot, reference);
      if (source) found.add(source);
    }
  }
  return found;
}

function toFinding({ item, simulation }: Template): Finding {
  const name = listName(item.kind, item.namespace, item.name);
  const message =
    simulation?.claim.type === 'skipped'
      ? `Karmada propagates nothing from namespace ${item.namespace}, so ${name} goes to no cluster; use another namespace.`
      : `No policy selects ${name}, so it goes to no cluster; add it to a policy.`;
  return { code: 'template-not-propagated', ...nameOf(item), message };
}

function nameOf(item: Item): Pick<Finding, 'item' | 'path'> {
  return { item, path: ['metadata', 'name'] };
}
