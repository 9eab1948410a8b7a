import type { OverrideEntry } from '../../../engine/index.ts';
import { entryPath, itemOfEntry } from '../../effects.ts';
import { naturalOrder } from '../../naturalOrder.ts';
import { listClusters } from '../../previewText.ts';
import type { Item, Snapshot, Template } from '../../snapshot.ts';
import type { Code } from '../codes.ts';
import type { Finding, Place } from '../finding.ts';
import { nameTemplates } from '../templateNames.ts';
import { entryPlace } from './entryPlace.ts';

/** What an override entry does to one template on some clusters. */
export interface EntryFact {
  readonly entry: OverrideEntry;
  readonly template: Template;
  readonly clusters: readonly string[];
  /** What distinguishes it from other facts about the entry; those that say the same make one finding. */
  readonly about: string;
}

/** Facts that say the same of one entry. */
export interface FactGroup<F extends EntryFact> {
  readonly first: F;
  readonly item: Item;
  /** `HelmRelease apps/podinfo and 3 more` */
  readonly templates: string;
  /** `member1, member2 and 10 more` */
  readonly clusters: string;
}

/** One finding for each entry and thing to say about it, however many templates and clusters it is on. */
export function findingsOfFacts<F extends EntryFact>(
  snapshot: Snapshot,
  facts: readonly F[],
  code: Code,
  say: (group: FactGroup<F>) => Pick<Finding, 'message' | 'severity' | 'related'>,
): readonly Finding[] {
  return [...groupFacts(facts).values()].flatMap(([first, ...more]): Finding[] => {
    const item = first && itemOfEntry(snapshot, first.entry);
    if (!item) return [];
    const group = [first, ...more];
    const clusters = [...new Set(group.flatMap((fact) => fact.clusters))].sort(naturalOrder);
    const templates = [...new Set(group.map(({ template }) => template))];
    const said = say({
      first,
      item,
      templates: nameTemplates(templates),
      clusters: listClusters(clusters),
    });
    return [{ code, ...placeOfEntry(item, first.entry), ...said }];
  });
}

function groupFacts<F extends EntryFact>(facts: readonly F[]): ReadonlyMap<string, readonly F[]> {
  const groups = new Map<string, F[]>();
  const numbers = new Map<OverrideEntry, number>();
  for (const fact of facts) {
    const number = numbers.get(fact.entry) ?? numbers.size;
    numbers.set(fact.entry, number);
    const key = `${number} ${fact.about}`;
    const group = groups.get(key);
    if (group) group.push(fact);
    else groups.set(key, [fact]);
  }
  return groups;
}

/** Where a finding about an entry stands. */
export function placeOfEntry(item: Item, entry: OverrideEntry): Place {
  const { path, on } = entryPlace(item.source, entryPath(entry));
  return { item, path, on };
}
