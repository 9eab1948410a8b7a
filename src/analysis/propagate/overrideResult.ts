import { deepEqual } from '../../engine/index.ts';
import type { JsonObject, Outcome, Simulation, Variant } from '../../engine/index.ts';
import { displayedObject, memberSide } from '../displayManifest.ts';
import type { Snapshot } from '../snapshot.ts';
import { withMaps } from './overrideEdits.ts';

/** The clusters that an override is about and what each of them is to get. */
export interface Wanted {
  /** Key of the template. */
  readonly template: string;
  readonly manifests: ReadonlyMap<string, JsonObject>;
}

/** The simulation of a template, whether a document has to do with it or not. */
export function simulationOf(snapshot: Snapshot, key: string): Simulation | undefined {
  return snapshot.run.simulations.find((simulation) => simulation.key === key);
}

const byCluster = new WeakMap<Outcome, ReadonlyMap<string, Variant>>();

/** What a cluster gets of a template, its failure included; `undefined` for nothing. */
export function variantOn({ outcome }: Simulation, cluster: string): Variant | undefined {
  let found = byCluster.get(outcome);
  if (!found) {
    const variants = outcome.variants.toReversed();
    found = new Map(variants.flatMap((one) => one.clusters.map((name) => [name, one] as const)));
    byCluster.set(outcome, found);
  }
  return found.get(cluster);
}

/** A manifest as its preview shows it, which is what users edit. */
export function shownManifest({ template }: Simulation, manifest: JsonObject): JsonObject {
  return displayedObject(manifest, { other: template, side: 'after', bookkeeping: false });
}

/** Whether every cluster meant gets just what it is to get, and nothing else has changed anywhere. */
export function isAsWanted(before: Snapshot, after: Snapshot, wanted: Wanted): boolean {
  const now = new Map(after.run.simulations.map((simulation) => [simulation.key, simulation]));
  return (
    before.run.simulations.length === now.size &&
    before.run.simulations.every((simulation) => {
      const next = now.get(simulation.key);
      if (!next) return false;
      if (simulation.key !== wanted.template) return isSame(simulation, next, new Map());
      return isSame(simulation, next, wanted.manifests) && has(next, wanted.manifests);
    })
  );
}

function has(simulation: Simulation, manifests: Wanted['manifests']): boolean {
  return [...manifests].every(([cluster, wanted]) => {
    const manifest = variantOn(simulation, cluster)?.manifest;
    return (
      manifest !== undefined && deepEqual(withMaps(shownManifest(simulation, manifest)), wanted)
    );
  });
}

/** Whether two outcomes are the same on all clusters but some. */
function isSame(a: Simulation, b: Simulation, but: ReadonlyMap<string, unknown>): boolean {
  if (a === b || a.outcome === b.outcome) return true;
  const { variants, ...rest } = a.outcome;
  const { variants: others, ...otherRest } = b.outcome;
  if (rest.policy !== otherRest.policy || rest.error !== otherRest.error) return false;
  const clusters = variants.flatMap((variant) => variant.clusters);
  if (clusters.length !== others.flatMap((variant) => variant.clusters).length) return false;
  const equal = new Map<Variant, Map<Variant, boolean>>();
  return clusters.every((cluster) => {
    if (but.has(cluster)) return true;
    const [left, right] = [variantOn(a, cluster), variantOn(b, cluster)];
    if (!left || !right) return left === right;
    const known = equal.get(left) ?? new Map<Variant, boolean>();
    equal.set(left, known);
    const answer = known.get(right) ?? isSameResult(left, right);
    known.set(right, answer);
    return answer;
  });
}

function isSameResult(a: Variant, b: Variant): boolean {
  if (a.error !== b.error) return false;
  if (a.manifest === b.manifest) return true;
  return (
    a.manifest !== undefined &&
    b.manifest !== undefined &&
    deepEqual(memberSide(a.manifest), memberSide(b.manifest))
  );
}
