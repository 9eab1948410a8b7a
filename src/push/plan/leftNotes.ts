import type { LiveState } from '../../analysis/index.ts';
import type { Variant } from '../../engine/index.ts';
import type { Effect } from '../types.ts';

type Notes = NonNullable<Effect['leftNotes']>;

const sides = ['clusterOverrides', 'overrides'] as const;
const none: ReadonlyMap<string, Notes> = new Map();

/**
 * Which overrides a new Work of a template stays noted with, by cluster, although they do not apply in the end: those of
 * a state in the middle. Karmada adds to the annotations of a Work and takes none away (`CreateOrUpdateWork` of
 * `pkg/controllers/ctrlutil/work.go`, `RecordAppliedOverrides` of `pkg/controllers/binding/common.go`).
 */
export function leftNotes(states: readonly LiveState[], key: string): ReadonlyMap<string, Notes> {
  const last = states.at(-1)?.deliveries.get(key);
  const middle = states.slice(1).flatMap(({ deliveries }) => deliveries.get(key) ?? []);
  if (!middle.some((one) => one !== last && one.variants.some(isOverridden))) return none;
  let noted = new Map<string, Notes>();
  for (const state of states.slice(1)) {
    const before = noted;
    noted = new Map();
    for (const variant of state.deliveries.get(key)?.variants ?? []) {
      for (const cluster of variant.clusters)
        noted.set(cluster, after(before.get(cluster), variant));
    }
  }
  const now = new Map<string, Variant>();
  for (const one of last?.variants ?? []) for (const cluster of one.clusters) now.set(cluster, one);
  const left = [...noted].map(
    ([cluster, notes]) => [cluster, without(notes, now.get(cluster))] as const,
  );
  return new Map(left.filter(([, notes]) => sides.some((side) => notes[side])));
}

function isOverridden({ clusterOverrides, overrides }: Variant): boolean {
  return clusterOverrides !== undefined || overrides !== undefined;
}

/** Only what is applied replaces a note. */
function after(before: Notes = {}, { error, clusterOverrides, overrides }: Variant): Notes {
  if (error !== undefined) return before;
  return {
    ...before,
    ...(clusterOverrides ? { clusterOverrides } : {}),
    ...(overrides ? { overrides } : {}),
  };
}

/** What a variant does not say itself. */
function without({ clusterOverrides, overrides }: Notes, variant: Variant | undefined): Notes {
  return {
    ...(clusterOverrides && !variant?.clusterOverrides ? { clusterOverrides } : {}),
    ...(overrides && !variant?.overrides ? { overrides } : {}),
  };
}
