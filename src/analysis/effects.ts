import { overrideEffects, provenance } from '../engine/index.ts';
import type { EntryEffects, OverrideEntry, ProvenanceChange, Simulation } from '../engine/index.ts';
import { listName } from './listName.ts';
import type { Item, Snapshot, Template } from './snapshot.ts';

const known = new WeakMap<Simulation, readonly EntryEffects[]>();
const none: readonly never[] = [];

/** What every override entry that concerns a template does, cluster by cluster. Worked out once a simulation. */
export function effectsOn(snapshot: Snapshot, { simulation }: Template): readonly EntryEffects[] {
  if (!simulation?.claimed) return none;
  const answered = known.get(simulation);
  if (answered) return answered;
  const { clusterObjects, overrides } = snapshot.run.controlPlane;
  const { claimed, outcome, prepared } = simulation;
  const effects = overrideEffects(claimed, clusterObjects, overrides, {
    variants: outcome.variants,
    ...(prepared ? { prepared } : {}),
  });
  known.set(simulation, effects);
  return effects;
}

/** Which entry set each changed value of what one cluster gets. */
export function changesOn(
  snapshot: Snapshot,
  { simulation }: Template,
  cluster: string,
): readonly ProvenanceChange[] {
  const { clusterObjects, clusters, overrides } = snapshot.run.controlPlane;
  const object = clusterObjects[clusters.findIndex(({ name }) => name === cluster)];
  if (!simulation?.claimed || !object) return none;
  const start = simulation.prepared?.get(cluster) ?? simulation.claimed;
  return provenance(start, object, overrides);
}

const overrideItems = new WeakMap<Snapshot, ReadonlyMap<string, Item>>();

/** The item of the policy that an entry belongs to. */
export function itemOfEntry(snapshot: Snapshot, { policy }: OverrideEntry): Item | undefined {
  let items = overrideItems.get(snapshot);
  if (!items) {
    const named = snapshot.objects.flatMap((item) =>
      item.role === 'override' && item.stored
        ? [[listName(item.kind, item.namespace, item.name), item] as const]
        : [],
    );
    // Of two policies of one name the last counts, as on the control plane.
    items = new Map(named);
    overrideItems.set(snapshot, items);
  }
  return items.get(listName(policy.kind, policy.namespace ?? '', policy.name));
}

/** From the root of a policy to one of its override entries. */
export function entryPath({ rule, overrider, item }: OverrideEntry): readonly (string | number)[] {
  const rules = rule < 0 ? [] : ['overrideRules', rule];
  return ['spec', ...rules, 'overriders', overrider, item];
}

/** `OverridePolicy default/podinfo, rule 1, plaintext 2`, counted from one as people do. */
export function entryName({ policy, rule, overrider, item }: OverrideEntry): string {
  const name = listName(policy.kind, policy.namespace ?? '', policy.name);
  const place = rule < 0 ? '' : `, rule ${rule + 1}`;
  return `${name}${place}, ${overrider} ${item + 1}`;
}
