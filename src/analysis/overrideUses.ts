import { arrayMember } from '../engine/index.ts';
import type { StoredPolicy } from '../engine/index.ts';
import { isSimulated } from './findings/perTemplate.ts';
import type { Simulated } from './findings/perTemplate.ts';
import type { Item, Snapshot } from './snapshot.ts';

/** An override policy that the control plane holds, and what it selects. */
export interface OverrideUse {
  readonly item: Item;
  readonly policy: StoredPolicy;
  /** The templates that a propagation policy claims, in the order of documents. */
  readonly templates: readonly Simulated[];
}

const known = new WeakMap<Snapshot, readonly OverrideUse[]>();

/** Every override policy of a snapshot, in the order of the control plane. Worked out once a snapshot. */
export function overrideUses(snapshot: Snapshot): readonly OverrideUse[] {
  const answered = known.get(snapshot);
  if (answered) return answered;
  const selected = new Map<StoredPolicy, Simulated[]>();
  for (const template of snapshot.templates.values()) {
    if (!isSimulated(template)) continue;
    for (const policy of template.simulation.overrides ?? []) {
      if (!selects(policy, template)) continue;
      const list = selected.get(policy);
      if (list) list.push(template);
      else selected.set(policy, [template]);
    }
  }
  const uses = snapshot.run.controlPlane.policies.flatMap((policy): OverrideUse[] => {
    const item = snapshot.itemOf.get(policy.source);
    const templates = selected.get(policy) ?? [];
    return item?.role === 'override' ? [{ item, policy, templates }] : [];
  });
  known.set(snapshot, uses);
  return uses;
}

/**
 * Whether a policy that may touch a template does select it. What a ClusterOverridePolicy makes of a template can be
 * in another namespace or have other labels, so that there the result is asked, too.
 */
function selects(policy: StoredPolicy, { item, simulation }: Simulated): boolean {
  const { kind, namespace, name, spec, matches } = policy;
  if (kind === 'ClusterOverridePolicy') return true;
  const isInPlace =
    namespace === item.namespace &&
    (arrayMember(spec, 'resourceSelectors').length === 0 ||
      (simulation.claimed !== undefined && matches(simulation.claimed) > 0));
  return (
    isInPlace ||
    simulation.outcome.variants.some(({ overrides }) => overrides?.includes(name) ?? false)
  );
}
