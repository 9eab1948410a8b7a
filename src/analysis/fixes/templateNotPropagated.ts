import { references } from '../../engine/index.ts';
import type { JsonObject } from '../../engine/index.ts';
import type { Finding } from '../findings/finding.ts';
import { isUnclaimed } from '../findings/selection/nearMiss.ts';
import type { Item, Snapshot, Template } from '../snapshot.ts';
import { findTemplate } from '../templateIndex.ts';
import { fixBy } from './changes.ts';
import type { Fix } from './fix.ts';
import { newDocument } from './newDocument.ts';
import { canSelect, policyName, selectMore, selectorFor } from './selectObject.ts';

/** More would only be a list to read. */
const mostPolicies = 3;

/** Adds a template, with the sources that it needs, to a policy, or makes a policy for it. */
export function templateNotPropagated(snapshot: Snapshot, { item }: Finding): readonly Fix[] {
  const template = snapshot.templates.get(item.key);
  if (!template || !isUnclaimed(template)) return [];
  const policies = snapshot.items
    .filter(({ role, stored }) => role === 'propagation' && stored !== undefined)
    .filter((policy) => canSelect(policy, template) && isInForce(snapshot, policy));
  const [own, wide] = [false, true].map((isWide) =>
    policies.filter(({ kind }) => kind.startsWith('Cluster') === isWide),
  );
  const additions = [...(own ?? []), ...(wide ?? [])]
    .slice(0, mostPolicies)
    .flatMap((policy) =>
      fixBy(
        `Add it to ${policyName(policy)}`,
        selectMore(policy, withSources(snapshot, template, policy)),
      ),
    );
  return [...additions, ...ownPolicy(snapshot, template)];
}

/** Of several objects with one name the last is the one that counts. */
function isInForce({ items }: Snapshot, policy: Item): boolean {
  return items.findLast(({ key, stored }) => key === policy.key && stored !== undefined) === policy;
}

/** A template with the sources in reach of a policy that nothing propagates yet. */
function withSources(snapshot: Snapshot, template: Template, policy: Item): readonly Template[] {
  const sources = sourcesOf(snapshot, template).filter((source) => canSelect(policy, source));
  return [template, ...sources];
}

function sourcesOf(snapshot: Snapshot, { simulation }: Template): readonly Template[] {
  const found = simulation ? references(simulation.template) : [];
  const sources = found
    .filter(({ group }) => group === 'source.toolkit.fluxcd.io')
    .flatMap((reference) => findTemplate(snapshot, reference) ?? [])
    .filter(isUnclaimed);
  return [...new Set(sources)];
}

function ownPolicy(snapshot: Snapshot, template: Template): readonly Fix[] {
  const { item } = template;
  const isWide = item.namespace === '';
  const kind = isWide ? 'ClusterPropagationPolicy' : 'PropagationPolicy';
  const name = freeName(snapshot, kind, item);
  const policy = { ...item, kind, name };
  const object: JsonObject = {
    apiVersion: 'policy.karmada.io/v1alpha1',
    kind,
    metadata: {
      name,
      ...(isWide || item.namespaceAssumed ? {} : { namespace: item.namespace }),
    },
    spec: {
      resourceSelectors: withSources(snapshot, template, policy).map((each) =>
        selectorFor(each, policy),
      ),
      placement: {},
    },
  };
  const edit = newDocument(item.file, object);
  return edit ? [{ title: `Make a ${kind} for it`, edits: [edit] }] : [];
}

function freeName({ items }: Snapshot, kind: string, { namespace, name }: Item): string {
  const taken = new Set(
    items
      .filter((item) => item.kind === kind && item.namespace === namespace)
      .map((item) => item.name),
  );
  let free = name;
  for (let n = 2; taken.has(free); n++) free = `${name}-${n}`;
  return free;
}
