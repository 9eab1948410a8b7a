import type { Delivery, LiveState } from '../../analysis/index.ts';
import type { JsonObject, StoredPolicy, Variant } from '../../engine/index.ts';
import type { PushGround } from '../types.ts';
import { isSameText } from './manifest.ts';
import { workGroups } from './workGroups.ts';

/** What clusters would see of a template that is neither what they had nor what they are to have. */
export interface Passing {
  readonly key: string;
  readonly clusters: readonly string[];
  /** Absent where the object would be gone for a while. */
  readonly manifest?: JsonObject;
  /** The policy that claims it then. */
  readonly policy?: StoredPolicy;
  /** Where Karmada gets to it, it is not for a moment. */
  readonly mayStay?: true;
}

/** Finds what is neither before nor after in a state in the middle. Answers are kept by delivery. */
export type PassingTest = (state: LiveState) => readonly Passing[];

/**
 * Makes a test of states on the way from one to another. What the Works hold now counts as before, too: Karmada may
 * not be done with an earlier change.
 */
export function passingTest(
  works: PushGround['works'],
  first: LiveState,
  last: LiveState,
): PassingTest {
  const known = new WeakMap<Delivery, readonly Passing[]>();
  const gone = new Map<string, readonly Passing[]>();
  const keys = [...new Set([...first.deliveries.keys(), ...last.deliveries.keys()])];
  const test = (key: string, delivery: Delivery | undefined): readonly Passing[] =>
    passingOf(key, delivery, [first.deliveries.get(key), last.deliveries.get(key)], works.get(key));
  return (state) => {
    const others = [...state.deliveries.keys()].filter(
      (key) => !first.deliveries.has(key) && !last.deliveries.has(key),
    );
    return [...keys, ...others].flatMap((key) => {
      const delivery = state.deliveries.get(key);
      const before = delivery ? known.get(delivery) : gone.get(key);
      if (before) return before;
      const passing = test(key, delivery);
      if (delivery) known.set(delivery, passing);
      else gone.set(key, passing);
      return passing;
    });
  };
}

/**
 * What clusters get on the way while Karmada's scheduler has not answered yet, and that is neither before nor after: the
 * binding has the new template on the old clusters, with the old numbers of replicas. Also what Karmada may send on the
 * way because it tries again what failed before.
 */
export function passingThrough(
  works: PushGround['works'],
  states: readonly LiveState[],
): readonly Passing[] {
  const deliveries = new Set(states.flatMap((state) => [...state.deliveries.values()]));
  return [...deliveries].flatMap(({ key, policy, through = [], later = [] }) => {
    const last = states.at(-1)?.deliveries.get(key);
    const ends = [states[0]?.deliveries.get(key), last] as const;
    const owner = policy ? { policy } : {};
    // What nothing claims in the end stays as Karmada has sent it.
    const staying = last && !last.policy ? { mayStay: true as const } : {};
    const strange = (on: readonly Variant[]) =>
      on.length === 0 ? [] : strangers(contentsIn(on), ends, works.get(key));
    return [
      ...strange(through).map((one) => ({ key, ...one, ...owner })),
      ...strange(later).map((one) => ({ key, ...one, ...owner, ...staying })),
    ];
  });
}

type Ends = readonly [first: Delivery | undefined, last: Delivery | undefined];
type HeldManifests = ReadonlyMap<string, { readonly manifest: JsonObject }> | undefined;

function passingOf(
  key: string,
  delivery: Delivery | undefined,
  ends: Ends,
  works: HeldManifests,
): readonly Passing[] {
  // Nothing can be strange or gone in between where all is as at one end.
  if (ends.some((end) => end === delivery || (end && end.variants === delivery?.variants)))
    return [];
  const [old, now] = [contentsOf(ends[0]), contentsOf(ends[1])];
  const seen = contentsOf(delivery);
  const gone = [...old.keys()].filter((cluster) => now.has(cluster) && !seen.has(cluster));
  const owner = delivery?.policy ? { policy: delivery.policy } : {};
  return [
    ...strangers(seen, ends, works).map((one) => ({ key, ...one, ...owner })),
    ...(gone.length > 0 ? [{ key, clusters: gone, ...owner }] : []),
  ];
}

/** What clusters get that they neither had nor will have, each manifest once. */
function strangers(
  seen: Contents,
  [first, last]: Ends,
  works: HeldManifests,
): readonly Required<Pick<Passing, 'clusters' | 'manifest'>>[] {
  const [old, now, later] = [contentsOf(first), contentsOf(last), contentsIn(last?.later ?? none)];
  const strange = [...seen].flatMap(([cluster, content]) => {
    if (content === 'fails') return [];
    const ends = [old, now, later].map((end) => end.get(cluster));
    const isKnown = [...ends, works?.get(cluster)?.manifest].some(
      (end) => end && end !== 'fails' && isSameText(end, content),
    );
    return isKnown ? [] : [[cluster, { manifest: content }] as const];
  });
  return workGroups(strange);
}

const none: readonly Variant[] = [];
type Contents = ReadonlyMap<string, JsonObject | 'fails'>;
const contents = new WeakMap<readonly Variant[], Contents>();
const nothing: Contents = new Map();

/** What each cluster gets of a template. */
export function contentsOf(delivery: Delivery | undefined): Contents {
  return delivery ? contentsIn(delivery.variants) : nothing;
}

function contentsIn(variants: readonly Variant[]): Contents {
  const known = contents.get(variants);
  if (known) return known;
  const found = new Map<string, JsonObject | 'fails'>();
  for (const { clusters, manifest } of variants) {
    for (const cluster of clusters) found.set(cluster, manifest ?? 'fails');
  }
  contents.set(variants, found);
  return found;
}
