import type { Simulation, Variant } from '../../engine/index.ts';
import type { Snapshot } from '../snapshot.ts';
import { overrideDifference } from './overrideDifference.ts';
import { shownManifest, variantOn } from './overrideResult.ts';
import { entriesText } from './overrideText.ts';
import { reachOf, templateOf } from './reach.ts';

const nothing: ReadonlyMap<string, string> = new Map();
const known = new WeakMap<Simulation, WeakMap<Simulation, ReadonlyMap<string, string>>>();

/** What changes in what clusters get of a template that stays there, a sentence by cluster; Karmada's own bookkeeping aside. */
export function changedManifests(
  before: Snapshot,
  after: Snapshot,
  key: string,
): ReadonlyMap<string, string> {
  const [then, now] = [templateOf(before, key), templateOf(after, key)];
  const [old, next] = [then?.simulation, now?.simulation];
  if (!old || !next || old.outcome === next.outcome) return nothing;
  const answers = known.get(old) ?? new WeakMap<Simulation, ReadonlyMap<string, string>>();
  known.set(old, answers);
  let found = answers.get(next);
  if (!found) {
    const has = reachOf(after, now);
    const clusters = [...reachOf(before, then)].filter((name) => has.has(name));
    answers.set(next, (found = findChanges(old, next, clusters)));
  }
  return found;
}

function findChanges(
  old: Simulation,
  next: Simulation,
  clusters: readonly string[],
): ReadonlyMap<string, string> {
  const texts = new Map<Variant, Map<Variant, string>>();
  const changed = new Map<string, string>();
  for (const cluster of clusters) {
    const [then, now] = [variantOn(old, cluster), variantOn(next, cluster)];
    if (!then || !now) continue;
    const byNow = texts.get(then) ?? new Map<Variant, string>();
    texts.set(then, byNow);
    const text = byNow.get(now) ?? changeText(old, then, next, now);
    byNow.set(now, text);
    if (text !== '') changed.set(cluster, text);
  }
  return changed;
}

function changeText(old: Simulation, then: Variant, next: Simulation, now: Variant): string {
  if (!then.manifest || !now.manifest || then.manifest === now.manifest) return '';
  const entries = overrideDifference(
    shownManifest(old, then.manifest),
    shownManifest(next, now.manifest),
  );
  if (!entries) return 'It becomes another object.';
  return entries.length === 0 ? '' : entriesText(next, entries);
}
