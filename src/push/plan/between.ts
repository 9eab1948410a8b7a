import type { Delivery, LiveState } from '../../analysis/index.ts';
import type { JsonObject } from '../../engine/index.ts';
import type { PushGround } from '../types.ts';
import { manifestText } from './manifest.ts';

/** What clusters would see of a template that is neither what they had nor what they are to have. */
export interface Passing {
  readonly key: string;
  readonly clusters: readonly string[];
  /** Absent where the object would be gone for a while. */
  readonly manifest?: JsonObject;
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

type Ends = readonly [first: Delivery | undefined, last: Delivery | undefined];

function passingOf(
  key: string,
  delivery: Delivery | undefined,
  ends: Ends,
  works: ReadonlyMap<string, { readonly manifest: JsonObject }> | undefined,
): readonly Passing[] {
  if (ends.includes(delivery)) return [];
  const [old, now] = [contentsOf(ends[0]), contentsOf(ends[1])];
  const groups = new Map<string, { clusters: string[]; manifest?: JsonObject }>();
  const add = (cluster: string, manifest?: JsonObject): void => {
    const id = manifest ? manifestText(manifest) : '';
    const group = groups.get(id);
    if (group) group.clusters.push(cluster);
    else groups.set(id, { clusters: [cluster], ...(manifest ? { manifest } : {}) });
  };
  const seen = contentsOf(delivery);
  for (const [cluster, content] of seen) {
    if (content === 'fails') continue;
    const work = works?.get(cluster)?.manifest;
    const isKnown = [old.get(cluster), now.get(cluster), work].some(
      (end) => end && end !== 'fails' && manifestText(end) === manifestText(content),
    );
    if (!isKnown) add(cluster, content);
  }
  for (const [cluster] of old) if (now.has(cluster) && !seen.has(cluster)) add(cluster);
  return [...groups.values()].map((group) => ({ key, ...group }));
}

type Contents = ReadonlyMap<string, JsonObject | 'fails'>;
const contents = new WeakMap<Delivery, Contents>();
const nothing: Contents = new Map();

/** What each cluster gets of a template. */
export function contentsOf(delivery: Delivery | undefined): Contents {
  if (!delivery) return nothing;
  let found = contents.get(delivery);
  if (!found) {
    const entries = delivery.variants.flatMap(({ clusters, manifest }) =>
      clusters.map((cluster) => [cluster, manifest ?? 'fails'] as const),
    );
    contents.set(delivery, (found = new Map(entries)));
  }
  return found;
}
