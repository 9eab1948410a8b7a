import type { LiveState } from '../../analysis/index.ts';
import type { Variant } from '../../engine/index.ts';
import type { Effect } from '../types.ts';

type Notes = NonNullable<Effect['leftNotes']>;

const sides = ['clusterOverrides', 'overrides'] as const;
const none: ReadonlyMap<string, Notes> = new Map();

/**
 * Which overrides a new Work of a template stays noted with, by cluster, although they do not apply in the end: those of
 * a state in the middle. Karmada adds to the annotations of a Work and takes none away (`CreateOrUpdateWork` of
 * `pkg/controllers/ctrlutil/work.go`, `RecordAppliedOverrides` of `pkg/controllers/binding/common.go`). Looked for when
 * it is asked for first: few pushes make new Works.
 */
export function leftNotes(
  states: readonly LiveState[],
  key: string,
): (cluster: string) => Notes | undefined {
  let found: ReadonlyMap<string, Notes> | undefined;
  return (cluster) => (found ??= notesOf(states, key)).get(cluster);
}

function notesOf(states: readonly LiveState[], key: string): ReadonlyMap<string, Notes> {
  const deliveries = states.slice(1).map((state) => state.deliveries.get(key));
  const last = deliveries.at(-1);
  if (!deliveries.some((one) => one !== last && one?.variants.some(isOverridden))) return none;
  let noted = new Map<string, Notes>();
  for (const [i, delivery] of deliveries.entries()) {
    // What is noted already is not noted again.
    if (i > 0 && delivery === deliveries[i - 1]) continue;
    const before = noted;
    noted = new Map();
    for (const variant of delivery?.variants ?? []) {
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
