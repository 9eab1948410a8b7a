import type { Delivery, LiveState } from '../../analysis/index.ts';
import type { JsonObject } from '../../engine/index.ts';
import type { PushGround, WorkState } from '../types.ts';
import { contentsOf } from './between.ts';
import type { Passing } from './between.ts';
import { isSuspendedOn } from './holds.ts';
import { workGroups } from './workGroups.ts';

/**
 * What clusters get for a moment although they are to have it no more: a write takes them off a template and ends the
 * suspension that holds their Works. Karmada's detector writes the suspension into the binding at once, and the clusters
 * leave it when the scheduler has answered; in between the binding controller sends what was held
 * (`pkg/detector/policy.go`, `ensureWork` of `pkg/controllers/binding/common.go`).
 */
export function releasedOn(
  { works }: PushGround,
  states: readonly LiveState[],
): readonly Passing[] {
  const [first] = states;
  return states.flatMap((state, i) => {
    const before = states[i - 1];
    if (!before || !first) return [];
    return [...state.deliveries.values()].flatMap((delivery): readonly Passing[] => {
      const { key, policy } = delivery;
      const last = before.deliveries.get(key);
      if (last === delivery || !policy) return [];
      const held = works.get(key);
      const isHeld = holdsIn(held, first.deliveries.get(key), last);
      const freed = leftClusters(key, before, state).filter(
        (cluster) => isHeld(cluster) && !isSuspendedOn(policy.spec, [cluster]),
      );
      const sent = freed.flatMap((cluster) => {
        const manifest = contentFor(cluster, delivery, last) ?? held?.get(cluster)?.manifest;
        return manifest ? [[cluster, { manifest }] as const] : [];
      });
      return workGroups(sent).map((one) => ({ key, ...one, policy }));
    });
  });
}

/** Tells whether the Work for a cluster is held before a write: as it was read, or as the policy that sends it by then says. */
function holdsIn(
  works: ReadonlyMap<string, WorkState> | undefined,
  first: Delivery | undefined,
  last: Delivery | undefined,
): (cluster: string) => boolean {
  const isAsRead = last?.policy?.object === first?.policy?.object;
  return (cluster) => {
    const work = isAsRead ? works?.get(cluster) : undefined;
    return work ? work.isHeld : isSuspendedOn(last?.policy?.spec, [cluster]);
  };
}

/** Clusters that a binding has before a write and not after it. */
export function leftClusters(key: string, before: LiveState, state: LiveState): readonly string[] {
  const now = new Set(state.plane.previous.get(key)?.clusters.map(({ name }) => name));
  const then = before.plane.previous.get(key)?.clusters ?? [];
  return then.flatMap(({ name }) => (now.has(name) ? [] : [name]));
}

/** What a Work is made to hold before the scheduler has answered. */
function contentFor(
  cluster: string,
  { through }: Delivery,
  last: Delivery | undefined,
): JsonObject | undefined {
  const variant = through?.find(({ clusters }) => clusters.includes(cluster));
  if (variant) return variant.manifest;
  const content = contentsOf(last).get(cluster);
  return content === 'fails' ? undefined : content;
}
