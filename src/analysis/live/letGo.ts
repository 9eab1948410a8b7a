import {
  compileResourceSelectors,
  deepEqual,
  existingClaim,
  member,
  withoutClaim,
} from '../../engine/index.ts';
import type { JsonObject } from '../../engine/index.ts';
import type { Item } from '../item.ts';

/** A propagation policy of the documents and the live one whose place it takes. */
export interface Rewritten {
  readonly draft: Item;
  readonly twin: Item;
}

/** Gives templates as Karmada leaves them once policies are rewritten; most as they are. */
export type LetGo = (item: Item) => Item;

/**
 * Remembers what it makes. A policy that is written takes its claim off whatever it no longer selects, which others may
 * claim then (`pkg/detector/detector.go`); one that its own labels have taken from its policy keeps the claim
 * (`pkg/detector/policy.go`).
 */
export function createLetGo(): (rewritten: readonly Rewritten[]) => LetGo | undefined {
  const matches = new WeakMap<JsonObject, ReturnType<typeof compileResourceSelectors>>();
  const claims = new WeakMap<JsonObject, string>();
  const bare = new WeakMap<Item, Item>();
  const claimantOf = (template: JsonObject): string => {
    let name = claims.get(template);
    if (name === undefined) {
      const claim = existingClaim(template);
      claims.set(template, (name = claim ? nameOf(claim) : ''));
    }
    return name;
  };
  const fits = (policy: JsonObject, template: JsonObject): boolean => {
    let compiled = matches.get(policy);
    if (!compiled) matches.set(policy, (compiled = compileResourceSelectors(selectorsOf(policy))));
    return compiled(template) > 0;
  };
  return (rewritten) => {
    const policies = new Map<string, readonly [before: JsonObject, after: JsonObject]>();
    for (const { draft, twin } of rewritten) {
      const [before, after] = [twin.stored, draft.stored];
      if (!before || !after || deepEqual(selectorsOf(before), selectorsOf(after))) continue;
      policies.set(nameOf(draft), [before, after]);
    }
    if (policies.size === 0) return undefined;
    return (item) => {
      const { role, stored } = item;
      if (role !== 'template' || !stored) return item;
      const policy = policies.get(claimantOf(stored));
      if (!policy) return item;
      const [before, after] = policy;
      if (!fits(before, stored) || fits(after, stored)) return item;
      let free = bare.get(item);
      if (!free) bare.set(item, (free = { ...item, stored: withoutClaim(stored) }));
      return free;
    };
  };
}

function selectorsOf(policy: JsonObject) {
  return member(member(policy, 'spec'), 'resourceSelectors');
}

function nameOf({ kind, namespace, name }: Pick<Item, 'kind' | 'namespace' | 'name'>): string {
  return `${kind}/${namespace}/${name}`;
}
