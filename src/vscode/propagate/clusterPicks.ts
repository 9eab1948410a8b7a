import type { ClusterChoice, PickedClusters } from '../../analysis/index.ts';
import { sortNaturally } from '../../analysis/index.ts';

/** What clusters can be chosen by beside their names. */
export type Trait = 'label' | 'region' | 'provider';

/** One value that clusters have. */
export interface TraitValue {
  /** Absent for a field. */
  readonly key?: string;
  readonly value: string;
  readonly clusters: readonly string[];
}

/** Every value of a trait among some clusters, by name. */
export function traitValues(
  choices: readonly ClusterChoice[],
  trait: Trait,
): readonly TraitValue[] {
  const found = new Map<string, { key?: string; value: string; clusters: string[] }>();
  for (const choice of choices) {
    for (const pair of pairsOf(choice, trait)) {
      const name = nameOf(pair);
      const known = found.get(name) ?? { ...pair, clusters: [] };
      found.set(name, known);
      known.clusters.push(choice.name);
    }
  }
  return sortNaturally(found.values(), nameOf);
}

/** `env=prod`, or the value of a field. */
export function nameOf({ key, value }: Pick<TraitValue, 'key' | 'value'>): string {
  return key === undefined ? value : `${key}=${value}`;
}

/** The clusters that values mean: all labels together, or any of a field's values. */
export function clustersWith(trait: Trait, values: readonly TraitValue[]): readonly string[] {
  const [first, ...others] = values;
  if (!first) return [];
  if (trait !== 'label') return [...new Set(values.flatMap(({ clusters }) => clusters))];
  return first.clusters.filter((name) => others.every(({ clusters }) => clusters.includes(name)));
}

/** The request that means them and later clusters with the same. */
export function pickedBy(trait: Trait, values: readonly TraitValue[]): PickedClusters {
  if (trait === 'label') {
    const matchLabels = Object.fromEntries(values.map(({ key = '', value }) => [key, value]));
    return { type: 'labels', matchLabels };
  }
  return { type: 'fields', field: trait, values: values.map(({ value }) => value) };
}

function pairsOf(
  { labels, region, provider }: ClusterChoice,
  trait: Trait,
): readonly Pick<TraitValue, 'key' | 'value'>[] {
  if (trait === 'label') return Object.entries(labels).map(([key, value]) => ({ key, value }));
  const value = trait === 'region' ? region : provider;
  return value === '' ? [] : [{ value }];
}
