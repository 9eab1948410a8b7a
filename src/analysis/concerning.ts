import type { JsonObject, Simulation, StoredPolicy } from '../engine/index.ts';
import { effectsOn } from './effects.ts';
import { listName } from './listName.ts';
import type { Item, Snapshot, Template } from './snapshot.ts';

/** The templates of a snapshot by what concerns them, each list in the order of documents. */
interface Concerns {
  readonly byItem: ReadonlyMap<Item, readonly Template[]>;
  /** By the stored propagation policy that claims them, or waits to. */
  readonly byPolicy: ReadonlyMap<JsonObject, readonly Template[]>;
  /** By kind and name of the override policy that does or tries something to them. */
  readonly byOverride: ReadonlyMap<string, readonly Template[]>;
}

const known = new WeakMap<Snapshot, Concerns>();
const nothing: readonly never[] = [];

/** The templates that an item of a document concerns: itself, what it claims, or what it overrides. */
export function concerning(snapshot: Snapshot, item: Item): readonly Template[] {
  let concerns = known.get(snapshot);
  if (!concerns) known.set(snapshot, (concerns = concernsIn(snapshot)));
  switch (item.role) {
    case 'cluster':
      return nothing;
    case 'template':
      return concerns.byItem.get(item) ?? nothing;
    case 'propagation':
      return (item.stored && concerns.byPolicy.get(item.stored)) ?? nothing;
    case 'override':
      return concerns.byOverride.get(overrideName(item)) ?? nothing;
  }
}

/** What tells one override policy from another. */
export function overrideName(policy: {
  readonly kind: string;
  readonly namespace?: string;
  readonly name: string;
}): string {
  return listName(policy.kind, policy.namespace ?? '', policy.name);
}

function concernsIn(snapshot: Snapshot): Concerns {
  const byItem = new Map<Item, Template[]>();
  const byPolicy = new Map<JsonObject, Template[]>();
  const byOverride = new Map<string, Template[]>();
  for (const template of snapshot.templates.values()) {
    const { item, simulation } = template;
    put(byItem, item, template);
    if (!simulation) continue;
    const { claim } = simulation;
    if ('policy' in claim) put(byPolicy, claim.policy.source, template);
    for (const name of overridesOf(snapshot, template, simulation)) put(byOverride, name, template);
  }
  return { byItem, byPolicy, byOverride };
}

function put<K>(map: Map<K, Template[]>, key: K, template: Template): void {
  const list = map.get(key);
  if (list) list.push(template);
  else map.set(key, [template]);
}

const overrides = new WeakMap<Simulation, ReadonlySet<string>>();

/** The override policies that do or try something to a template, by name. Worked out once a simulation. */
function overridesOf(
  snapshot: Snapshot,
  template: Template,
  simulation: Simulation,
): ReadonlySet<string> {
  let names = overrides.get(simulation);
  if (!names) {
    const { variants } = simulation.outcome;
    const isFailing = variants.some(({ error }) => error !== undefined);
    const tried = isFailing ? effectsOn(snapshot, template).map(({ policy }) => policy) : nothing;
    names = new Set([...appliedTo(template, simulation), ...tried].map(overrideName));
    overrides.set(simulation, names);
  }
  return names;
}

/**
 * The policies behind the names in an outcome. Of two OverridePolicies of one name that in the template's namespace is
 * meant; only a ClusterOverridePolicy that moves a template lets one of another namespace touch it.
 */
function appliedTo({ item }: Template, simulation: Simulation): readonly StoredPolicy[] {
  const { variants } = simulation.outcome;
  const namespaced = new Set(variants.flatMap((variant) => variant.overrides ?? nothing));
  const clusterWide = new Set(variants.flatMap((variant) => variant.clusterOverrides ?? nothing));
  const named = (simulation.overrides ?? nothing).filter(({ kind, name }) =>
    (kind === 'OverridePolicy' ? namespaced : clusterWide).has(name),
  );
  const own = new Set(
    named.filter(({ namespace }) => namespace === item.namespace).map(({ name }) => name),
  );
  return named.filter(
    ({ kind, namespace, name }) =>
      kind !== 'OverridePolicy' || namespace === item.namespace || !own.has(name),
  );
}
