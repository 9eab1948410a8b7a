import { arrayMember, stringMember } from '../../engine/index.ts';
import type { JsonObject } from '../../engine/index.ts';
import { listName } from '../listName.ts';
import type { Item, Template } from '../snapshot.ts';
import type { ItemChange } from './changes.ts';

/** The selector that means exactly one template, in the version that the detector sees. */
export function selectorFor({ item, simulation }: Template, policy: Item): JsonObject {
  const apiVersion = simulation ? stringMember(simulation.template, 'apiVersion') : item.apiVersion;
  const isWide = policy.kind.startsWith('Cluster') && item.namespace !== '';
  return {
    apiVersion,
    kind: item.kind,
    ...(isWide ? { namespace: item.namespace } : {}),
    name: item.name,
  };
}

/** Whether a policy can select a template at all. */
export function canSelect(policy: Item, { item }: Template): boolean {
  return policy.kind.startsWith('Cluster') || policy.namespace === item.namespace;
}

/** Adds templates to the selectors of a policy, behind those that it has. */
export function selectMore(policy: Item, templates: readonly Template[]): readonly ItemChange[] {
  const count = arrayMember(policy.source['spec'] ?? null, 'resourceSelectors').length;
  return templates.map((template, i) => ({
    item: policy,
    change: {
      type: 'insert',
      path: ['spec', 'resourceSelectors', count + i],
      value: selectorFor(template, policy),
    },
  }));
}

/** What a policy is called in the title of a fix. */
export function policyName({ kind, namespace, name }: Item): string {
  return listName(kind, namespace, name);
}
